// Starts a conclave of the test's own, on free ports and an empty data directory, and sees to it that it ends well: exit 0, no
// sanitizer report, no credential in anything it printed. It is stopped by its process id, never by name.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Issuer } from './token.mjs';
import { within } from './waiting.mjs';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
export const binary = resolve(root, process.env.CONCLAVE_BINARY ?? 'build/dev/conclave');

const SANITIZER = /ERROR: \w+Sanitizer|runtime error:|SUMMARY: \w+Sanitizer/;
const SECRET = 'c0ncl4ve-tests-secret-of-more-than-32-bytes';

/** The settings of access.md 4.10's fixture: tokens of app id `app`, guests may join. */
export function settings(extra = {}) {
  return {
    HTTP_PORT: '0',
    HTTPS_PORT: '0',
    JVB_PORT: '0',
    XMPP_PORT: '0',
    DISABLE_HTTPS: '1',
    XMPP_DOMAIN: 'meet.example',
    CONCLAVE_BIND: '127.0.0.1',
    JVB_ADVERTISE_IPS: '127.0.0.1',
    ENABLE_AUTH: '1',
    ENABLE_GUESTS: '1',
    AUTH_TYPE: 'jwt',
    JWT_APP_ID: 'app',
    JWT_APP_SECRET: SECRET,
    CONCLAVE_ADMIN_TOKEN: 'admin-canary-5b0d8a3f6c1e',
    ...extra,
  };
}

/** Only what a program needs, so that a developer's own settings change no test. */
function environment(env) {
  const kept = Object.fromEntries(['PATH', 'HOME', 'LANG', 'LD_LIBRARY_PATH'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return {
    ...kept,
    TZ: 'UTC',
    ASAN_OPTIONS: 'halt_on_error=1:detect_leaks=1:exitcode=99',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
    ...Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
  };
}

/** Runs `conclave ARGS…` to its end: {code, stdout, stderr}. `input` is its standard input; without one it has none. */
export async function run(args, { env = {}, cwd, timeout = 20000, input } = {}) {
  const folder = cwd ?? mkdtempSync(join(tmpdir(), 'conclave-run-'));
  const child = spawn(binary, args, { env: environment(env), cwd: folder, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  child.stdin?.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  try {
    const [code] = await within(timeout, once(child, 'close'), `end of conclave ${args[0]}`);
    return { code, stdout, stderr };
  } finally {
    if (child.exitCode === null) child.kill('SIGKILL');
    if (!cwd) rmSync(folder, { recursive: true, force: true });
  }
}

export class Server {
  static async start({ env = {}, args = [], issuer, keepData, dataDir } = {}) {
    if (!existsSync(binary)) throw new Error(`there is no ${binary}: build it first, or set CONCLAVE_BINARY`);
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), 'conclave-test-'));
    server.dataDir = dataDir ?? join(server.folder, 'data');
    server.keepData = keepData;
    server.env = settings({ CONCLAVE_DATA: server.dataDir, ...env });
    server.domain = server.env.XMPP_DOMAIN;
    server.muc = `conference.${server.domain}`;
    server.focus = `focus.${server.domain}`;
    server.host = server.env.CONCLAVE_BIND;
    server.adminToken = server.env.CONCLAVE_ADMIN_TOKEN;
    server.issuer = issuer ?? new Issuer({ app: server.env.JWT_APP_ID, secret: server.env.JWT_APP_SECRET, domain: server.domain });
    server.clients = new Set();
    server.output = '';
    const begun = performance.now();
    server.child = spawn(binary, ['serve', ...args], { env: environment(server.env), cwd: server.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    server.ended = once(server.child, 'close').then(([code, signal]) => ({ code, signal }));
    const listening = new Promise((done, fail) => {
      const read = (chunk) => {
        server.output += chunk;
        const line = /^listening .*$/m.exec(server.output)?.[0];
        if (line && server.output.includes(`${line}\n`)) done(line);
      };
      server.child.stdout.on('data', read);
      server.child.stderr.on('data', read);
      server.child.on('error', fail);
      server.ended.then(({ code, signal }) => fail(new Error(`conclave ended with ${code ?? signal} before it listened:\n${server.output}`)));
    });
    try {
      Object.assign(server, ports(await within(20000, listening, () => `"listening …" line; it printed:\n${server.output}`)));
    } catch (error) {
      server.child.kill('SIGKILL');
      rmSync(server.folder, { recursive: true, force: true });
      throw error;
    }
    server.startMilliseconds = performance.now() - begun;
    return server;
  }

  get pid() {
    return this.child.pid;
  }

  get webSocketUrl() {
    return `ws://${this.host}:${this.http}/xmpp-websocket`;
  }

  get boshUrl() {
    return `http://${this.host}:${this.http}/http-bind`;
  }

  get webUrl() {
    return this.https ? `https://${this.host}:${this.https}` : `http://${this.host}:${this.http}`;
  }

  /** T(room, role, …) of this server's issuer. */
  token(room, role, options) {
    return this.issuer.token(room, role, options);
  }

  /** `conclave explain …`, `conclave token …` with the settings that this server runs with. */
  cli(args) {
    return run(args, { env: this.env, cwd: this.folder });
  }

  write(name, text) {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Ends it as an operator would, and says everything that was wrong with how it went. */
  async stop() {
    for (const client of this.clients) client.vanish();
    const wrong = [];
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    else wrong.push(`it had ended by itself (${this.child.exitCode ?? this.child.signalCode}) before the test was over`);
    let result;
    try {
      result = await within(15000, this.ended, 'clean end after SIGTERM');
    } catch (error) {
      wrong.push(error.message);
      this.child.kill('SIGKILL');
      result = await this.ended;
    }
    if (result.code !== 0 && wrong.length === 0) wrong.push(`exit code ${result.code ?? result.signal}, expected 0`);
    if (SANITIZER.test(this.output)) wrong.push('a sanitizer reported');
    for (const leak of this.leaks()) wrong.push(`printed a credential: ${leak}`);
    if (!this.keepData) rmSync(this.folder, { recursive: true, force: true });
    if (wrong.length) throw new Error(`conclave ${wrong.join('; ')}. Its output:\n${this.output.slice(-12000)}`);
  }

  /** Credentials that were used and stand in the output (A15): whole tokens by their signature, the secret, the admin token, tickets. */
  leaks() {
    const secrets = [
      ['JWT_APP_SECRET', this.env.JWT_APP_SECRET],
      ['the admin token', this.adminToken],
      ...(this.passwords ?? []).map((password) => ['a password', password]),
      ...this.issuer.minted.map((token) => ['a token', token.split('.')[2]]),
      ...[...this.clients].flatMap((client) => client.credentials()),
    ];
    return secrets.filter(([, text]) => text && text.length >= 12 && this.output.includes(text)).map(([name]) => name);
  }
}

export function ports(line) {
  const value = (name) => Number(new RegExp(`\\b${name}=(\\d+)`).exec(line)?.[1] ?? 0);
  const udp = /\budp=(\d+)(?:-(\d+))?/.exec(line);
  return { http: value('http'), https: value('https'), xmpp: value('xmpp'), mediaTcp: value('media-tcp'), udp: udp ? { first: Number(udp[1]), last: Number(udp[2] ?? udp[1]) } : undefined };
}

/** A server for one test or one suite: stopped, and judged, when that is over. */
export async function serve(context, options) {
  const server = await Server.start(options);
  context.after(() => server.stop());
  return server;
}

/** A TCP port that was free a moment ago, for settings that must name it beforehand (PUBLIC_URL). */
export async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}
