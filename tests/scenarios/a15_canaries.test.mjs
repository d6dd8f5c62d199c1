// A15 Proof 5 of the access model: no credential in any log, metric, error, admin answer or crash output. Canaries go in through every entrance, good and
// bad, at log level debug; then everything that came out is searched for each of them, plain and in the encodings that a careless line would use.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, get, revoke } from '../support/admin.mjs';
import { fresh, guestIn, holder, hostIn } from '../support/people.mjs';
import { Server } from '../support/server.mjs';
import { within } from '../support/waiting.mjs';
import { Client, NS, el } from '../support/xmpp.mjs';

let serial = 0;
const canary = (kind) => `canary${++serial}${kind}${Math.random().toString(36).slice(2, 12)}Zq7`;

/** Every form in which a secret might stand somewhere. */
function forms(secret) {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(secret)].filter((form) => form.length >= 12);
}

/** The files that the server itself wrote, without those whose very purpose is to hold a secret. */
function written(folder) {
  const holders = new Set(['admin-token', 'jwt-secret', 'key.pem', 'cert.pem']);
  return readdirSync(folder, { recursive: true })
    .filter((name) => !holders.has(name) && !/\.(db|sqlite)(-\w+)?$/.test(name) && statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
}

/** Opens a stream and tries one mechanism; whatever comes of it. */
async function tryLogin(server, options, mechanism, payload) {
  const client = await Client.open(server, options).catch(() => undefined);
  if (!client) return undefined;
  await client.start().catch(() => {});
  await client.tryAuth(mechanism, payload).catch(() => {});
  return client;
}

test('A15 canaries through every entrance are found nowhere, not even in a crash', async (t) => {
  const seeded = new Map(); // what it is → the text
  const seed = (what, text = canary(what.replace(/\W/g, ''))) => {
    seeded.set(what, text);
    return text;
  };
  const env = {
    CONCLAVE_LOG_LEVEL: 'debug',
    CONCLAVE_ADMIN_TOKEN: seed('admin token', canary('admin').repeat(2)),
    JWT_APP_SECRET: seed('token secret', canary('secret').repeat(2)),
    JICOFO_AUTH_PASSWORD: seed('service password'),
    JVB_AUTH_PASSWORD: seed('bridge password'),
    JIBRI_RECORDER_PASSWORD: seed('recorder password'),
    JIBRI_XMPP_PASSWORD: seed('recorder control password'),
    JIGASI_XMPP_PASSWORD: seed('SIP password'),
  };
  const server = await Server.start({ env, keepData: true });
  t.after(() => {
    server.child.kill('SIGKILL');
    rmSync(server.folder, { recursive: true, force: true });
  });
  const room = fresh('canary');
  const toOthers = []; // what people other than the holder of a secret were sent

  const host = await hostIn(server, room, 'host', { claims: { jti: 'canary-host' } });
  seed('good token', host.options.token.split('.')[2]);
  seed('ticket', host.storage.sessionId);
  seed('resumption id', host.resumption.id);
  const witness = await guestIn(server, room, 'witness');

  await t.test('A15 tokens: good, bad, in query, header and conference request', async () => {
    const forged = `${host.options.token.slice(0, -30)}${seed('forged signature')}`;
    await tryLogin(server, { room, token: forged });
    await tryLogin(server, { room, token: seed('token that is none') });
    await tryLogin(server, { room, headers: { authorization: `Bearer ${seed('bearer')}` } });
    await tryLogin(server, { room, headers: { authorization: `Basic ${Buffer.from(`u:${seed('basic')}`).toString('base64')}` } });
    await witness.ask(room, { token: seed('token in a request') });
    const expired = server.token(room, 'mod', { lifetime: -3600 });
    seed('expired token', expired.split('.')[2]);
    await tryLogin(server, { room, token: expired });
  });

  await t.test('A15 tickets, machine ids and resumption ids', async () => {
    await witness.ask(room, { sessionId: seed('foreign ticket'), machineUid: seed('machine id'), keep: false });
    await tryLogin(server, { room, previd: seed('foreign resumption id') });
    const resumed = await host.resume({ token: undefined, previd: host.resumption.id }).catch(() => undefined);
    if (resumed?.resumption?.id) seed('second resumption id', resumed.resumption.id);
  });

  await t.test('A15 passwords: of rooms, accounts and services, right and wrong', async () => {
    const owner = await holder(server, room, 'mod', 'owner');
    await owner.enter(room);
    const field = (name, value) => el('field', { var: name }, el('value', {}, value));
    await owner.iq(
      'set',
      owner.roomJid(room),
      el('query', { xmlns: `${NS.muc}#owner` }, el('x', { xmlns: 'jabber:x:data', type: 'submit' }, field('FORM_TYPE', `${NS.muc}#roomconfig`), field('muc#roomconfig_passwordprotectedroom', '1'), field('muc#roomconfig_roomsecret', seed('room password')))),
    );
    const stranger = await Client.login(server, { room, name: 'stranger' });
    await stranger.ask(room);
    await stranger.join(room, { password: seed('wrong room password') });
    const plain = (user, password) => Buffer.from(`\0${user}\0${password}`).toString('base64');
    await tryLogin(server, { room }, 'PLAIN', plain('alice', seed('account password')));
    await tryLogin(server, { room }, 'PLAIN', plain(seed('user name that is a password'), 'x'));
    await tryLogin(server, { room }, 'SCRAM-SHA-256', Buffer.from(`n,,n=alice,r=${seed('nonce')}`).toString('base64'));
    await tryLogin(server, { room }, seed('mechanism'), 'AAAA');
    await owner.barrier();
    await witness.barrier();
  });

  await t.test('A15 the admin API: wrong tokens, tokens to explain and to revoke, a ticket to revoke', async () => {
    toOthers.push((await call(server, 'GET', '/rooms', undefined, { authorization: `Bearer ${seed('wrong admin token')}` })).body);
    for (const token of [host.options.token, seed('token to explain')]) {
      for (const accept of ['application/json', 'text/plain']) toOthers.push((await call(server, 'POST', '/explain', { room, token }, { accept })).body);
    }
    toOthers.push((await call(server, 'POST', '/revocations', { token: seed('token to revoke') })).body);
    toOthers.push((await call(server, 'POST', '/revocations', { ticket: seed('ticket to revoke') })).body);
    toOthers.push(JSON.stringify(await revoke(server, { token: host.options.token })));
    toOthers.push((await call(server, 'POST', '/explain', `{"room": ${seed('broken body')}`)).body);
    for (const path of ['/health', '/status', '/rooms', `/rooms/${room}`, '/revocations', '/audit?limit=1000', '/openapi.json']) toOthers.push((await call(server, 'GET', path)).body);
  });

  await t.test('A15 HTTP: a secret in any address', async () => {
    for (const path of [`/${seed('page path')}?jwt=${seed('jwt of a page')}`, `/xmpp-websocket?token=${seed('plain request')}`, `/colibri-ws/0/x/y?pwd=${seed('channel password')}`, '/metrics', '/about/health', '/config.js', '/nothing.js']) {
      const answer = await get(server, path, { authorization: `Bearer ${seed(`header of ${path.slice(0, 4)}`)}`, referer: `https://meet.example/?jwt=${seed(`referer of ${path.slice(0, 4)}`)}` });
      toOthers.push(answer.body, JSON.stringify(answer.headers));
    }
  });

  await t.test('A15 the commands: explain, revoke, token', async () => {
    server.env.CONCLAVE_ADMIN_URL = `http://${server.host}:${server.http}`;
    for (const args of [
      ['explain', '--room', room, '--token', seed('token of explain')],
      ['explain', '--live', '--room', room, '--token', seed('token of live explain')],
      ['revoke', '--token', seed('token of revoke')],
      ['revoke', '--list'],
    ]) {
      const { stdout, stderr } = await server.cli(args);
      toOthers.push(stdout, stderr);
    }
  });

  await t.test('A15 what others in the room were sent', () => {
    toOthers.push(witness.log.map((frame) => frame.raw).join('\n'));
  });

  await t.test('A15 a crash says nothing either', async () => {
    server.child.kill('SIGABRT');
    await within(15000, Promise.race([server.ended, once(server.child, 'exit')]), 'end after SIGABRT');
    for (const client of server.clients) client.vanish();
  });

  // The witness sends secrets too; those are his own, and nobody else's business: he is only asked what he was told.
  const own = new Set(['page path']); // an address that is a room's name is public
  const places = [['the log', server.output], ...toOthers.map((text, index) => [`answer ${index}`, text]), ...written(server.dataDir)];
  const found = [];
  for (const [what, secret] of seeded) {
    if (!secret || own.has(what)) continue;
    for (const [place, text] of places) if (forms(secret).some((form) => text.includes(form))) found.push(`${what} in ${place}`);
  }
  assert.ok(server.output.length > 500, 'there is a log to search');
  assert.ok(places.some(([place, text]) => place === 'audit.log' && text.includes('"login"')), 'there is an audit log to search');
  assert.deepEqual(found, [], `of ${seeded.size} canaries`);
});
