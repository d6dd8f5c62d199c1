// S12 The host leaves (access.md 4.10). The grace is 1 s here instead of 60 s.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { room as roomOf } from '../support/admin.mjs';
import { assertAdmittedAs, assertReady, reasonOf, rolesSeenBy } from '../support/claims.mjs';
import { expectLobbyClosed, goIn, knock } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';

const SHORT = { CONCLAVE_HOST_LEFT_GRACE: '1 second' };

/** Host, participant and guest; then the host is gone. */
async function leftBehind(server) {
  const room = fresh('s12');
  const host = await hostIn(server, room);
  const participant = await participantIn(server, room);
  const inside = await guestIn(server, room);
  await host.leave(room);
  for (const client of [participant, inside]) await client.expectGone(room, host.nick);
  return { room, host, participant, inside };
}
const isHeld = (server, room) => eventually(`${room} is held`, async () => (await roomOf(server, room))?.state === 'held');

test('S12 the host leaves', async (t) => {
  const server = await serve(t, { env: SHORT });

  await t.test('HOST_LEFT=hold: within the grace nothing is visible, nobody becomes moderator, they go on talking', async () => {
    const { room, participant, inside } = await leftBehind(server);
    const marks = [participant, inside].map((client) => client.log.length);
    participant.groupchat(room, 'still here');
    await inside.expectBody('still here');
    for (const client of [participant, inside]) await client.barrier();
    const roles = Object.values(rolesSeenBy(inside, room)).filter((role) => role.startsWith('owner'));
    assert.equal(roles.length, 1, `only the focus is owner: ${JSON.stringify(rolesSeenBy(inside, room))}`);
    [participant, inside].forEach((client, index) => {
      const news = client.log.slice(marks[index]).filter((frame) => frame.el?.name === 'presence');
      assert.deepEqual(news.map((frame) => frame.raw), [], `${client.name} saw nothing`);
    });
    const early = await guest(server, room, 'early');
    assertAdmittedAs(await goIn(early, room), 'guest');
  });

  await t.test('after the grace a new guest waits, a new participant enters; the host returns by ticket and the waiter gets in', async () => {
    const { room, host, inside } = await leftBehind(server);
    await isHeld(server, room);
    const late = await guest(server, room, 'late');
    assert.ok((await knock(late, room)).waits, 'a new guest waits');
    const bo = await holder(server, room, 'part', 'Bo');
    assertAdmittedAs(await goIn(bo, room), 'participant');
    await late.barrier();
    assert.ok(!late.seen((frame) => frame.raw.includes('<destroy')), 'a participant opens nothing for him');
    inside.groupchat(room, 'we talk');
    await bo.expectBody('we talk');

    const back = await host.reload();
    assertReady(await back.ask(room));
    assertAdmittedAs(await back.join(room), 'moderator');
    assert.equal((await expectLobbyClosed(late, room)).reason, 'Host arrived.');
    assertAdmittedAs(await goIn(late, room), 'guest');
  });

  await t.test('who was inside before the host left comes back with his ticket', async () => {
    const { room, inside } = await leftBehind(server);
    await isHeld(server, room);
    const again = await inside.reload();
    assertAdmittedAs(await goIn(again, room), 'guest');
  });

  await t.test('the host returns by token: moderator at once', async () => {
    const { room, host } = await leftBehind(server);
    await isHeld(server, room);
    const back = await holder(server, room, 'mod', 'host', { storage: undefined });
    assertAdmittedAs(await goIn(back, room), 'moderator');
    assert.notEqual(back.jid, host.jid);
    assert.equal((await roomOf(server, room)).state, 'open');
  });
});

test('S12 HOST_LEFT=open lets newcomers in', async (t) => {
  const server = await serve(t, { env: { ...SHORT, CONCLAVE_HOST_LEFT: 'open', CONCLAVE_HOST_LEFT_GRACE: '0 seconds' } });
  const { room, inside } = await leftBehind(server);
  await inside.barrier();
  const late = await guest(server, room, 'late');
  assertAdmittedAs(await goIn(late, room), 'guest');
});

test('S12 HOST_LEFT=end removes everybody with a reason', async (t) => {
  const server = await serve(t, { env: { ...SHORT, CONCLAVE_HOST_LEFT: 'end' } });
  const { room, participant, inside } = await leftBehind(server);
  for (const client of [participant, inside]) {
    const gone = await client.expectGone(room, client.nick);
    assert.equal(reasonOf(gone.el), 'The host has left, and the meeting has ended.', gone.raw);
  }
  assert.equal(await roomOf(server, room), undefined);
});
