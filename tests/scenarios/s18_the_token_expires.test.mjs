// S18 The token expires in the meeting (access.md 4.10). Left out: that a recording goes on (no recorder yet); the notice one minute before
// is a unit test on virtual time (expiry_test.cc).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertForbidden, assertWaitsFor, reasonOf } from '../support/claims.mjs';
import { goIn } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn, leftOut } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client, itemOf } from '../support/xmpp.mjs';
import { clockReaches } from '../support/waiting.mjs';

const settings = (policy) => ({ CONCLAVE_TOKEN_EXPIRY: policy, CONCLAVE_JWT_LEEWAY: '0' });
/** A host with T(r, mod, +`seconds`) and a guest; {until} in milliseconds. */
async function meeting(server, seconds) {
  const room = fresh('s18');
  const host = await hostIn(server, room, 'host', { lifetime: seconds, user: { id: 'host-1' } });
  const until = Date.now() + seconds * 1000 + 1000;
  const watcher = await guestIn(server, room, 'watcher');
  return { room, host, watcher, until };
}

test('S18 TOKEN_EXPIRY=keep: still moderator, but nothing new is had by the token', async (t) => {
  leftOut(t, ['S18: a recording that he started goes on (no recorder yet)']);
  const server = await serve(t, { env: settings('keep') });
  const { room, host, watcher, until } = await meeting(server, 4);
  await clockReaches(until);
  await watcher.barrier();
  assert.equal(watcher.role(room, host.nick), 'moderator', 'still moderator');

  const tab = await Client.open(server, { ...host.options, room, storage: host.storage });
  await tab.start();
  const answer = await tab.tryAuth();
  assert.equal(answer.el.name, 'failure', `a second tab with the token is refused: ${answer.raw}`);
  const again = await guest(server, room, 'host, reloaded', { storage: host.storage });
  await again.askAgainWhenInvalid(room);
  const joined = await again.join(room);
  assertAdmittedAs(joined, 'guest');
});

test('S18 TOKEN_EXPIRY=demote: he is a guest, and all see it', async (t) => {
  const server = await serve(t, { env: settings('demote') });
  const { room, host, watcher } = await meeting(server, 3);
  const lowered = await watcher.expectPresence(room, host.nick, (presence) => itemOf(presence)?.role === 'participant', 'the lower role', 8000);
  assert.equal(itemOf(lowered.el).affiliation, 'none', lowered.raw);
  assertForbidden(await host.kick(room, watcher.nick), 'a kick after the end');
});

test('S18 TOKEN_EXPIRY=remove: he is out, with the reason', async (t) => {
  const server = await serve(t, { env: settings('remove') });
  const { room, host, watcher } = await meeting(server, 3);
  const gone = await host.expectGone(room, host.nick, 8000);
  assert.equal(reasonOf(gone.el), 'Your token has expired.', gone.raw);
  await watcher.expectGone(room, host.nick);
  const other = fresh('s18');
  const tokenless = await guest(server, other, 'host without a token', { storage: host.storage });
  await tokenless.askAgainWhenInvalid(other);
  await assertWaitsFor(tokenless, other);
});

test('S18 a fresh token of the same subject on resumption keeps the place, another subject\'s does not', async (t) => {
  const server = await serve(t, { env: settings('demote') });
  const { room, host, watcher, until } = await meeting(server, 4);
  host.vanish();
  const fresher = server.token(room, 'mod', { user: { id: 'host-1', name: 'host' } });
  const back = await host.resume({ token: fresher });
  assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
  await clockReaches(until);
  await watcher.barrier();
  assert.equal(watcher.role(room, host.nick), 'moderator', 'the old end counts no more');

  back.vanish();
  const foreign = server.token(room, 'mod', { user: { id: 'somebody-else', name: 'else' } });
  const thief = await back.resume({ token: foreign });
  assert.equal(thief.resumed.el.name, 'failed', thief.resumed.raw);
  await holder(server, room, 'part', 'other');
  assertAdmittedAs(await goIn(await guest(server, room, 'late'), room), 'guest');
});
