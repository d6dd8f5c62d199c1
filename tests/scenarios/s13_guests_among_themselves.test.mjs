// S13 Guests hold meetings among themselves (access.md 4.10). alice is a token holder here; that an account is a host alike is S3.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertWaitsFor } from '../support/claims.mjs';
import { goIn, knock, setLobby } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { itemOf } from '../support/xmpp.mjs';

const becomes = (client, room, nick, role) => client.expectPresence(room, nick, (presence) => itemOf(presence)?.role === role, `${role}`);

test('S13 guests hold meetings among themselves', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_GUESTS: 'create', CONCLAVE_GUEST_ROOMS: 'walk-in-*' } });

  await t.test('G1 is moderator by election; he leaves and G2 is', async () => {
    const room = fresh('walk-in');
    const first = await guest(server, room, 'G1');
    const joined = await goIn(first, room);
    assert.equal(joined.item.role, 'moderator', joined.frame.raw);
    const second = await guestIn(server, room, 'G2');
    assert.equal(second.role(room, second.nick), 'participant');
    await first.leave(room);
    await becomes(second, room, second.nick, 'moderator');
  });

  await t.test('a knocker is never elected, nor is somebody who waits', async () => {
    const room = fresh('walk-in');
    const first = await guest(server, room, 'G1');
    await goIn(first, room);
    await setLobby(first, room, true);
    const outside = await guest(server, room, 'K');
    await knock(outside, room);
    await first.leave(room);
    await outside.barrier();
    assert.ok(!outside.seen((frame) => frame.raw.includes('role="moderator"')), 'the knocker is nobody still');
  });

  await t.test('when they ask for board they wait, and it is not started', async () => {
    const board = fresh('board');
    for (const name of ['G1', 'G2']) await assertWaitsFor(await guest(server, board, name), board);
    await assertNotStarted(server, board);
  });

  await t.test('alice enters: she is moderator, the elected one no longer', async () => {
    const room = fresh('walk-in');
    const elected = await guest(server, room, 'G1');
    await goIn(elected, room);
    const alice = await holder(server, room, 'mod', 'alice');
    assertAdmittedAs(await goIn(alice, room), 'moderator');
    await becomes(elected, room, elected.nick, 'participant');
    assert.equal(elected.item(room).affiliation, 'none');
    await alice.leave(room);
    await becomes(elected, room, elected.nick, 'moderator');
  });
});
