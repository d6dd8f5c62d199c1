// S8 Moderator by token opens one room; others without token only enter what is open (access.md 4.10). All clauses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady, assertWaitsFor } from '../support/claims.mjs';
import { room as roomOf } from '../support/admin.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

test('S8 a moderator by token opens one room; others only enter what is open', async (t) => {
  const server = await serve(t);
  const [m, n] = [fresh('m'), fresh('n')];

  await t.test('before the host a guest waits for m and for n, and both are not started', async () => {
    for (const room of [m, n]) {
      const early = await guest(server, room);
      await assertWaitsFor(early, room);
      await assertNotStarted(server, room);
      await early.close();
    }
  });

  await t.test('the host is admitted as moderator and the waiting guest follows as guest', async () => {
    const waiter = await guest(server, m);
    await assertWaitsFor(waiter, m);
    const host = await holder(server, m, 'mod');
    assertReady(await host.ask(m));
    assertAdmittedAs(await host.join(m), 'moderator');
    assertReady(await waiter.ask(m));
    assertAdmittedAs(await waiter.join(m), 'guest');
    const found = await roomOf(server, m);
    assert.equal(found?.state, 'open', `the admin API lists ${m} as open: ${JSON.stringify(found)}`);
    const stranger = await guest(server, n);
    await assertWaitsFor(stranger, n);
    await assertNotStarted(server, n);
  });
});
