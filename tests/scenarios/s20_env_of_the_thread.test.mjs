// S20 and S16: the .env file of the thread starts the server and means what its author thought; A54: settings with typos.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call } from '../support/admin.mjs';
import { assertAdmittedAs, assertReady, assertRoomMismatch, assertWaitsFor } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder } from '../support/people.mjs';
import { run, serve, settings } from '../support/server.mjs';
import { Client } from '../support/xmpp.mjs';

// Every line of it that had a value or a comment sign taken away, with values filled in.
const THREAD = {
  JICOFO_COMPONENT_SECRET: '4f1c7d1b7a3b4c0c8a9f', JICOFO_AUTH_PASSWORD: '5a2d8e2c8b4c5d1d9b0a', JVB_AUTH_PASSWORD: '6b3e9f3d9c5d6e2e0c1b',
  JIGASI_XMPP_PASSWORD: '7c4f0a4e0d6e7f3f1d2c', JIBRI_RECORDER_PASSWORD: '8d5a1b5f1e7f8a4a2e3d', JIBRI_XMPP_PASSWORD: '9e6b2c6a2f8a9b5b3f4e',
  TZ: 'Europe/Berlin', ENABLE_AUTH: '1', ENABLE_GUESTS: '1', AUTH_TYPE: 'jwt', JWT_ACCEPTED_ISSUERS: 'app', JWT_ACCEPTED_AUDIENCES: 'conclave',
  XMPP_SERVER: 'xmpp.meet.example', XMPP_BOSH_URL_BASE: 'http://xmpp.meet.example:5280', XMPP_AUTH_DOMAIN: 'auth.meet.example',
  XMPP_MUC_DOMAIN: 'muc.meet.example', XMPP_INTERNAL_MUC_DOMAIN: 'internal-muc.meet.example', XMPP_GUEST_DOMAIN: 'guest.meet.example',
  XMPP_MODULES: '', XMPP_MUC_MODULES: '', XMPP_INTERNAL_MUC_MODULES: '', JVB_BREWERY_MUC: 'jvbbrewery', JVB_AUTH_USER: 'jvb',
  JVB_STUN_SERVERS: 'stun.example:443', JVB_TCP_HARVESTER_DISABLED: 'true', JVB_TCP_PORT: '4443', JICOFO_AUTH_USER: 'focus', JIGASI_XMPP_USER: 'jigasi',
  JIGASI_BREWERY_MUC: 'jigasibrewery', JIGASI_PORT_MIN: '20000', JIGASI_PORT_MAX: '20050', XMPP_RECORDER_DOMAIN: 'recorder.meet.example',
  JIBRI_RECORDER_USER: 'recorder', JIBRI_RECORDING_DIR: '/config/recordings', JIBRI_FINALIZE_RECORDING_SCRIPT_PATH: '/config/finalize.sh',
  JIBRI_XMPP_USER: 'jibri', JIBRI_BREWERY_MUC: 'jibribrewery', JIBRI_PENDING_TIMEOUT: '90', JIBRI_STRIP_DOMAIN_JID: 'muc', JIBRI_LOGS_DIR: '/config/logs',
  RESTART_POLICY: 'unless-stopped',
};

test('S20 the .env of the thread starts the server, and it says what it comes to', async (t) => {
  const server = await serve(t, { env: THREAD });
  for (const sentence of [/Rooms are started by people with a token/, /Guests .*wait until a host has started the room/, /is moderator/, /When the last moderator/, /When a token expires/])
    assert.match(server.output, sentence);
  assert.match(server.output, /ignored: JICOFO_COMPONENT_SECRET/);
  assert.doesNotMatch(server.output, /4f1c7d1b7a3b4c0c8a9f/);
});

for (const [name, env] of [
  ['as it stands, with a guest domain', {}],
  ['with JWT_ALLOW_EMPTY=1 and no guest domain', { JWT_ALLOW_EMPTY: '1', XMPP_GUEST_DOMAIN: undefined }],
]) {
  test(`S16 the mixed settings of the thread, ${name}: as S8, S5 and S6`, async (t) => {
    const server = await serve(t, { env: { ...THREAD, ...env } });
    const [m, n] = [fresh('m'), fresh('n')];
    const hosts = env.JWT_ALLOW_EMPTY ? [server.domain, 'auth.meet.example'] : [server.domain, 'guest.meet.example', 'auth.meet.example'];
    for (const host of hosts) {
      const early = await guest(server, m, `early at ${host}`, { host });
      await assertWaitsFor(early, m);
      await assertWaitsFor(early, n);
      await early.close();
    }
    const host = await holder(server, m, 'mod');
    await host.enter(m);
    await guestIn(server, m, 'guest');
    const stray = await holder(server, n, 'mod', 'T(m,mod)', { tokenRoom: m });
    await stray.ask(n);
    assertRoomMismatch(await stray.join(n));
    const again = await host.reload();
    assertReady(await again.ask(m));
    assertAdmittedAs(await again.join(m), 'moderator');
    const elsewhere = await Client.login(server, { room: n, storage: again.storage, name: 'reloaded into n' });
    await assertWaitsFor(elsewhere, n);
  });
}

const stops = async (env, ...expected) => {
  const { code, stdout, stderr } = await run(['check'], { env: settings({ CONCLAVE_DATA: './data', ...env }) });
  assert.equal(code, 78, `${JSON.stringify(env)}: ${stdout}${stderr}`);
  for (const text of expected) assert.match(stdout + stderr, text);
};

test('S20 what cannot be meant stops the start, with name and remedy', async (t) => {
  await t.test('jwt without any key', () => stops({ JWT_APP_SECRET: undefined }, /JWT_APP_SECRET/));
  await t.test('a published service password', () => stops({ ...THREAD, JVB_AUTH_PASSWORD: 'passw0rd' }, /JVB_AUTH_PASSWORD/));
  await t.test('a published app secret', () => stops({ JWT_APP_SECRET: 's3cr37' }, /JWT_APP_SECRET/));
});

test('S20 accounts and encryption are different things, and it says so', async () => {
  const { code, stdout } = await run(['check'], { env: settings({ CONCLAVE_DATA: './data', PUBLIC_URL: 'http://meet.example' }) });
  assert.equal(code, 0, stdout);
  assert.match(stdout, /warning: PUBLIC_URL: .*plain HTTP/);
});

test('S20 an issuer whose tokens have no end is named on the status page, once it has let somebody in', async (t) => {
  const server = await serve(t);
  const notices = async () => (await call(server, 'GET', '/status')).json.notices.join('\n');
  assert.doesNotMatch(await notices(), /without exp/);
  await holder(server, fresh('s20'), 'mod', 'with an end');
  assert.doesNotMatch(await notices(), /without exp/);
  await holder(server, fresh('s20'), 'mod', 'without one', { claims: { exp: undefined } });
  assert.match(await notices(), /warning: issuer app: A token without exp was let in/);
});

test('A54 settings with typos are errors that name the place, never a weaker policy', async (t) => {
  await t.test('A54 an unknown word', () => stops({ CONCLAVE_GUESTS: 'yes' }, /CONCLAVE_GUESTS/, /join, deny, create/));
  await t.test('A54 an unknown word for a switch of docker’s', () => stops({ ENABLE_AUTH: 'maybe' }, /ENABLE_AUTH/));
  await t.test('A54 an unknown kind of authentication', () => stops({ AUTH_TYPE: 'jwt,ldapp' }, /AUTH_TYPE/));
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const folder = mkdtempSync('/tmp/conclave-a54-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const toml = (text, ...expected) => stops({ ENABLE_AUTH: undefined, ENABLE_GUESTS: undefined, AUTH_TYPE: undefined, CONCLAVE_CONFIG_FILE: file('c.toml', text) }, ...expected);
  await t.test('A54 toml: an unknown word', () => toml('[policy]\nguests = "yes"\n', /c\.toml:2/));
  await t.test('A54 toml: an unknown key', () => toml('[policy]\nguest = "join"\n', /c\.toml:2/, /guests/));
  await t.test('A54 toml: a key twice', () => toml('[policy]\nguests = "join"\nguests = "deny"\n', /c\.toml/));
  await t.test('A54 toml: a wrong type', () => toml('[policy]\nauto_login = "yes"\n', /c\.toml:2/));
  await t.test('A54 toml: a pattern that is none', () => toml('[[rooms]]\nmatch = ""\nguests = "deny"\n', /c\.toml/));
  await t.test('A54 env: a name twice', () => stops({ CONCLAVE_ENV_FILE: file('twice.env', 'CONCLAVE_GUESTS=deny\nCONCLAVE_GUESTS=create\n') }, /twice\.env/, /CONCLAVE_GUESTS/));
  await t.test('A54 env: CRLF and blanks do not weaken anything', async () => {
    const env = settings({ CONCLAVE_DATA: './data', CONCLAVE_ENV_FILE: file('crlf.env', 'CONCLAVE_GUESTS=deny \r\n') });
    const { code, stdout } = await run(['check'], { env });
    assert.equal(code, 0, stdout);
    assert.match(stdout, /Guests are not let in/);
  });
});
