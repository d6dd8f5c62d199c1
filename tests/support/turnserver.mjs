// The real coturn on a port of the test's own, with a shared secret; stopped by its process id.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server.mjs';
import { eventually } from './waiting.mjs';

const answers = (port, host) =>
  new Promise((done) => {
    const socket = connect(port, host, () => done(true) || socket.destroy());
    socket.on('error', () => done(false));
  });

/** {host, port, secret, output()}; `host` is where it listens and what it relays from. */
export async function turnserver(context, { host, secret }) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'conclave-turn-'));
  writeFileSync(join(folder, 'turn.conf'), '');
  const args = [
    ['-c', join(folder, 'turn.conf')],
    ['-L', host, '-E', host, '-p', String(port)],
    ['--min-port', '20000', '--max-port', '20999', '--realm', 'turn.example'],
    ['--use-auth-secret', `--static-auth-secret=${secret}`, '--no-tls', '--no-dtls', '--no-cli', '--allow-loopback-peers'],
    ['--userdb', join(folder, 'db'), '--pidfile', join(folder, 'pid'), '--log-file', 'stdout', '--simple-log', '-v'],
  ].flat();
  const child = spawn('turnserver', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const closed = once(child, 'close');
  context.after(async () => {
    child.kill('SIGTERM');
    const stubborn = setTimeout(() => child.kill('SIGKILL'), 3000);
    await closed;
    clearTimeout(stubborn);
    rmSync(folder, { recursive: true, force: true });
  });
  await eventually(() => `coturn listens; it said ${output}`, () => answers(port, host));
  return { host, port, secret, output: () => output };
}
