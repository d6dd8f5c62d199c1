// Attacks A39 to A46 of access.md part 5: kicked people, elections, waiting, lobby and password. A43's names are with S17, A45 with A33.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metric } from '../support/admin.mjs';
import { assertAdmittedAs, assertNotStarted, assertReady, assertResult, assertSentToLobby } from '../support/claims.mjs';
import { admit, expectInvited, expectKnock, expectLobbyClosed, goIn, invitation, knock, lobbyNick, lobbyOf, look, setLobby, setPassword, wasInvited } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, Storage, child, el, errorOf, isMessage, itemOf } from '../support/xmpp.mjs';

const refusedWith = (joined) => `${joined.error?.type}/${joined.error?.condition}`;

test('A39 a kicked person comes back only as KICKED says', async (t) => {
  for (const [policy, expected] of [['knock', 'auth/registration-required'], ['barred', 'cancel/not-allowed'], ['return', 'undefined/undefined']]) {
    await t.test(`A39 KICKED=${policy}`, async () => {
      const server = await serve(t, { env: { CONCLAVE_KICKED: policy } });
      const room = fresh('a39');
      const host = await hostIn(server, room);
      const expect = async (client, options, what) => {
        await client.ask(room);
        const joined = await client.join(room, options);
        assert.equal(refusedWith(joined), expected, `${what}: ${joined.presence ?? joined.self}`);
      };
      const gus = await guestIn(server, room, 'Gus');
      assertResult(await host.kick(room, gus.nick), 'kick');
      await gus.expectGone(room, gus.nick);
      await expect(gus, {}, 'rejoining at once');
      if (policy === 'return') return;
      await expect(gus, { nick: 'other1' }, 'under another nick');
      await expect(await gus.reload(), {}, 'after a reload, with the ticket');
      const forgetful = new Storage();
      forgetful.machineUid = gus.storage.machineUid;
      await expect(await guest(server, room, 'Gus', { storage: forgetful }), {}, 'from another tab without the ticket');

      const part = await participantIn(server, room, 'Pat', { user: { id: 'pat' } });
      assertResult(await host.kick(room, part.nick), 'kick');
      await part.expectGone(room, part.nick);
      await expect(await holder(server, room, 'part', 'Pat', { user: { id: 'pat' } }), {}, 'the same subject from another device');
    });
  }

  await t.test('A39 a kicked guest who was admitted from the lobby before has to knock again; admitted again he is in', async () => {
    const server = await serve(t);
    const room = fresh('a39');
    const host = await hostIn(server, room);
    const gus = await guestIn(server, room, 'Gus');
    assertResult(await host.kick(room, gus.nick), 'kick');
    await gus.expectGone(room, gus.nick);
    assert.ok(!(await knock(gus, room)).waits);
    await host.expect((frame) => isMessage(frame) && frame.raw.includes('code="104"'), 'the room says that somebody knocks');
    const info = await host.disco(host.roomJid(room));
    assert.match(String(info), /muc_membersonly/, 'and that there is a lobby to look into');
    await look(host, room);
    await expectKnock(host, room, gus);
    admit(host, room, gus);
    await expectInvited(gus, room);
    assertAdmittedAs(await goIn(gus, room), 'guest');
    assertResult(await host.kick(room, gus.nick), 'the second kick');
    await gus.expectGone(room, gus.nick);
    await gus.ask(room);
    assertSentToLobby(await gus.join(room), 'after the second kick');
  });

  await t.test('A39 barred from the lobby: he stays out until the meeting ends, by reload and by storage without the ticket', async () => {
    const server = await serve(t);
    const room = fresh('a39');
    const host = await hostIn(server, room);
    await setLobby(host, room, true);
    const gus = await guest(server, room, 'Gus');
    await knock(gus, room);
    await look(host, room);
    await expectKnock(host, room, gus);
    assertResult(await host.admin(lobbyOf(host, room), { affiliation: 'outcast', nick: lobbyNick(gus) }), 'bar from the lobby');
    await gus.expectGone(lobbyOf(gus, room), lobbyNick(gus));
    await setLobby(host, room, false);
    const refused = async (client) => {
      await client.ask(room);
      const joined = await client.join(room);
      assert.equal(refusedWith(joined), 'cancel/not-allowed', String(joined.self));
    };
    await refused(gus);
    await refused(await gus.reload());
  });
});

test('A40 election games: never somebody who waits or knocks', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_GUESTS: 'create', CONCLAVE_AUTO_PROMOTE: 'anyone' } });
  const room = fresh('a40');
  const first = await guest(server, room, 'first');
  await goIn(first, room);
  await setLobby(first, room, true);
  const outside = await guest(server, room, 'K');
  await knock(outside, room);
  await first.leave(room);
  await outside.barrier();
  assert.ok(!outside.seen((frame) => itemOf(frame.el ?? el('x'))?.role === 'moderator'), 'all left but a knocker: he is nobody');
  const quick = await guest(server, room, 'quick');
  await quick.ask(room);
  assertSentToLobby(await quick.join(room), 'who comes and goes fast');
});

test('A41 who waits or knocks learns nothing of the meeting', async (t) => {
  const server = await serve(t);
  const room = fresh('a41');
  const host = await hostIn(server, room);
  const inside = await guestIn(server, room, 'inside');
  await setLobby(host, room, true);
  const outside = await guest(server, room, 'outside');
  const { lobby } = await knock(outside, room);
  const main = outside.roomJid(room);
  host.groupchat(room, 'secret-of-the-meeting');
  await inside.expectBody('secret-of-the-meeting');

  for (const [what, to, query] of [
    ['disco#info of the room', main, el('query', { xmlns: NS.disco })],
    ['disco#items of the room', main, el('query', { xmlns: 'http://jabber.org/protocol/disco#items' })],
    ['disco#items of the lobby', lobby, el('query', { xmlns: 'http://jabber.org/protocol/disco#items' })],
    ['the owner form', main, el('query', { xmlns: NS.mucOwner })],
    ['the owner form of the lobby', lobby, el('query', { xmlns: NS.mucOwner })],
    ['the list of owners', main, el('query', { xmlns: NS.mucAdmin }, el('item', { affiliation: 'owner' }))],
    ['an iq to an occupant', `${main}/${inside.nick}`, el('query', { xmlns: 'jabber:iq:version' })],
    ['an iq to the focus', `${main}/focus`, el('query', { xmlns: NS.disco })],
  ]) {
    const answer = await outside.iq('get', to, query);
    assert.equal(answer.attrs.type, 'error', `${what}: ${answer}`);
  }
  outside.send(el('message', { xmlns: 'jabber:client', type: 'chat', to: `${main}/${inside.nick}` }, el('body', {}, 'hello inside')));
  outside.groupchat(room, 'hello all');
  await outside.barrier();
  await inside.barrier();
  assert.ok(!inside.seen((frame) => frame.raw.includes('hello')), 'nor is he heard');
  for (const word of ['secret-of-the-meeting', inside.nick, host.nick, inside.jid, host.jid, 'jingle', 'muc#roominfo']) {
    const heard = outside.log.filter((frame) => frame.raw.includes(word) && frame.el?.attrs.type !== 'error');
    assert.deepEqual(heard.map((frame) => frame.raw), [], `he never hears of ${word}`);
  }
});

test('A42 admission is a moderator\'s right', async (t) => {
  const server = await serve(t);
  const room = fresh('a42');
  const host = await hostIn(server, room);
  const part = await participantIn(server, room, 'part');
  const gus = await guestIn(server, room, 'Gus');
  await setLobby(host, room, true);
  const outside = await guest(server, room, 'outside');
  const { lobby } = await knock(outside, room);

  await t.test('A42 invitations by a participant, a guest, and the knocker himself: refused', async () => {
    for (const client of [part, gus, outside]) {
      client.send(invitation(client, room, [outside.jid]));
      const answer = await client.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'error', 'a refusal');
      assert.ok(['forbidden', 'not-acceptable'].includes(errorOf(answer.el).condition), answer.raw);
    }
    await outside.barrier();
    assert.ok(!wasInvited(outside, room));
    await outside.ask(room);
    assertSentToLobby(await outside.join(room), 'still outside');
  });

  await t.test('A42 a participant does not get into the lobby to look, nor kicks there', async () => {
    const joined = await part.join(lobby, { nick: 'spy1' });
    assert.ok(joined.error, String(joined.self));
    const answer = await part.kick(lobby, lobbyNick(outside));
    assert.equal(errorOf(answer)?.condition, 'forbidden', String(answer));
  });

  await t.test('A42 a guest puts himself on the member list: refused', async () => {
    const answer = await outside.admin(room, { affiliation: 'member', jid: outside.jid.split('/')[0] });
    assert.equal(errorOf(answer)?.condition, 'forbidden', String(answer));
  });

  await t.test('A42 flip-device with another\'s user id passes no lobby', async () => {
    const thief = await guest(server, room, 'thief');
    await thief.ask(room);
    const joined = await thief.join(room, { children: [el('flip_device'), el('identity', {}, el('user', {}, el('id', {}, 'id-part')))] });
    assertSentToLobby(joined, 'the thief');
    await part.barrier();
    assert.ok(part.nicks(room).includes(part.nick), 'nobody is flipped out');
  });

  await t.test('A42 an invitation for somebody who is not there, or is in another lobby, does nothing', async () => {
    const other = fresh('a42');
    const elsewhere = await hostIn(server, other, 'host of the other');
    await setLobby(elsewhere, other, true);
    const stranger = await guest(server, other, 'stranger');
    await knock(stranger, other);
    host.send(invitation(host, room, [stranger.jid, 'nobody@meet.example/x', 'not a jid']));
    await host.barrier();
    await stranger.barrier();
    assert.ok(!wasInvited(stranger, other) && !wasInvited(stranger, room));
  });

  await t.test('A42 a moderator who was demoted sees and admits no more', async () => {
    const made = await participantIn(server, fresh('x'), 'x').catch(() => undefined);
    assert.equal(made, undefined);
    assertResult(await host.grant(room, part.jid), 'grant');
    await part.expectPresence(room, part.nick, (presence) => itemOf(presence)?.role === 'moderator', 'moderator');
    await look(part, room);
    await expectKnock(part, room, outside);
    assertResult(await host.grant(room, part.jid, 'none'), 'revoke');
    await part.expectGone(lobby, lobbyNick(part));
    const late = await guest(server, room, 'late-knocker');
    await knock(late, room);
    await part.barrier();
    assert.ok(!part.seen((frame) => frame.raw.includes('late-knocker')), 'he sees nobody knock');
  });
});

test('A43 a flood of knocks: bounded per address, and what moderators see is bounded', async (t) => {
  const server = await serve(t);
  const room = fresh('a43');
  const host = await hostIn(server, room);
  await setLobby(host, room, true);
  await look(host, room);
  let inside = 0;
  let refused = 0;
  // One address is everybody's here; batches, so that no socket waits for all the others.
  for (let batch = 0; batch < 12; batch++) {
    const people = await Promise.all(Array.from({ length: 10 }, () => guest(server, room, `K${batch}`, { enable: false })));
    for (const client of people) {
      const joined = await client.join(lobbyOf(client, room), { nick: lobbyNick(client) });
      if (joined.self) inside++;
      else if (refusedWith(joined) === 'wait/resource-constraint') refused++;
      else assert.fail(String(joined.presence));
    }
  }
  assert.equal(inside, 100, 'a hundred from one address');
  assert.equal(refused, 20);
  await host.barrier();
  assert.ok(host.nicks(lobbyOf(host, room)).length <= 101);

  const huge = await guest(server, room, 'huge');
  await host.kick(lobbyOf(host, room), host.nicks(lobbyOf(host, room)).find((nick) => nick !== lobbyNick(host)));
  const joined = await huge.join(lobbyOf(huge, room), { nick: lobbyNick(huge), name: 'N'.repeat(50_000) });
  assert.equal(refusedWith(joined), 'modify/not-acceptable', 'a name of 50 kB');
  const long = await huge.join(lobbyOf(huge, room), { nick: lobbyNick(huge), name: `<img src=x onerror=alert(1)>${'N'.repeat(2_000)}` });
  assert.ok(long.self, String(long.presence));
  const seen = await expectKnock(host, room, huge);
  const name = child(seen.el, 'nick', NS.nick).getText();
  assert.ok(name.length <= 160, `${name.length} characters`);
  assert.ok(name.startsWith('<img'), 'markup is text, and escaped on the wire');
  assert.ok(seen.raw.includes('&lt;img'), seen.raw);
});

test('A44 guesses at a room\'s password are slowed per stream and per address, and the right one is no oracle then', async (t) => {
  const server = await serve(t);
  const room = fresh('a44');
  const host = await hostIn(server, room);
  assertResult(await setPassword(host, room, 'the right one'), 'password');

  await t.test('A44 the error is auth/not-authorized once per wrong try, until there were too many', async () => {
    const seen = [];
    for (let stream = 0; stream < 4; stream++) {
      const client = await guest(server, room, `guesser ${stream}`);
      for (let guess = 0; guess < 15; guess++) seen.push(refusedWith(await client.join(room, { password: `wrong ${stream} ${guess}` })));
    }
    assert.equal(seen[0], 'auth/not-authorized');
    const looked = seen.filter((each) => each === 'auth/not-authorized').length;
    assert.ok(looked <= 30, `of ${seen.length} guesses from one address ${looked} were looked at`);
    assert.ok(seen.filter((each) => each === 'wait/resource-constraint').length >= 20);
  });

  await t.test('A44 then the right one gets the same answer as a wrong one', async () => {
    const client = await guest(server, room, 'lucky');
    assert.equal(refusedWith(await client.join(room, { password: 'the right one' })), 'wait/resource-constraint');
    assert.equal(refusedWith(await client.join(room, { password: 'a wrong one' })), 'wait/resource-constraint');
    assert.equal(refusedWith(await client.join(room)), 'auth/not-authorized', 'without a guess he is asked for it');
  });

  await t.test('A44 nor through the lobby: it takes no password', async () => {
    const client = await guest(server, room, 'sneaky');
    const joined = await client.join(lobbyOf(client, room), { nick: lobbyNick(client), password: 'the right one' });
    assert.equal(refusedWith(joined), 'auth/not-authorized', String(joined.self));
  });

  await t.test('A44 the host is not held up', async () => {
    const back = await host.reload();
    assertReady(await back.ask(room));
    assertAdmittedAs(await back.join(room), 'moderator');
  });
});

test('A45 the password is told to nobody who is let in from the lobby', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_LOBBY_PASSWORD: 'no' } });
  const room = fresh('a45');
  const host = await hostIn(server, room);
  await setLobby(host, room, true);
  const gus = await guest(server, room, 'Gus');
  await knock(gus, room);
  await look(host, room);
  await expectKnock(host, room, gus);
  admit(host, room, gus);
  const invited = await expectInvited(gus, room);
  assert.ok(!invited.raw.includes('password'), invited.raw);
  assertAdmittedAs(await goIn(gus, room), 'guest');
});

test('A46 gates are asked in order, at the moment of the join', async (t) => {
  const server = await serve(t);

  await t.test('A46 a password set while people wait or knock is asked of them', async () => {
    const room = fresh('a46');
    const host = await hostIn(server, room);
    await setLobby(host, room, true);
    const gus = await guest(server, room, 'Gus');
    await knock(gus, room);
    assertResult(await setPassword(host, room, 'set-later'), 'password');
    assert.equal((await expectLobbyClosed(gus, room)).jid, gus.roomJid(room), 'back to the door, where he hears of it');
    assert.equal(refusedWith(await gus.join(room)), 'auth/not-authorized');
    await gus.ask(room);
    assertAdmittedAs(await gus.join(room, { password: 'set-later' }), 'guest');
  });

  await t.test('A46 with LOBBY_PASSWORD=yes the right password passes the lobby; a wrong one neither', async () => {
    const room = fresh('a46');
    const host = await hostIn(server, room);
    await setLobby(host, room, true);
    assertResult(await setPassword(host, room, 'open-sesame'), 'password');
    const gus = await guest(server, room, 'Gus');
    assert.equal(refusedWith(await gus.join(room)), 'auth/not-authorized');
    assert.equal(refusedWith(await gus.join(room, { password: 'nope' })), 'auth/not-authorized');
    assertAdmittedAs(await gus.join(room, { password: 'open-sesame' }), 'guest');
  });

  await t.test('A46 a request that was ready does not pass a lobby that is switched on before the join', async () => {
    const room = fresh('a46');
    const host = await hostIn(server, room);
    const gus = await guest(server, room, 'Gus');
    assertReady(await gus.ask(room));
    assertResult(await setLobby(host, room, true), 'lobby on');
    assertSentToLobby(await gus.join(room), 'Gus');
  });

  await t.test('A46 the ticket of a guest who was only ready, and never inside, passes no lobby', async () => {
    const room = fresh('a46');
    const host = await hostIn(server, room);
    const gus = await guest(server, room, 'Gus');
    assertReady(await gus.ask(room));
    assertResult(await setLobby(host, room, true), 'lobby on');
    const again = await gus.reload();
    await again.ask(room);
    assertSentToLobby(await again.join(room), 'Gus with a ticket');
  });

  await t.test('A46 the host arrives at the very moment of a leave, many times: nobody is left in between', async () => {
    for (let round = 0; round < 5; round++) {
      const room = fresh('a46');
      const first = await hostIn(server, room, 'first');
      const waiter = await guest(server, room, 'waiter');
      await setLobby(first, room, true);
      await knock(waiter, room);
      const second = await holder(server, room, 'mod', 'second');
      await second.ask(room);
      first.send(el('presence', { xmlns: 'jabber:client', type: 'unavailable', to: `${first.roomJid(room)}/${first.nick}` }));
      assertAdmittedAs(await second.join(room), 'moderator');
      await look(second, room);
      await expectKnock(second, room, waiter);
    }
  });

  await t.test('A46 a waiter enters the lobby while the host comes: in or sent back, never stuck', async () => {
    for (let round = 0; round < 5; round++) {
      const room = fresh('a46');
      const waiter = await guest(server, room, 'waiter');
      await waiter.ask(room);
      assertSentToLobby(await waiter.join(room), 'waiter');
      const host = await holder(server, room, 'mod', 'host');
      await host.ask(room);
      const [joined] = await Promise.all([waiter.join(lobbyOf(waiter, room), { nick: lobbyNick(waiter) }), host.join(room)]);
      if (joined.self) await expectLobbyClosed(waiter, room);
      else assert.equal(joined.error.text, 'Room creation is restricted', String(joined.presence));
      assertAdmittedAs(await goIn(waiter, room), 'guest');
    }
  });

  await t.test('A46 nothing of it leaves a room behind', async () => {
    const room = fresh('a46');
    const waiter = await guest(server, room, 'waiter');
    await knock(waiter, room);
    await waiter.close();
    await assertNotStarted(server, room);
    assert.ok((await metric(server, /^conclave_(\w+_)?waiting(_\w+)?$/)) !== undefined);
  });
});
