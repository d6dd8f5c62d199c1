// S2 A guest never meets a password prompt (access.md 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady, assertResult, assertWaitsFor } from '../support/claims.mjs';
import { setPassword } from '../support/lobby.mjs';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client, isPresence, errorOf } from '../support/xmpp.mjs';

test('S2 a guest never meets a password prompt', async (t) => {
  const server = await serve(t);

  for (const host of [server.domain, `guest.${server.domain}`]) {
    await t.test(`a stream to ${host} offers ANONYMOUS and takes it, and the request for an absent room waits`, async () => {
      const room = fresh('s2');
      const client = await Client.open(server, { room, host });
      await client.start();
      assert.ok(client.mechanisms.includes('ANONYMOUS'), `ANONYMOUS in ${client.features}`);
      const answer = await client.tryAuth();
      assert.equal(answer.el.name, 'success', `SASL success, but ${answer.raw}`);
      await client.start();
      await client.bind();
      await client.enable();
      await assertWaitsFor(client, room);
      await assertNotStarted(server, room);
      await client.close();
    });
  }

  await t.test('an open room lets the guest in without any auth error', async () => {
    const room = fresh('s2');
    const host = await hostIn(server, room);
    const client = await guest(server, room);
    assertReady(await client.ask(room));
    assertAdmittedAs(await client.join(room), 'guest');
    await client.barrier();
    assert.ok(!client.seen((frame) => frame.raw.startsWith('<failure')), 'no SASL failure');
    assert.ok(!client.seen((frame) => isPresence(frame) && errorOf(frame.el)?.condition === 'not-authorized'), 'no presence error not-authorized');
    await host.close();
  });

  await t.test('in a room with a password exactly that error occurs, once per wrong try, and the right one opens', async () => {
    const room = fresh('s2');
    const host = await hostIn(server, room);
    assertResult(await setPassword(host, room, 'the right one'), 'password');
    const client = await guest(server, room);
    assertReady(await client.ask(room));
    for (const password of [undefined, 'wrong', 'wrong again']) {
      const joined = await client.join(room, { password });
      assert.equal(`${joined.error?.type}/${joined.error?.condition}`, 'auth/not-authorized', String(joined.self));
    }
    const errors = client.log.filter((frame) => isPresence(frame) && errorOf(frame.el));
    assert.equal(errors.length, 3, 'one each');
    assertAdmittedAs(await client.join(room, { password: 'the right one' }), 'guest');
  });
});
