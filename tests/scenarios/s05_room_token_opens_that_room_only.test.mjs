// S5 A room token opens that room only (access.md 4.10).
// Left out: the HTTP conference request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertResult, assertRoomMismatch, assertWaitsFor } from '../support/claims.mjs';
import { setPassword } from '../support/lobby.mjs';
import { fresh, guest, holder, hostIn, leftOut } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { child } from '../support/xmpp.mjs';

/** The error as the client sees it, without addresses. */
const shape = (joined) => String(child(joined.presence, 'error'));

test('S5 a room token opens that room only', async (t) => {
  leftOut(t, ['S5: by the HTTP conference request']);
  const server = await serve(t);
  const a = fresh('a');
  const b = fresh('b');
  let whenAbsent;

  await t.test('b absent: the request starts nothing and the join is refused with room-mismatch', async () => {
    const client = await holder(server, b, 'mod', 'holder of T(a)', { tokenRoom: a });
    await client.ask(b);
    await assertNotStarted(server, b);
    const joined = await client.join(b);
    assertRoomMismatch(joined);
    whenAbsent = shape(joined);
    await assertNotStarted(server, b);
  });

  await t.test('a guest who waits for b still waits afterwards', async () => {
    const waiter = await guest(server, b);
    await assertWaitsFor(waiter, b);
    const client = await holder(server, b, 'mod', 'holder of T(a)', { tokenRoom: a });
    await client.ask(b);
    assertRoomMismatch(await client.join(b));
    await assertWaitsFor(waiter, b);
    await assertNotStarted(server, b);
  });

  await t.test('b open: the very same answer, and those inside notice nothing', async () => {
    const host = await hostIn(server, b);
    const client = await holder(server, b, 'mod', 'holder of T(a)', { tokenRoom: a });
    await client.ask(b);
    const joined = await client.join(b);
    assertRoomMismatch(joined);
    assert.equal(shape(joined), whenAbsent, 'the answer does not tell whether b is open');
    await host.barrier();
    assert.deepEqual(host.nicks(b), [host.nick]);
    assertResult(await setPassword(host, b, 'open-sesame'), 'password');
    for (const password of [undefined, 'open-sesame']) {
      const locked = await holder(server, b, 'mod', 'holder of T(a)', { tokenRoom: a });
      await locked.ask(b);
      assert.equal(shape(await locked.join(b, { password })), whenAbsent, 'nor whether it is locked, whatever password is given');
    }
  });

  await t.test('by BOSH the same answer', async () => {
    const client = await holder(server, b, 'mod', 'holder of T(a)', { tokenRoom: a, transport: 'bosh' });
    await client.ask(b);
    assert.equal(shape(await client.join(b)), whenAbsent);
  });

  await t.test('connected for a, joining b on the same stream is refused, and a still opens', async () => {
    const other = fresh('b');
    const client = await holder(server, a, 'mod', 'holder of T(a)');
    await client.ask(other);
    assertRoomMismatch(await client.join(other));
    await assertNotStarted(server, other);
    await client.ask(a);
    assertAdmittedAs(await client.join(a), 'moderator');
  });

  await t.test('T(a) at [t]a is refused, by the tenant address and by the inner one', async () => {
    const inner = `[tenant]${a}`;
    for (const [jid, tenant] of [[`${a}@conference.tenant.${server.domain}`, 'tenant'], [`${inner}@${server.muc}`, undefined]]) {
      const client = await holder(server, a, 'mod', 'holder of T(a)', { tenant, prefix: tenant ?? '' });
      await client.ask(jid);
      client.send(client.presence(jid));
      const answer = await client.expect((frame) => frame.el?.name === 'presence' && frame.el.attrs.from?.startsWith(jid.split('@')[0]), `answer from ${jid}`);
      assert.equal(answer.el.attrs.type, 'error', `refused at ${jid}, but ${answer.raw}`);
      await assertNotStarted(server, inner);
    }
  });
});
