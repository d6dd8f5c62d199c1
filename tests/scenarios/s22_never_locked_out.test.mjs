// S22 A moderator is never locked out by his own lobby (access.md 4.10). The grace is 1 s, so that "after 90 s" is after the room is held.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { room as roomOf } from '../support/admin.mjs';
import { assertAdmittedAs, assertResult, assertSentToLobby } from '../support/claims.mjs';
import { admit, expectInvited, expectKnock, goIn, knock, look, setLobby, setPassword } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { find } from '../support/xmpp.mjs';
import { eventually } from '../support/waiting.mjs';

const SAME = { user: { id: 'host-1' } };

/** Lobby on, the host alone, two people knocking. */
async function hostAlone(server) {
  const room = fresh('s22');
  const host = await hostIn(server, room, 'host', SAME);
  assertResult(await setLobby(host, room, true), 'lobby on');
  const knockers = [await guest(server, room, 'K1'), await guest(server, room, 'K2')];
  for (const client of knockers) await knock(client, room);
  return { room, host, knockers };
}

async function assertStillKnocking(host, room, knockers) {
  for (const client of knockers) {
    await client.barrier();
    assert.ok(!client.seen((frame) => frame.raw.includes('<destroy')), `${client.name} was not sent anywhere`);
  }
  await look(host, room);
  for (const client of knockers) await expectKnock(host, room, client);
}

test('S22 a moderator is never locked out by his own lobby', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_HOST_LEFT_GRACE: '1 second' } });

  await t.test('he reloads (ticket): moderator without knocking, knockers still knocking, and he lets them in', async () => {
    const { room, host, knockers } = await hostAlone(server);
    const back = await host.reload();
    assertAdmittedAs(await goIn(back, room), 'moderator');
    await assertStillKnocking(back, room, knockers);
    admit(back, room, ...knockers);
    for (const client of knockers) {
      await expectInvited(client, room);
      assertAdmittedAs(await goIn(client, room), 'guest');
    }
  });

  await t.test('he comes again with his token after the grace, on a new connection', async () => {
    const { room, host, knockers } = await hostAlone(server);
    await host.close();
    await eventually('held', async () => (await roomOf(server, room))?.state === 'held');
    const stranger = await guest(server, room, 'stranger');
    assert.ok((await knock(stranger, room)).waits, 'meanwhile people wait');
    const back = await holder(server, room, 'mod', 'host', SAME);
    assertAdmittedAs(await goIn(back, room), 'moderator');
    await look(back, room);
    for (const client of [...knockers, stranger]) await expectKnock(back, room, client);
  });

  await t.test('he comes from a second device with the same subject', async () => {
    const { room, host, knockers } = await hostAlone(server);
    const phone = await holder(server, room, 'mod', 'host on the phone', SAME);
    assertAdmittedAs(await goIn(phone, room), 'moderator');
    await assertStillKnocking(phone, room, knockers);
    assert.equal(phone.role(room, host.nick), 'moderator', 'the first device is moderator still');
  });

  await t.test('so does a moderator whom he made one, and a password does not hold them up', async () => {
    const room = fresh('s22');
    const host = await hostIn(server, room);
    const made = await participantIn(server, room, 'made');
    assertResult(await host.grant(room, made.jid), 'grant');
    assertResult(await setPassword(host, room, 'pa55word-canary'), 'password');
    assertResult(await setLobby(host, room, true), 'lobby on');
    const back = await made.reload({ token: made.options.token });
    assertAdmittedAs(await goIn(back, room), 'moderator');
  });

  await t.test('the last knocker leaves and nobody is inside: the meeting is over, and so is its lobby', async () => {
    const { room, host, knockers } = await hostAlone(server);
    await host.leave(room);
    assert.ok(await roomOf(server, room), 'it stands for those who knock');
    for (const client of knockers) await client.close();
    await eventually('over', async () => (await roomOf(server, room)) === undefined);
    const again = await hostIn(server, room, 'host', SAME);
    const info = await again.disco(again.roomJid(room));
    assert.ok(!find(info, 'feature', (each) => each.attrs.var === 'muc_membersonly'), String(info));
    await guestIn(server, room, 'anybody');
  });

  await t.test('nobody else comes in while it stands empty', async () => {
    const { room, host } = await hostAlone(server);
    await host.leave(room);
    const late = await guest(server, room, 'late');
    await late.ask(room);
    assertSentToLobby(await late.join(room), 'late');
    const part = await holder(server, room, 'part', 'part');
    await part.ask(room);
    assertSentToLobby(await part.join(room), 'part');
  });
});
