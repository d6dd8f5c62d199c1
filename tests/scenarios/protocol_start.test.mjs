// The program as an operator starts it: what it makes on a first start, what it says, how it refuses wrong settings, how it stops.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { get } from '../support/admin.mjs';
import { Server, run, serve, settings } from '../support/server.mjs';

const HTTPS = { DISABLE_HTTPS: '0' };

test('start: the data directory is made, whatever is configured, and nobody else may read it', async (t) => {
  for (const [what, env] of [
    ['nothing configured', { ...HTTPS, JWT_APP_ID: undefined, JWT_APP_SECRET: undefined, AUTH_TYPE: undefined, ENABLE_AUTH: undefined, ENABLE_GUESTS: undefined, CONCLAVE_ADMIN_TOKEN: undefined }],
    ['secret and admin token configured', HTTPS],
  ]) {
    await t.test(what, async (t2) => {
      const server = await serve(t2, { env });
      for (const name of ['cert.pem', 'key.pem']) assert.ok(existsSync(join(server.dataDir, name)), name);
      for (const name of readdirSync(server.dataDir)) assert.equal(statSync(join(server.dataDir, name)).mode & 0o777, name === 'cert.pem' ? statSync(join(server.dataDir, name)).mode & 0o777 : 0o600, name);
      assert.equal(statSync(join(server.dataDir, 'key.pem')).mode & 0o077, 0);
      assert.ok(server.https > 0);
    });
  }
});

test('start: an address that is none is named by check and by the start, with the remedy', async () => {
  for (const [name, value, remedy] of [
    ['CONCLAVE_BIND', 'localhost', /0\.0\.0\.0/],
    ['JVB_ADVERTISE_IPS', '192.0.2.1,192.0.2.2#media', /#port/],
  ]) {
    for (const command of ['check', 'serve']) {
      const { code, stdout, stderr } = await run([command], { env: settings({ [name]: value }) });
      assert.equal(code, 78, `${command} ${name}: ${stdout}${stderr}`);
      assert.match(stderr, new RegExp(`${name}=${value.split(',').at(-1)}`));
      assert.match(stderr, remedy);
    }
  }
});

test('start: it says the policy, the links and how to stop, before it says that it listens', async (t) => {
  const server = await serve(t, { env: { ENABLE_AUTH: undefined, ENABLE_GUESTS: undefined, AUTH_TYPE: undefined, JWT_APP_ID: undefined, JWT_APP_SECRET: undefined } });
  const before = server.output.slice(0, server.output.indexOf('listening '));
  assert.match(before, /#jwt=ey[\w-]+\.[\w-]+\.[\w-]+/, 'a host link with a token');
  assert.ok(before.split('\n').filter((line) => /https?:\/\//.test(line)).length >= 2, 'two links');
  assert.match(before, /moderator/);
  assert.match(before, /Ctrl-C/);
  assert.doesNotMatch(before, /https?:\/\/[^/\s]+:0\//, 'no link to port 0');
});

test('start: a second start finds what the first made', async (t) => {
  const first = await Server.start({ env: { ...HTTPS, CONCLAVE_ADMIN_TOKEN: undefined }, keepData: true });
  t.after(() => rmSync(first.folder, { recursive: true }));
  const keep = (name) => readFileSync(join(first.dataDir, name), 'utf8');
  const made = ['cert.pem', 'key.pem', 'admin-token'].map(keep);
  await first.stop();
  const second = await serve(t, { env: { ...HTTPS, CONCLAVE_ADMIN_TOKEN: undefined }, dataDir: first.dataDir });
  assert.deepEqual(['cert.pem', 'key.pem', 'admin-token'].map(keep), made);
  assert.ok(second.https);
});

test('start: a wrong setting stops it with 78 and names setting, value and remedy', async (t) => {
  const wrong = {
    HTTP_PORT: 'eighty',
    HTTPS_PORT: '70000',
    ENABLE_AUTH: 'perhaps',
    AUTH_TYPE: 'magic',
    CONCLAVE_GUESTS: 'yes',
    CONCLAVE_HOST_LEFT: 'wait',
    CONCLAVE_LOOPS: 'many',
    JWT_APP_SECRET: 'short',
    CONCLAVE_JWT_PUBLIC_KEY_FILE: '/nowhere/key.pem',
    PUBLIC_URL: 'not a url',
    JVB_ADVERTISE_IPS: '300.1.1.1',
  };
  for (const [name, value] of Object.entries(wrong)) {
    await t.test(`${name}=${value}`, async () => {
      const { code, stderr } = await run(['serve'], { env: settings({ [name]: value }) });
      assert.equal(code, 78, stderr);
      assert.ok(stderr.includes(name), stderr);
      if (name !== 'JWT_APP_SECRET') assert.ok(stderr.includes(value), stderr);
      assert.ok(stderr.length > name.length + value.length + 20, `a remedy: ${stderr}`);
    });
  }
});

test('start: usage errors are 64, help and version are 0', async () => {
  for (const [args, code] of [[['--help'], 0], [['--version'], 0], [['serve', '--no-such-option'], 64], [['no-such-verb'], 64], [[], 64], [['explain'], 64]]) {
    assert.equal((await run(args)).code, code, args.join(' '));
  }
});

test('start: a port that is taken is named', async (t) => {
  const server = await serve(t);
  const { code, stderr } = await run(['serve'], { env: settings({ HTTP_PORT: String(server.http) }) });
  assert.equal(code, 78, stderr);
  assert.ok(stderr.includes(String(server.http)), stderr);
});

test('start: health, config.js and the page', async (t) => {
  const server = await serve(t, { env: { PUBLIC_URL: 'https://meet.example:8443' } });
  const health = await get(server, '/about/health');
  assert.equal(health.status, 200);
  JSON.parse(health.body);
  const config = await get(server, '/config.js?room=x');
  assert.equal(config.status, 200);
  assert.match(config.headers['content-type'], /javascript/);
  const value = new Function(`${config.body}; return config;`)();
  assert.equal(value.hosts.domain, server.domain);
  assert.equal(value.hosts.muc, server.muc);
  assert.equal(value.websocket, 'wss://meet.example:8443/xmpp-websocket');
  const metrics = await get(server, '/metrics');
  assert.equal(metrics.status, 200);
  assert.match(metrics.body, /^conclave_rooms 0$/m);
});
