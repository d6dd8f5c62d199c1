// S4 Guests wait for the real host (access.md 4.10).
// Left out: WAITERS=ask (knocking needs a lobby); admission without the client's next request (W1 needs a lobby: until then waiting is W2,
// and the waiter's own next request, every 5 s in stock clients, brings him in).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertHeardNothingOf, assertNotStarted, assertReady, assertWaits } from '../support/claims.mjs';
import { fresh, guest, hostIn, leftOut } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, childrenOf, child, errorOf } from '../support/xmpp.mjs';
import { el } from '../support/xmpp.mjs';

test('S4 guests wait for the real host', async (t) => {
  leftOut(t, ['S4: WAITERS=ask and two knocks (no lobby yet)', 'S4: entering without asking again (W1 needs a lobby; W2 asks again)']);
  const server = await serve(t);
  const room = fresh('s4');
  const waiters = [await guest(server, room, 'G1'), await guest(server, room, 'G2')];

  await t.test('while they wait they get nothing of the room, and it is not started', async () => {
    for (const waiter of waiters) {
      assertWaits(await waiter.ask(room), waiter.name);
      const joined = await waiter.join(room);
      assert.ok(joined.error, `a join without the host is refused, but ${joined.self}`);
      assert.notEqual(`${joined.error.type}/${joined.error.condition}`, 'auth/not-authorized', 'and not as a password prompt');
      waiter.groupchat(room, 'is anybody there?');
      const disco = await waiter.disco(waiter.roomJid(room));
      assert.equal(disco.attrs.type, 'error', `no room information for a waiter: ${disco}`);
      const services = await waiter.iq('get', server.domain, el('services', { xmlns: NS.extdisco }));
      const relays = childrenOf(child(services, 'services'), 'service').filter((each) => each.attrs.password);
      assert.deepEqual(relays.map(String), [], 'no TURN credentials for a waiter');
    }
    await assertNotStarted(server, room);
  });

  await t.test('what is said in the room before they are in does not reach them', async () => {
    const host = await hostIn(server, room);
    host.groupchat(room, 'only for those inside');
    await host.expectBody('only for those inside');
    for (const waiter of waiters) {
      await waiter.barrier();
      assertHeardNothingOf(waiter, room);
    }
  });

  await t.test('their next request after the host arrived brings them in, as guests', async () => {
    const since = performance.now();
    for (const waiter of waiters) {
      assertReady(await waiter.ask(room));
      assertAdmittedAs(await waiter.join(room), 'guest');
    }
    assert.ok(performance.now() - since < 2000 * (Number(process.env.CONCLAVE_TEST_PATIENCE) || 1), 'within two seconds');
  });

  await t.test('a room-less error is what a waiting join gets, not silence', async () => {
    const other = fresh('s4');
    const waiter = await guest(server, other);
    const joined = await waiter.join(other);
    assert.ok(errorOf(joined.presence)?.condition, String(joined.presence));
    await assertNotStarted(server, other);
  });
});
