// S24 Every answer can be explained (access.md 4.10): `explain --live`, which asks the running server about its room as it is now, and metrics by reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audited, call, get } from '../support/admin.mjs';
import { assertRoomMismatch, assertWaits } from '../support/claims.mjs';
import { parseMetrics, valueOf } from '../support/metrics.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';

async function live(server, room, token) {
  server.env.CONCLAVE_ADMIN_URL = `http://${server.host}:${server.http}`;
  const asked = await server.cli(['explain', '--live', '--json', '--room', room, ...(token ? ['--token', token] : [])]);
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
