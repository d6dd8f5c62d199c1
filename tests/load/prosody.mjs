// Prosody from Debian as a plain multi-user chat, to be measured beside us. It runs on a loopback port of its own, in a folder of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';

const DOMAIN = 'meet.example';

const configuration = (folder, port) => `
modules_enabled = { "saslauth", "disco", "ping", "websocket" }
modules_disabled = { "s2s", "offline", "posix", "admin_shell", "admin_socket" }
pidfile = "${folder}/prosody.pid"
data_path = "${folder}"
c2s_ports = {}
c2s_direct_tls_ports = {}
storage = "memory"
log = { warn = "*console" }
http_ports = { ${port} }
http_interfaces = { "127.0.0.1" }
https_ports = {}
consider_websocket_secure = true
c2s_require_encryption = false
run_as_root = true
VirtualHost "${DOMAIN}"
  authentication = "anonymous"
Component "conference.${DOMAIN}" "muc"
  muc_room_locking = false
  muc_tombstones = false
`;

export async function startProsody() {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-prosody-'));
  const port = await freePort();
  const file = join(folder, 'prosody.cfg.lua');
  writeFileSync(file, configuration(folder, port));
  const child = spawn('prosody', ['--config', file, '-F'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const url = `ws://127.0.0.1:${port}/xmpp-websocket`;
  await eventually(`an answer of prosody: ${said}`, async () => {
    if (child.exitCode !== null) throw new Error(`prosody ended: ${said}`);
    return fetch(url.replace('ws:', 'http:'), { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
  });
  return {
    pid: child.pid,
    domain: DOMAIN,
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
