// S14 Guests invited into an authenticated user's room (access.md 4.10). What the copied link holds is the web client's test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { room as roomOf } from '../support/admin.mjs';
import { assertAdmittedAs, assertResult, assertSentToLobby } from '../support/claims.mjs';
import { admit, configure, expectInvited, expectKnock, expectLobbyClosed, goIn, invitation, knock, lobbyNick, look, notices, refuse, setLobby, wasInvited } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { userOf } from '../support/token.mjs';
import { NS, codes, el, errorOf, find, isMessage, isPresence, itemOf } from '../support/xmpp.mjs';
import { eventually } from '../support/waiting.mjs';

async function withLobby(server) {
  const board = fresh('board');
  const alice = await hostIn(server, board, 'alice');
  assertResult(await setLobby(alice, board, true), 'lobby on');
  await look(alice, board);
  return { board, alice };
}

test('S14 guests invited into the room of somebody who is authenticated', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_HOST_LEFT_GRACE: '1 second' } });

  await t.test('by the link alone: a guest, and no prompt', async () => {
    const board = fresh('board');
    await hostIn(server, board, 'alice');
    const client = await guest(server, board);
    assertAdmittedAs(await goIn(client, board), 'guest');
    assert.ok(!client.seen((frame) => errorOf(frame.el)), 'no error on the way');
  });

  await t.test('switching the lobby on is told: 104, disco, and a notice', async () => {
    const board = fresh('board');
    const alice = await hostIn(server, board, 'alice');
    const bo = await participantIn(server, board, 'Bo');
    assertResult(await setLobby(alice, board, true), 'lobby on');
    await bo.expect((frame) => isMessage(frame) && codes(frame.el).includes('104'), 'status 104');
    await bo.barrier();
    assert.deepEqual(notices(bo), [{ type: 'lobby-notify', event: 'LOBBY-ENABLED', value: true }]);
    const info = await alice.disco(alice.roomJid(board));
    assert.ok(find(info, 'feature', (each) => each.attrs.var === 'muc_membersonly'), String(info));
    const field = find(info, 'field', (each) => each.attrs.var === 'muc#roominfo_lobbyroom');
    assert.equal(find(field, 'value')?.getText(), `${board}@lobby.${server.domain}`);
    assert.ok(find(await alice.disco(), 'identity', (each) => each.attrs.type === 'lobbyrooms' && each.attrs.name === `lobby.${server.domain}`));
    const component = await alice.disco(`lobby.${server.domain}`, 'lobbyrooms');
    assert.ok(find(component, 'feature', (each) => each.attrs.var.endsWith('#displayname_required')), String(component));
  });

  await t.test('with the lobby on he knocks, is seen by moderators only, and only they can let him in', async () => {
    const { board, alice } = await withLobby(server);
    const bo = await participantIn(server, board, 'Bo').catch(() => undefined);
    assert.equal(bo, undefined, 'a participant knocks too when a moderator has switched it on');
    const client = await guest(server, board, 'Gus');
    const other = await guest(server, board, 'Hal');
    const { waits, joined } = await knock(client, board);
    assert.ok(!waits && joined.self, 'he knocks');
    await knock(other, board);
    const seen = await expectKnock(alice, board, client);
    assert.equal(find(seen.el, 'nick').getText(), 'Gus');
    assert.equal(itemOf(seen.el).jid, client.jid, seen.raw);
    await other.barrier();
    assert.ok(!other.seen((frame) => frame.raw.includes('Gus')), 'knockers do not see each other');

    admit(alice, board, client);
    await expectInvited(client, board);
    assertAdmittedAs(await goIn(client, board), 'guest');
    await client.leave(`${board}@lobby.${server.domain}`, lobbyNick(client));
    await alice.barrier();
    assert.deepEqual(notices(alice).at(-1), { type: 'lobby-notify', event: 'LOBBY-ACCESS-GRANTED', value: `${board}@lobby.${server.domain}/${lobbyNick(client)}`, name: 'Gus' });

    client.send(invitation(client, board, [other.jid]));
    const bounced = await client.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'error', 'the refusal of his invitation');
    assert.equal(errorOf(bounced.el).condition, 'forbidden', bounced.raw);
    await other.barrier();
    assert.ok(!wasInvited(other, board), 'his invitation did nothing');
  });

  await t.test('admit all: several invitations in one message', async () => {
    const { board, alice } = await withLobby(server);
    const people = [await guest(server, board, 'G1'), await guest(server, board, 'G2'), await guest(server, board, 'G3')];
    for (const client of people) await knock(client, board);
    admit(alice, board, ...people);
    for (const client of people) {
      await expectInvited(client, board);
      assertAdmittedAs(await goIn(client, board), 'guest');
    }
  });

  await t.test('turned away: 307 with actor and reason, and the meeting is told', async () => {
    const { board, alice } = await withLobby(server);
    const client = await guest(server, board, 'Gus');
    const { lobby } = await knock(client, board);
    await expectKnock(alice, board, client);
    assertResult(await refuse(alice, board, client, 'not today'), 'refusal');
    const gone = await client.expectGone(lobby, lobbyNick(client));
    assert.deepEqual(codes(gone.el).sort(), ['110', '307'], gone.raw);
    assert.equal(find(gone.el, 'reason').getText(), 'not today');
    assert.equal(find(gone.el, 'actor').attrs.nick, alice.nick);
    await alice.barrier();
    assert.equal(notices(alice).at(-1).event, 'LOBBY-ACCESS-DENIED');
    assertSentToLobby(await client.join(board), 'who was turned away');
  });

  await t.test('once admitted a reload needs no second knock, also while the room is held, until the meeting ends', async () => {
    const { board, alice } = await withLobby(server);
    let client = await guest(server, board, 'Gus');
    await knock(client, board);
    admit(alice, board, client);
    await expectInvited(client, board);
    assertAdmittedAs(await goIn(client, board), 'guest');
    client = await client.reload();
    assertAdmittedAs(await goIn(client, board), 'guest');

    await alice.leave(board);
    await eventually('held', async () => (await roomOf(server, board))?.state === 'held');
    const stays = await guest(server, board, 'stays');
    assert.ok((await knock(stays, board)).waits, 'a stranger waits for the host now');
  });

  await t.test('once admitted, a reload while somebody else keeps the held meeting alive', async () => {
    const { board, alice } = await withLobby(server);
    const people = [await guest(server, board, 'Gus'), await guest(server, board, 'Hal')];
    for (const client of people) await knock(client, board);
    admit(alice, board, ...people);
    for (const client of people) {
      await expectInvited(client, board);
      await goIn(client, board);
    }
    await alice.leave(board);
    await eventually('held', async () => (await roomOf(server, board))?.state === 'held');
    const again = await people[0].reload();
    assertAdmittedAs(await goIn(again, board), 'guest');
    for (const client of [again, people[1]]) await client.leave(board);
    await eventually('the meeting is over', async () => (await roomOf(server, board)) === undefined);
    const next = await again.reload();
    await hostIn(server, board, 'alice', { storage: alice.storage }).then((host) => setLobby(host, board, true));
    await next.ask(board);
    assertSentToLobby(await next.join(board), 'in the next meeting');
  });

  await t.test('the lobby is switched off: the knockers are sent to the main room and get in', async () => {
    const { board, alice } = await withLobby(server);
    const client = await guest(server, board, 'Gus');
    await knock(client, board);
    assertResult(await setLobby(alice, board, false), 'lobby off');
    assert.deepEqual(await expectLobbyClosed(client, board), { jid: client.roomJid(board), reason: 'Lobby room closed.' });
    assertAdmittedAs(await goIn(client, board), 'guest');
    const info = await alice.disco(alice.roomJid(board));
    assert.ok(!find(info, 'feature', (each) => each.attrs.var === 'muc_membersonly'), String(info));
  });

  await t.test('the meeting is ended for all: the lobby is gone, and names no room to go to', async () => {
    const { board, alice } = await withLobby(server);
    const client = await guest(server, board, 'Gus');
    await knock(client, board);
    alice.endForAll();
    const { jid, reason } = await expectLobbyClosed(client, board);
    assert.deepEqual([jid, reason], [undefined, 'The meeting has been terminated']);
  });

  await t.test('chat passes between a moderator and the one he talks with, and to nobody else', async () => {
    const { board, alice } = await withLobby(server);
    const [gus, hal] = [await guest(server, board, 'Gus'), await guest(server, board, 'Hal')];
    const { lobby } = await knock(gus, board);
    await knock(hal, board);
    await expectKnock(alice, board, gus);
    const json = (value) => el('json-message', { xmlns: NS.jitmeet }, JSON.stringify(value));
    const chat = (to, value, type = 'chat') => el('message', { xmlns: 'jabber:client', type, to }, json(value));
    const hears = (client, text) => client.expect((frame) => isMessage(frame) && frame.raw.includes(text), text);

    alice.send(chat(`${lobby}/${lobbyNick(gus)}`, { type: 'LOBBY_CHAT_MESSAGE', message: 'who are you?' }));
    const asked = await hears(gus, 'who are you?');
    assert.equal(asked.el.attrs.from, `${lobby}/${lobbyNick(alice)}`);
    gus.send(chat(asked.el.attrs.from, { type: 'LOBBY_CHAT_MESSAGE', message: 'a friend' }));
    assert.equal((await hears(alice, 'a friend')).el.attrs.from, `${lobby}/${lobbyNick(gus)}`);
    alice.send(chat(lobby, { type: 'LOBBY_CHAT_INITIALIZED', attendee: { name: 'Gus', id: lobbyNick(gus) } }, 'groupchat'));
    gus.send(chat(lobby, { type: 'LOBBY_CHAT_MESSAGE', message: 'to all of you' }, 'groupchat'));
    await hears(alice, 'to all of you');
    gus.send(chat(`${lobby}/${lobbyNick(hal)}`, { type: 'LOBBY_CHAT_MESSAGE', message: 'psst' }));
    await gus.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'error', 'no chat among knockers');
    await hal.barrier();
    assert.ok(!hal.seen(isMessage), 'the other one heard nothing');
    alice.send(chat(lobby, { type: 'MODERATOR_IN_CHAT_WITH_LEFT', moderatorId: lobbyNick(alice) }, 'groupchat'));
    await hears(gus, 'MODERATOR_IN_CHAT_WITH_LEFT');
  });

  await t.test('a room for accounts only: a guest is told to log in, also one who knocks', async () => {
    const { board, alice } = await withLobby(server);
    const client = await guest(server, board, 'Gus');
    await knock(client, board);
    assertResult(await configure(alice, board, { allowUnauthenticatedAccess: 'false' }), 'accounts only');
    assert.equal((await expectLobbyClosed(client, board)).jid, client.roomJid(board));
    const joined = await client.join(board);
    assert.equal(`${joined.error?.type}/${joined.error?.condition}`, 'cancel/not-allowed', String(joined.presence));
    assert.ok(joined.error.children.includes('authentication-required'), String(joined.presence));
  });
});

test('S14 a lobby from the start: LOBBY=guests holds guests and lets tokens through, LOBBY=all holds both', async (t) => {
  for (const [value, through] of [['guests', true], ['all', false]]) {
    const server = await serve(t, { env: { CONCLAVE_LOBBY: value } });
    const room = fresh('s14');
    const client = await guest(server, room, 'Gus');
    assert.ok((await knock(client, room)).waits, 'before the host he waits');
    const host = await hostIn(server, room);
    await look(host, room);
    await expectKnock(host, room, client);
    const bo = await guest(server, room, 'Bo', { token: server.token(room, 'part', { user: { name: 'Bo' } }) });
    if (through) assertAdmittedAs(await goIn(bo, room), 'participant');
    else {
      assert.equal((await knock(bo, room)).waits, false, 'he knocks');
      await expectKnock(host, room, bo);
    }
    admit(host, room, client);
    await expectInvited(client, room);
    assertAdmittedAs(await goIn(client, room), 'guest');
    assert.ok(host.seen((frame) => isPresence(frame) && frame.el.attrs.type === 'unavailable' && frame.el.attrs.from.endsWith(`/${lobbyNick(client)}`)), 'who was let in is gone from the list');
  }
});

test('S14 a lobby by the host’s token: with context.room.lobby_autostart who waited for him knocks', async (t) => {
  const server = await serve(t);
  const wishing = (room, wishes) => holder(server, room, 'mod', 'host', { claims: { context: { user: userOf('mod'), room: wishes } } });

  await t.test('S14 nobody comes in before the host has let him in', async () => {
    const room = fresh('s14');
    const client = await guest(server, room, 'Gus');
    assert.ok((await knock(client, room)).waits, 'before the host he waits');
    const host = await wishing(room, { lobby_autostart: true });
    await host.enter(room);
    await look(host, room);
    await expectKnock(host, room, client);
    const late = await guest(server, room, 'Lea');
    assert.equal((await knock(late, room)).waits, false, 'who comes later knocks');
    admit(host, room, client);
    await expectInvited(client, room);
    assertAdmittedAs(await goIn(client, room), 'guest');
  });

  await t.test('S14 context.room.lobby=false says otherwise, and wins', async () => {
    const room = fresh('s14');
    const host = await wishing(room, { lobby: false, lobby_autostart: true });
    await host.enter(room);
    const client = await guest(server, room, 'Gus');
    await client.enter(room);
    assert.equal(client.role(room), 'participant');
  });

  await t.test('S14 it is the host’s wish: of a participant’s token it is none', async () => {
    const room = fresh('s14');
    await hostIn(server, room);
    const bo = await holder(server, room, 'part', 'bo', { claims: { context: { user: userOf('part'), room: { lobby_autostart: true } } } });
    await bo.enter(room);
    const client = await guest(server, room, 'Gus');
    await client.enter(room);
    assert.equal(client.role(room), 'participant');
  });
});
