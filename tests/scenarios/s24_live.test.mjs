// S24 Every answer can be explained (access.md 4.10): `explain --live`, which asks the running server about its room as it is now, and metrics by reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountCommand, addAccount, attempt, logIn, withAccounts } from '../support/account.mjs';
import { audited, call, explain, get, slugOf } from '../support/admin.mjs';
import { assertAdmittedAs, assertForbidden, assertRoomMismatch, assertWaits } from '../support/claims.mjs';
import { parseMetrics, valueOf } from '../support/metrics.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { HOST_GROUP, Slapd, passwordOf, silentServer } from '../support/slapd.mjs';
import { eventually } from '../support/waiting.mjs';

function askLive(server, args) {
  server.env.CONCLAVE_ADMIN_URL = `http://${server.host}:${server.http}`;
  return server.cli(['explain', '--live', '--json', ...args]);
}

async function live(server, room, token) {
  const asked = await askLive(server, ['--room', room, ...(token ? ['--token', token] : [])]);
  assert.equal(asked.code, 0, asked.stderr);
  if (token) assert.ok(!asked.stdout.includes(token.split('.')[2]));
  return JSON.parse(asked.stdout);
}

test('S24 explain --live knows the room as it is: absent, open, and the person', async (t) => {
  const server = await serve(t);
  const room = fresh('live');

  await t.test('S24 nobody there: a guest waits, as the wire says', async () => {
    const client = await guest(server, room);
    assertWaits(await client.ask(room));
    const told = await live(server, room);
    assert.deepEqual([told.state, told.outcome, told.reason.slug], ['waiting', 'wait', 'waits-for-host']);
    await client.close();
  });

  await t.test('S24 asking starts nothing', async () => {
    const told = await live(server, room, server.token(room, 'mod'));
    assert.deepEqual([told.outcome, told.role, told.starts_room], ['admit', 'host', true]);
    assert.equal((await call(server, 'GET', `/rooms/${room}`)).status, 404);
  });

  await t.test('S24 with the host inside the same guest is let in', async () => {
    await hostIn(server, room);
    const told = await live(server, room);
    assert.deepEqual([told.state, told.outcome, told.reason.slug], ['open', 'admit', 'guest-may-join']);
  });

  await t.test('S24 a token for another room, an expired one, nonsense: the slug of the wire', async () => {
    const other = server.token(fresh('other'), 'mod');
    const client = await holder(server, room, 'mod', 'holder', { tokenRoom: fresh('other') });
    await client.ask(room);
    assertRoomMismatch(await client.join(room));
    assert.equal((await live(server, room, other)).reason.slug, 'room-claim-mismatch');
    const expired = await live(server, room, server.token(room, 'mod', { lifetime: -3600 }));
    assert.deepEqual([expired.identity, expired.outcome, expired.reason.slug], ['none', 'refuse', 'token-expired']);
    assert.equal((await live(server, room, 'nonsense')).reason.slug, 'token-malformed');
  });

  await t.test('S24 the words are those of explain without --live', async () => {
    const offline = await server.cli(['explain', '--room', room, '--room-state', 'open']);
    const online = await server.cli(['explain', '--live', '--room', room]);
    assert.equal(online.stdout, offline.stdout);
  });

  await t.test('S24 without a server it says so', async () => {
    const asked = await server.cli(['explain', '--live', '--room', room, '--server', 'http://127.0.0.1:9']);
    assert.equal(asked.code, 1);
    assert.match(asked.stderr, /Is the server running/);
  });
});

test('S24 S15 every decision is in the metrics by reason and in the audit log', async (t) => {
  const server = await serve(t);
  const room = fresh('reasons');
  const early = await guest(server, room, 'early');
  for (let round = 0; round < 3; round++) assertWaits(await early.ask(room));
  const metrics = async () => parseMetrics((await get(server, '/metrics')).body);

  await t.test('S15 the gauge of waiting people', async () => {
    assert.equal(valueOf(await metrics(), 'conclave_waiting'), 1);
  });

  await early.close();
  const host = await hostIn(server, room);
  const late = await guestIn(server, room);
  await late.kick(room, host.nick);

  await t.test('S24 counts by act, outcome and reason', async () => {
    const counted = await metrics();
    const of = (act, outcome, reason) => valueOf(counted, 'conclave_decisions', { act, outcome, reason });
    assert.equal(of('request', 'wait', 'waits-for-host'), 3);
    assert.equal(of('join', 'admit', 'host-by-claim'), 1);
    assert.equal(of('join', 'admit', 'guest-may-join'), 1);
    assert.equal(of('kick', 'refuse', 'role-forbids'), 1);
    assert.equal(valueOf(counted, 'conclave_logins', { kind: 'guest', outcome: 'success' }), 2);
    assert.equal(valueOf(counted, 'conclave_logins', { kind: 'token', outcome: 'success' }), 1);
  });

  await t.test('S24 labels are of fixed sets: no name of a room or a person', async () => {
    const { body } = await get(server, '/metrics');
    for (const name of [room, host.nick, late.nick, 'host', server.domain]) assert.ok(!new RegExp(`="${name}"`).test(body), name);
  });

  await t.test('S24 the audit log says who, what, where, outcome and reason; who asks thrice is one line', async () => {
    const entries = await eventually('the kick is in the audit log', async () => {
      const found = await audited(server);
      return found.some((entry) => entry.act === 'kick') && found;
    });
    const ofRoom = entries.filter((entry) => entry.room === room);
    assert.equal(ofRoom.filter((entry) => entry.act === 'request' && entry.outcome === 'wait').length, 1, JSON.stringify(ofRoom));
    const joined = ofRoom.find((entry) => entry.act === 'join' && entry.reason === 'host-by-claim');
    assert.equal(joined.kind, 'token');
    assert.match(joined.peer, /^127\.0\.0\.1:\d+$/);
    assert.ok(joined.subject && joined.rule && joined.claim, JSON.stringify(joined));
    const refused = ofRoom.find((entry) => entry.act === 'kick');
    assert.deepEqual([refused.outcome, refused.kind], ['refuse', 'guest']);
  });
});

/** What the running server would decide for that account or name of the directory, asked with the command. */
async function ofAccount(server, room, name) {
  const asked = await askLive(server, ['--room', room, '--account', name]);
  return asked.code === 0 ? JSON.parse(asked.stdout) : { problem: asked.stderr };
}

test('S24 explain --live of a named account says what its log-in would bring, and asks nobody for a password', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const [alice] = [await addAccount(server, 'alice', { role: 'host' }), await addAccount(server, 'petra', { role: 'participant' })];
  const room = fresh('account');

  await t.test('S24 a host opens the room, a participant waits', async () => {
    const host = await ofAccount(server, room, 'Alice');
    assert.deepEqual([host.identity, host.subject, host.outcome, host.role, host.reason.slug], ['password', 'account:alice', 'admit', 'host', 'host-by-account']);
    assert.equal((await ofAccount(server, room, 'petra')).reason.slug, 'waits-for-host');
  });
  await t.test('S24 it is what the wire says', async () => {
    const host = await logIn(server, room, alice);
    assertAdmittedAs(await host.enter(room), 'moderator');
    assert.equal(slugOf((await explain(server, room, host.nick)).reason), (await ofAccount(server, room, 'alice')).reason.slug);
    assert.deepEqual([(await ofAccount(server, room, 'petra')).outcome, (await ofAccount(server, room, 'petra')).role], ['admit', 'participant']);
  });
  await t.test('S24 nobody of that name, and a locked one', async () => {
    assert.match((await ofAccount(server, room, 'nobody')).problem, /Nobody of that name/);
    assert.match((await ofAccount(server, room, '*')).problem, /Nobody of that name/);
    assert.equal((await accountCommand(server, ['lock', 'petra'])).code, 0);
    assert.match((await ofAccount(server, room, 'petra')).problem, /account-locked/);
  });
  await t.test('S24 without --live it says what is missing', async () => {
    const asked = await server.cli(['explain', '--room', room, '--account', 'alice']);
    assert.deepEqual([asked.code, /--live/.test(asked.stderr)], [64, true]);
  });
});

test('S24 explain --live of a service', async (t) => {
  const password = `${fresh('secret')}-${fresh('secret')}`;
  const server = await serve(t, { env: withAccounts({ JIBRI_RECORDER_PASSWORD: password, XMPP_RECORDER_DOMAIN: 'recorder.meet.example' }) });
  server.passwords = [password];
  for (const name of ['recorder', 'recorder@recorder.meet.example']) {
    const told = await ofAccount(server, fresh('service'), name);
    assert.deepEqual([told.identity, told.outcome, told.reason?.slug], ['service', 'refuse', 'service-not-called'], JSON.stringify(told));
  }
});

test('A15 a guest with many sessions cannot wash the audit log out', async (t) => {
  const server = await serve(t);
  const room = fresh('washed');
  const host = await hostIn(server, room);
  const other = await guestIn(server, room, 'other');
  for (let round = 0; round < 3; round++) {
    const client = await guestIn(server, room, `guest ${round}`);
    for (let again = 0; again < 20; again++) assertForbidden(await client.kick(room, host.nick), 'kick');
    await client.close();
  }
  assert.equal(valueOf(parseMetrics((await get(server, '/metrics')).body), 'conclave_decisions', { act: 'kick', outcome: 'refuse', reason: 'role-forbids' }), 60);
  await other.kick(room, host.nick);
  const kicks = await eventually('the last one is in the audit log', async () => {
    const found = (await audited(server)).filter((entry) => entry.act === 'kick');
    return found.some((entry) => entry.nick === other.nick) && found;
  });
  assert.equal(kicks.length, 4, 'one line a session');
});

test('S24 explain --live of a name in the directory', async (t) => {
  const slapd = await Slapd.start(t);
  const server = await serve(t, { env: { AUTH_TYPE: 'jwt,ldap', ...slapd.settings({ CONCLAVE_LDAP_HOST_GROUP: HOST_GROUP }) } });
  const room = fresh('directory');
  const bob = await ofAccount(server, room, 'bob');
  assert.deepEqual([bob.identity, bob.outcome, bob.role, bob.reason.slug], ['ldap', 'admit', 'host', 'host-by-ldap']);
  assert.equal((await ofAccount(server, room, 'carol')).reason.slug, 'waits-for-host');
  assert.match((await ofAccount(server, room, 'nobody')).problem, /Nobody of that name/);
  assert.match((await ofAccount(server, room, ')(uid=*')).problem, /Nobody of that name/);
  assert.deepEqual(slapd.binds(), [], 'nobody was logged in for it');
  await slapd.stop();
  assert.match((await ofAccount(server, room, 'bob')).problem, /cannot be asked/);
});

test('S24 a log-in that failed is in the audit log and in the metrics by its slug', async (t) => {
  const silent = await silentServer(t);
  const ldap = { LDAP_URL: silent.url(), LDAP_BASE: 'dc=example,dc=org', CONCLAVE_LDAP_TIMEOUT: '1' };
  const server = await serve(t, { env: { AUTH_TYPE: 'jwt,internal,ldap', ...ldap } });
  const room = fresh('slugs');
  const alice = await addAccount(server, 'alice');
  (server.passwords ??= []).push(passwordOf('bob'));
  const refused = async (token) => assert.rejects(guest(server, room, 'guest', { token }), /SASL <failure/);
  await refused(server.token(room, 'mod', { lifetime: -3600 }));
  await refused('nonsense');
  await refused(server.token(room, 'mod', { claims: { iss: 'somebody else' } }));
  await refused(`${server.token(room, 'mod').slice(0, -6)}AAAAAA`);
  assert.equal((await attempt(server, { name: 'bob', password: passwordOf('bob') })).result, 'temporary-auth-failure');
  assert.equal((await accountCommand(server, ['lock', 'alice'])).code, 0);
  assert.equal((await attempt(server, alice)).result, 'account-disabled');
  const expected = { 'token-expired': 'token', 'token-malformed': 'token', 'token-issuer': 'token', 'token-signature': 'token', 'account-unavailable': 'password', 'account-locked': 'password' };
  const counted = parseMetrics((await get(server, '/metrics')).body);
  for (const [slug, kind] of Object.entries(expected)) assert.equal(valueOf(counted, 'conclave_logins', { kind, outcome: slug }), 1, slug);
  await eventually('they are in the audit log', async () => {
    const entries = (await audited(server)).filter((entry) => entry.act === 'login' && entry.outcome === 'failure');
    return entries.length === 6 && entries.every((entry) => expected[entry.reason] === entry.kind);
  });

  await t.test('S24 every way to log in has its counters, and each login one set', async () => {
    for (const name of ['key_fetches', 'password_logins_locked', 'password_logins_unavailable', 'ldap_logins_unavailable', 'ldap_servers_failed']) {
      assert.ok(counted.has(`conclave_${name}`), name);
    }
    assert.equal(valueOf(counted, 'conclave_password_logins_locked'), 1);
    assert.equal(valueOf(counted, 'conclave_ldap_servers_failed'), 1);
  });
});
