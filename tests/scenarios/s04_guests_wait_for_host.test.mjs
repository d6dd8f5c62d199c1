// S4 Guests wait for the real host (access.md 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady, assertWaitsFor, assertWaitsW2 } from '../support/claims.mjs';
import { admit, expectInvited, expectKnock, expectLobbyClosed, goIn, knock, look } from '../support/lobby.mjs';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, childrenOf, child, el, find, isPresence } from '../support/xmpp.mjs';

const relaysOf = async (client) => {
  const services = await client.iq('get', client.server.domain, el('services', { xmlns: NS.extdisco }));
  return childrenOf(child(services, 'services'), 'service').filter((each) => each.attrs.password);
};

test('S4 guests wait for the real host', async (t) => {
  const server = await serve(t, { env: { TURN_HOST: 'turn.example', TURN_CREDENTIALS: 'shared with the relay' } });
  const room = fresh('s4');
  const waiters = [await guest(server, room, 'G1'), await guest(server, room, 'G2')];

  await t.test('while they wait they get nothing of the room, and it is not started', async () => {
    for (const waiter of waiters) {
      const { joined, waits } = await knock(waiter, room);
      assert.ok(waits, `${waiter.name} waits for a host`);
      assert.ok(joined.self, `${waiter.name} is in the lobby: ${joined.presence}`);
      waiter.groupchat(room, 'is anybody there?');
      const disco = await waiter.disco(waiter.roomJid(room));
      assert.equal(disco.attrs.type, 'error', `no room information for a waiter: ${disco}`);
      assert.deepEqual((await relaysOf(waiter)).map(String), [], 'no TURN credentials for a waiter');
    }
    await assertNotStarted(server, room);
    const [one, other] = waiters;
    await one.barrier();
    assert.ok(!one.seen((frame) => frame.raw.includes(other.jid) || frame.raw.includes('G2')), 'waiters do not see each other');
  });

  await t.test('the host arrives: within two seconds both are in, as guests, without asking for it', async () => {
    const since = performance.now();
    const host = await hostIn(server, room);
    host.groupchat(room, 'only for those inside');
    await host.expectBody('only for those inside');
    for (const waiter of waiters) {
      await waiter.barrier();
      const heard = waiter.log.filter((frame) => ['only for those inside', host.nick, host.jid, 'muc#roominfo'].some((word) => frame.raw.includes(word)));
      assert.deepEqual(heard.map((frame) => frame.raw), [], `${waiter.name} heard nothing of the meeting`);
    }
    for (const waiter of waiters) {
      const { jid, reason } = await expectLobbyClosed(waiter, room);
      assert.deepEqual([jid, reason], [waiter.roomJid(room), 'Host arrived.'], 'the waiting room is destroyed naming the main room');
      assertAdmittedAs(await goIn(waiter, room), 'guest');
    }
    assert.ok(performance.now() - since < 2000 * (Number(process.env.CONCLAVE_TEST_PATIENCE) || 1), 'within two seconds');
  });

  await t.test('who stood at the door and never entered the lobby gets in by his next request', async () => {
    const other = fresh('s4');
    const waiter = await guest(server, other);
    await assertWaitsFor(waiter, other);
    await hostIn(server, other);
    assertAdmittedAs(await goIn(waiter, other), 'guest');
  });

  await t.test('the lobby is nowhere for somebody whom nothing holds: he is sent back to the door', async () => {
    const other = fresh('s4');
    await hostIn(server, other);
    const late = await guest(server, other);
    const joined = await late.join(`${other}@lobby.${server.domain}`);
    assert.equal(`${joined.error?.type}/${joined.error?.condition}`, 'cancel/not-allowed', String(joined.self));
    assert.equal(joined.error.text, 'Room creation is restricted');
    assertAdmittedAs(await goIn(late, other), 'guest');
  });
});

test('S4 with WAITERS=ask the waiters become knockers, and the host sees two knocks', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_WAITERS: 'ask' } });
  const room = fresh('s4');
  const waiters = [await guest(server, room, 'G1'), await guest(server, room, 'G2')];
  for (const waiter of waiters) assert.ok((await knock(waiter, room)).waits);
  const host = await hostIn(server, room);
  const info = await host.disco(host.roomJid(room));
  assert.ok(find(info, 'feature', (each) => each.attrs.var === 'muc_membersonly'), `the host's client is told to look: ${info}`);
  await look(host, room);
  for (const waiter of waiters) assert.equal(find((await expectKnock(host, room, waiter)).el, 'nick').getText(), waiter.name);
  for (const waiter of waiters) await waiter.barrier();
  for (const waiter of waiters) assert.ok(!waiter.seen((frame) => isPresence(frame) && find(frame.el, 'destroy')), 'nobody is sent in');
  const late = await guest(server, room, 'late');
  assert.ok(!(await knock(late, room)).waits, 'who comes later knocks too: a new connection is no way around');
  admit(host, room, ...waiters);
  for (const waiter of waiters) {
    await expectInvited(waiter, room);
    assertAdmittedAs(await goIn(waiter, room), 'guest');
  }
});

test('S4 with ENABLE_LOBBY=0 waiting is W2: the request says so, and asking again brings him in', async (t) => {
  const server = await serve(t, { env: { ENABLE_LOBBY: '0' } });
  const room = fresh('s4');
  const waiter = await guest(server, room);
  assertWaitsW2(await waiter.ask(room));
  const joined = await waiter.join(room);
  assert.ok(joined.error, `a join without the host is refused, but ${joined.self}`);
  assert.notEqual(`${joined.error.type}/${joined.error.condition}`, 'auth/not-authorized', 'and not as a password prompt');
  const disco = await waiter.disco();
  assert.ok(!find(disco, 'identity', (each) => each.attrs.type === 'lobbyrooms'), `no lobby component: ${disco}`);
  await hostIn(server, room);
  assertReady(await waiter.ask(room));
  assertAdmittedAs(await waiter.join(room), 'guest');
});
