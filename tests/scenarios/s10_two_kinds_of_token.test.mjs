// S10 Two kinds of token (access.md 4.10). All clauses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady, assertResult, assertWaitsFor } from '../support/claims.mjs';
import { fresh, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { itemOf } from '../support/xmpp.mjs';

const MODERATOR_CLAIMS = {
  'context.user.moderator true': { context: { user: { id: 'u', moderator: true } } },
  'context.user.moderator "true"': { context: { user: { id: 'u', moderator: 'true' } } },
  'affiliation owner': { context: { user: { id: 'u', affiliation: 'owner' } } },
  'affiliation moderator': { context: { user: { id: 'u', affiliation: 'moderator' } } },
  'affiliation teacher': { context: { user: { id: 'u', affiliation: 'teacher' } } },
  'top-level moderator': { moderator: true, context: { user: { id: 'u' } } },
};
const PARTICIPANT_CLAIMS = {
  'context.user.moderator false': { context: { user: { id: 'u', moderator: false } } },
  'context.user.moderator "false"': { context: { user: { id: 'u', moderator: 'false' } } },
  'an unknown value of moderator': { context: { user: { id: 'u', moderator: 'perhaps' } } },
  'an unknown affiliation': { context: { user: { id: 'u', affiliation: 'student' } } },
  'affiliation member': { context: { user: { id: 'u', affiliation: 'member' } } },
  'top-level moderator false': { moderator: false, context: { user: { id: 'u' } } },
};

test('S10 two kinds of token', async (t) => {
  const server = await serve(t);

  await t.test('the participant who comes first waits, and is let in once the moderator started', async () => {
    const room = fresh('s10');
    const participant = await holder(server, room, 'part');
    await assertWaitsFor(participant, room);
    await assertNotStarted(server, room);
    const host = await holder(server, room, 'mod');
    assertReady(await host.ask(room));
    assertAdmittedAs(await host.join(room), 'moderator');
    assertReady(await participant.ask(room));
    assertAdmittedAs(await participant.join(room), 'participant');
  });

  await t.test('in the other order the roles are the same', async () => {
    const room = fresh('s10');
    const host = await hostIn(server, room);
    const participant = await participantIn(server, room);
    await host.barrier();
    assert.equal(host.role(room), 'moderator');
    assert.equal(participant.role(room), 'participant');
    assert.deepEqual(host.item(room, participant.nick)?.affiliation, 'member');
  });

  await t.test('after the host left nobody is promoted', async () => {
    const room = fresh('s10');
    const host = await hostIn(server, room);
    const [first, second] = [await participantIn(server, room, 'first'), await participantIn(server, room, 'second')];
    await host.close();
    await first.expectGone(room, host.nick);
    await second.expectGone(room, host.nick);
    await first.barrier();
    assert.deepEqual([first.role(room), first.role(room, second.nick)], ['participant', 'participant']);
  });

  await t.test('the host grants moderator, who keeps it over a reload with his token shown again', async () => {
    const room = fresh('s10');
    const host = await hostIn(server, room);
    const participant = await participantIn(server, room);
    assertResult(await host.grant(room, participant.jid), 'grant');
    for (const client of [host, participant]) {
      await client.expectPresence(room, participant.nick, (presence) => itemOf(presence)?.role === 'moderator', 'presence as moderator');
    }
    const again = await participant.reload({ token: participant.options.token });
    assertReady(await again.ask(room));
    assertAdmittedAs(await again.join(room), 'moderator');
  });

  for (const [form, claims] of Object.entries(MODERATOR_CLAIMS)) {
    await t.test(`moderator by ${form}`, async () => {
      const room = fresh('s10');
      const client = await holder(server, room, '-', form, { claims });
      assertReady(await client.ask(room));
      assertAdmittedAs(await client.join(room), 'moderator');
      await client.close();
    });
  }

  for (const [form, claims] of Object.entries(PARTICIPANT_CLAIMS)) {
    await t.test(`participant by ${form}`, async () => {
      const room = fresh('s10');
      const host = await hostIn(server, room);
      const client = await holder(server, room, '-', form, { claims });
      assertReady(await client.ask(room));
      assertAdmittedAs(await client.join(room), 'participant');
      await client.close();
      await host.close();
    });
  }
});
