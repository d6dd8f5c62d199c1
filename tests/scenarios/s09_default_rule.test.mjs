// S9 The default rule: who has a token is moderator, who has none is guest (access.md 4.10). All clauses.
import { test } from 'node:test';
import { assertAdmittedAs, assertReady, assertWaitsFor } from '../support/claims.mjs';
import { fresh, guest, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

test('S9 a token that says nothing about roles makes a moderator, no token a guest', async (t) => {
  const server = await serve(t);
  const room = fresh('s9');
  const silent = await holder(server, room, '-', 'T(r,-)');
  assertReady(await silent.ask(room));
  assertAdmittedAs(await silent.join(room), 'moderator');
  const visitor = await guest(server, room);
  assertReady(await visitor.ask(room));
  assertAdmittedAs(await visitor.join(room), 'guest');
});

test('S9 with MODERATORS=claimed a token that says nothing makes a participant', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_MODERATORS: 'claimed' } });
  const room = fresh('s9');
  const silent = await holder(server, room, '-', 'T(r,-)');
  await assertWaitsFor(silent, room);
  await hostIn(server, room);
  assertReady(await silent.ask(room));
  assertAdmittedAs(await silent.join(room), 'participant');
});

test('S9 with STARTERS=authenticated a participant starts the room, and stays participant', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_MODERATORS: 'claimed', CONCLAVE_STARTERS: 'authenticated' } });
  const room = fresh('s9');
  const silent = await holder(server, room, '-', 'T(r,-)');
  assertReady(await silent.ask(room));
  assertAdmittedAs(await silent.join(room), 'participant');
});
