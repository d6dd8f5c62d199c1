// Rooms as signalling.md 4–6 wants them: the conference reply, the order of a join, presence kept whole, chat, subject, kick, grant, the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertReady, assertResult, assertSentToLobby, canonical, reasonOf } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, bodyOf, child, childrenOf, codes, el, errorOf, isMessage, isPresence, itemOf } from '../support/xmpp.mjs';

test('room: the conference request is answered as the stock client reads it', async (t) => {
  const server = await serve(t);
  const room = fresh('conf');
  const host = await holder(server, room, 'mod');
  const asked = await host.ask(room);
  assertReady(asked);
  const { attrs } = child(asked.reply, 'conference', NS.focus);
  assert.equal(asked.reply.attrs.from, server.focus);
  assert.equal(attrs.room, host.roomJid(room));
  assert.equal(attrs.focusjid, `focus@auth.${server.domain}`, 'a bare focusjid');
  assert.ok(attrs['session-id'], 'a session-id');
  const properties = Object.fromEntries(childrenOf(child(asked.reply, 'conference'), 'property').map((each) => [each.attrs.name, each.attrs.value]));
  assert.ok(['true', 'false'].includes(properties.authentication), JSON.stringify(properties));
  assert.equal(properties.externalAuth, 'false');

  await t.test('the focus is first in the room, with the address that was promised', async () => {
    const joined = await host.join(room);
    assertAdmittedAs(joined, 'moderator');
    const focus = joined.others[0];
    assert.equal(focus?.attrs.from, `${host.roomJid(room)}/focus`);
    assert.ok(itemOf(focus).jid.startsWith(`focus@auth.${server.domain}/`), String(focus));
    assert.deepEqual([itemOf(focus).affiliation, itemOf(focus).role], ['owner', 'moderator']);
  });

  await t.test('muc.<domain> is the same service', async () => {
    const other = fresh('conf');
    const client = await holder(server, other, 'mod');
    const jid = `${other}@muc.${server.domain}`;
    assertReady(await client.ask(jid));
    const joined = await client.join(jid);
    assertAdmittedAs(joined, 'moderator');
  });

  await t.test('room names are one whatever their case', async () => {
    const visitor = await guest(server, room);
    assertReady(await visitor.ask(room.toUpperCase()));
  });
});

test('room: a join is told in order, with everything that others published', async (t) => {
  const server = await serve(t);
  const room = fresh('join');
  const jid = `${room}@${server.muc}`;
  const host = await hostIn(server, room, 'Ada');
  const first = await guestIn(server, room, 'Bo');

  await t.test('others first, focus included, then oneself with 110 and exactly the nick asked for, then the subject', async () => {
    host.send(el('message', { type: 'groupchat', to: jid }, el('subject', {}, 'Weekly')));
    await host.expect((frame) => isMessage(frame) && child(frame.el, 'subject')?.getText() === 'Weekly', 'subject');
    const client = await guest(server, room, 'Cy');
    await client.ask(room);
    const joined = await client.join(room);
    assert.deepEqual(joined.others.map((presence) => presence.attrs.from).sort(), [`${jid}/focus`, `${jid}/${host.nick}`, `${jid}/${first.nick}`].sort());
    assert.equal(joined.self.attrs.from, `${jid}/${client.nick}`);
    assert.deepEqual(codes(joined.self).filter((code) => ['201', '210'].includes(code)), []);
    const subject = await client.expect((frame) => isMessage(frame) && child(frame.el, 'subject'), 'subject after the join');
    assert.ok(client.log.indexOf(subject) > client.log.indexOf(joined.frame), 'the subject comes after the self-presence');
    assert.equal(child(subject.el, 'subject').getText(), 'Weekly');
    assert.ok(subject.el.attrs.from.startsWith(jid));
    for (const other of [host, first]) {
      const told = (await other.expectPresence(room, client.nick)).el;
      assert.ok(!codes(told).includes('110'));
      assert.equal(itemOf(told).jid, client.jid, 'real addresses are shown');
    }
    await client.leave(room);
  });

  await t.test('each presence from the room has literal xmlns on its x and one x only', async () => {
    for (const frame of host.log.filter((each) => isPresence(each) && each.el.attrs.from?.startsWith(jid))) {
      assert.equal(childrenOf(frame.el, 'x').length, 1, frame.raw);
      assert.equal(childrenOf(frame.el, 'x')[0].attrs.xmlns, NS.mucUser, frame.raw);
      assert.ok(itemOf(frame.el), frame.raw);
    }
  });

  const published = [
    el('jitsi_participant_raisedHand', {}, '1790000000000'),
    el('jitsi_participant_e2ee.idKey.ed25519', {}, 'AAAA+/=='),
    el('email', {}, 'bo@meet.example'),
    el('avatar-url', {}, 'https://meet.example/a.png?x=1&y=2'),
    el('stat', { name: 'version', value: '1.2' }),
    el('audiomuted', { xmlns: 'http://jitsi.org/jitmeet/audio' }, 'true'),
    el('third-party-command', { xmlns: 'urn:example:unknown', a: '<&"\'>' }, el('nested', { deep: '1' }, 'täxt & ünïcode 👍')),
  ];

  await t.test('unknown and known extensions reach others unchanged, now and for later joiners', async () => {
    const client = await guest(server, room, 'Di');
    await client.ask(room);
    await client.join(room, { children: published });
    const late = await guest(server, room, 'Ed');
    await late.ask(room);
    await late.join(room);
    for (const viewer of [host, late]) {
      const presence = viewer.rosters.get(jid).get(client.nick);
      for (const element of published.filter((each) => each.name !== 'email')) {
        const found = child(presence, element.name);
        assert.equal(found && canonical(found), canonical(element), `${element.name} as ${viewer.name} sees it`);
        assert.equal(found.attrs.xmlns, element.attrs.xmlns, 'the namespace stands literally on the extension');
      }
      assert.equal(child(presence, 'nick', NS.nick)?.getText(), 'Di');
      assert.ok(child(presence, 'SourceInfo'));
      assert.equal(child(presence, 'c')?.attrs.node, 'https://jitsi.org/jitsi-meet');
    }
    client.send(client.presence(room, { first: false, children: [el('jitsi_participant_raisedHand')] }));
    const update = (await host.expectPresence(room, client.nick, (presence) => child(presence, 'jitsi_participant_raisedHand')?.getText() === '', 'presence with the hand lowered')).el;
    assert.ok(!child(update, 'third-party-command'), 'a presence is the full state: what is gone is gone');
    await client.leave(room);
    await late.leave(room);
  });

  await t.test('what only the server may say is stripped (A34)', async () => {
    const client = await guest(server, room, 'Fi');
    await client.ask(room);
    await client.join(room, {
      children: [
        el('identity', {}, el('user', {}, el('id', {}, 'forged'), el('name', {}, 'Ada'))),
        el('permissions', { xmlns: NS.jitmeet }, el('p', { name: 'recording', val: 'true' })),
        el('x', { xmlns: NS.mucUser }, el('item', { affiliation: 'owner', role: 'moderator' }), el('status', { code: '110' })),
        el('conference-properties', { xmlns: NS.focus }, el('property', { key: 'visitor-count', value: '9' })),
        el('bridgeNotAvailable', { xmlns: NS.focus }),
      ],
    });
    const presence = (await host.expectPresence(room, client.nick)).el;
    assert.ok(!String(child(presence, 'identity') ?? '').includes('forged'), String(presence));
    assert.ok(!child(presence, 'permissions'), String(presence));
    assert.deepEqual([itemOf(presence).affiliation, itemOf(presence).role], ['none', 'participant']);
    assert.equal(childrenOf(presence, 'x').length, 1, String(presence));
    assert.ok(!codes(presence).includes('110'));
    assert.ok(!child(presence, 'bridgeNotAvailable'), String(presence));
    await client.leave(room);
  });

  await t.test('room disco#info for occupants has the form; a stranger is forbidden', async () => {
    const answer = await host.disco(jid);
    const query = child(answer, 'query', NS.disco);
    assert.ok(query, String(answer));
    assert.ok(childrenOf(query, 'identity').some((each) => each.attrs.category === 'conference'));
    assert.ok(childrenOf(query, 'feature').some((each) => each.attrs.var === NS.muc));
    for (const off of ['muc_passwordprotected', 'muc_membersonly']) assert.ok(!childrenOf(query, 'feature').some((each) => each.attrs.var === off), off);
    const fields = Object.fromEntries(childrenOf(child(query, 'x', NS.form), 'field').map((each) => [each.attrs.var, child(each, 'value')?.getText()]));
    assert.equal(fields.FORM_TYPE, 'http://jabber.org/protocol/muc#roominfo');
    assert.match(fields['muc#roominfo_meetingId'], /^[0-9a-f-]{36}$/);
    assert.match(fields['muc#roominfo_created_timestamp'], /^\d{13}$/);
    assert.equal('muc#roominfo_isbreakout' in fields, false, 'any text would mean true');
    assert.equal('muc#roominfo_lobbyroom' in fields, false);
    const again = await first.disco(jid);
    assert.equal(String(child(again, 'query')), String(query), 'the same for everybody, and constant');
    const stranger = await guest(server, room, 'stranger');
    const refused = await stranger.disco(jid);
    assert.equal(`${errorOf(refused)?.type}/${errorOf(refused)?.condition}`, 'auth/forbidden', String(refused));
  });

  await t.test('a nick that is taken is a conflict, for another; the occupant himself may send his presence again', async () => {
    const client = await guest(server, room, 'twin');
    await client.ask(room);
    const joined = await client.join(room, { nick: first.nick });
    assert.equal(joined.error?.condition, 'conflict', String(joined.presence ?? joined.self));
    const again = await first.join(room);
    assertAdmittedAs(again, 'guest');
  });

  await t.test('leaving is told to oneself with 110 and to the others with the status text', async () => {
    const client = await guestIn(server, room, 'leaver');
    await host.expectPresence(room, client.nick);
    client.send(el('presence', { type: 'unavailable', to: `${jid}/${client.nick}` }, el('status', {}, 'switch_room')));
    const own = (await client.expectGone(room, client.nick)).el;
    assert.ok(codes(own).includes('110'), String(own));
    const told = (await host.expectGone(room, client.nick)).el;
    assert.equal(child(told, 'status')?.getText(), 'switch_room', String(told));
    assertReady(await client.ask(room));
    assertAdmittedAs(await client.join(room), 'guest');
    assert.deepEqual(client.nicks(room), [host.nick, first.nick, client.nick].sort(), 'and coming back works');
    await client.leave(room);
  });
});

test('room: messages', async (t) => {
  const server = await serve(t);
  const room = fresh('chat');
  const jid = `${room}@${server.muc}`;
  const host = await hostIn(server, room, 'Ada');
  const bo = await guestIn(server, room, 'Bo');
  const cy = await guestIn(server, room, 'Cy');

  await t.test('groupchat reaches everybody, the sender too, with the id kept', async () => {
    const id = bo.groupchat(room, 'hello <all> & "some" 👍');
    for (const client of [host, bo, cy]) {
      const { el: message } = await client.expectBody('hello <all> & "some" 👍');
      assert.deepEqual([message.attrs.type, message.attrs.from, message.attrs.id], ['groupchat', `${jid}/${bo.nick}`, id]);
    }
  });

  await t.test('a message without id is given one, the same for all', async () => {
    bo.send(el('message', { type: 'groupchat', to: jid }, el('body', {}, 'no id')));
    const ids = await Promise.all([host, cy].map(async (client) => (await client.expectBody('no id')).el.attrs.id));
    assert.ok(ids[0]);
    assert.equal(ids[0], ids[1]);
  });

  await t.test('the order is one for everybody', async () => {
    for (let index = 0; index < 20; index++) (index % 2 ? bo : cy).groupchat(room, `order ${index}`);
    for (const client of [host, bo, cy]) for (const sender of [bo, cy]) await client.expectBody(`order ${sender === bo ? 19 : 18}`);
    const heard = (client) => client.log.filter((frame) => isMessage(frame) && bodyOf(frame.el)?.startsWith('order')).map((frame) => bodyOf(frame.el));
    assert.equal(heard(host).length, 20);
    assert.deepEqual(heard(host), heard(bo));
    assert.deepEqual(heard(host), heard(cy));
  });

  await t.test('a private message reaches one, from the occupant, and is not reflected', async () => {
    bo.send(el('message', { type: 'chat', to: `${jid}/${cy.nick}`, id: 'p1' }, el('body', {}, 'between us')));
    const { el: message } = await cy.expectBody('between us');
    assert.deepEqual([message.attrs.type, message.attrs.from, message.attrs.id], ['chat', `${jid}/${bo.nick}`, 'p1']);
    await bo.barrier();
    await host.barrier();
    for (const client of [bo, host]) assert.ok(!client.seen((frame) => frame.raw.includes('between us')), client.name);
  });

  await t.test('a private message to nobody is item-not-found', async () => {
    bo.send(el('message', { type: 'chat', to: `${jid}/nobody00`, id: 'p2' }, el('body', {}, 'anybody?')));
    const { el: message } = await bo.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'error', 'message error');
    assert.equal(errorOf(message).condition, 'item-not-found', String(message));
  });

  await t.test('JSON messages, reactions and replies pass; a reply gets its namespace', async () => {
    bo.send(el('message', { type: 'groupchat', to: jid }, el('json-message', { xmlns: NS.jitmeet }, '{"type":"x","a":"<&>"}')));
    const json = await cy.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'groupchat' && child(frame.el, 'json-message', NS.jitmeet), 'json-message');
    assert.equal(child(json.el, 'json-message').getText(), '{"type":"x","a":"<&>"}');
    bo.send(el('message', { type: 'groupchat', to: jid, id: 'r1' }, el('body', {}, 'a reply'), el('reply', { to: 'm1' })));
    const reply = await cy.expectBody('a reply');
    assert.equal(child(reply.el, 'reply', 'urn:xmpp:reply:0')?.attrs.to, 'm1', reply.raw);
    bo.send(el('message', { type: 'groupchat', to: jid }, el('reactions', { xmlns: 'urn:xmpp:reactions:0', id: 'r1' }, el('reaction', {}, '👍'))));
    await cy.expect((frame) => isMessage(frame) && child(frame.el, 'reactions', 'urn:xmpp:reactions:0'), 'reactions');
  });

  await t.test('the subject is set by a moderator, seen by all, and not set by a guest', async () => {
    host.send(el('message', { type: 'groupchat', to: jid }, el('subject', {}, 'Plans')));
    for (const client of [host, bo]) {
      const subject = await client.expect((frame) => isMessage(frame) && child(frame.el, 'subject')?.getText() === 'Plans', 'subject');
      assert.equal(subject.el.attrs.from, `${jid}/${host.nick}`);
    }
    bo.send(el('message', { type: 'groupchat', to: jid }, el('subject', {}, 'Mischief')));
    await bo.barrier();
    await host.barrier();
    assert.ok(!host.seen((frame) => child(frame.el, 'subject')?.getText() === 'Mischief'));
  });

  await t.test('history is given to a newcomer with delay stamps, after his self-presence', async () => {
    const late = await guest(server, room, 'late');
    await late.ask(room);
    const joined = await late.join(room);
    await late.expect((frame) => isMessage(frame) && child(frame.el, 'subject'), 'subject');
    const past = late.log.filter((frame) => isMessage(frame) && bodyOf(frame.el) && child(frame.el, 'delay', 'urn:xmpp:delay'));
    assert.ok(past.length > 0, 'what was said before');
    for (const frame of past) {
      assert.ok(late.log.indexOf(frame) > late.log.indexOf(joined.frame), 'after the self-presence');
      assert.match(child(frame.el, 'delay').attrs.stamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    }
    assert.ok(!past.some((frame) => frame.raw.includes('between us')), 'private messages are no history');
  });
});

test('room: grant, destroy and the end', async (t) => {
  const server = await serve(t);

  await t.test('a grant is an ordinary presence with the new item, for all', async () => {
    const room = fresh('grant');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room, 'Bo');
    const cy = await participantIn(server, room, 'Cy');
    assertResult(await host.grant(room, bo.jid), 'grant to a guest');
    for (const client of [host, bo, cy]) {
      const { el: presence } = await client.expectPresence(room, bo.nick, (each) => itemOf(each)?.role === 'moderator', 'presence as moderator');
      assert.equal(itemOf(presence).affiliation, 'owner');
      assert.equal(child(presence, 'nick', NS.nick)?.getText(), 'Bo', 'with everything he published');
      assert.equal(codes(presence).includes('110'), client === bo);
    }
    assertResult(await bo.kick(room, cy.nick), 'a kick by the new moderator');
    await cy.expectGone(room, cy.nick);
  });

  await t.test('a host who leaves and returns with his token is moderator again', async () => {
    const room = fresh('grant');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room, 'Bo');
    await host.leave(room);
    await bo.expectGone(room, host.nick);
    assertReady(await host.ask(room));
    assertAdmittedAs(await host.join(room), 'moderator');
    assert.equal(bo.role(room), 'participant');
  });

  await t.test('destroy by the owner query removes all with reason, and the room has ended for guests', async () => {
    const room = fresh('end');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room, 'Bo');
    const query = el('query', { xmlns: NS.mucOwner }, el('destroy', {}, el('reason', {}, 'enough for today')));
    assertResult(await host.iq('set', host.roomJid(room), query), 'destroy');
    for (const client of [host, bo]) {
      const { el: gone } = await client.expectGone(room, client.nick);
      assert.ok(child(child(gone, 'x', NS.mucUser), 'destroy'), String(gone));
      assert.equal(reasonOf(gone), 'enough for today', String(gone));
      assert.equal(itemOf(gone)?.role, 'none', String(gone));
    }
    const asked = await bo.ask(room);
    const joined = await bo.join(room);
    assert.ok(joined.error, `a guest does not come back in at once: ${asked.reply} ${joined.self}`);
  });

  await t.test('after the end the host may start anew at once', async () => {
    const room = fresh('end');
    const host = await hostIn(server, room);
    host.endForAll();
    await host.expectGone(room, host.nick);
    assertReady(await host.ask(room));
    assertAdmittedAs(await host.join(room), 'moderator');
  });

  await t.test('an empty room is over: who comes next as guest waits', async () => {
    const room = fresh('end');
    const host = await hostIn(server, room);
    await host.leave(room);
    const bo = await guest(server, room, 'Bo');
    const asked = await bo.ask(room);
    assertReady(asked);
    assertSentToLobby(await bo.join(room), 'who comes next');
  });

  await t.test('HOST_LEFT: within the grace newcomers enter', async () => {
    const room = fresh('left');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room, 'Bo');
    await host.leave(room);
    await bo.expectGone(room, host.nick);
    const cy = await guest(server, room, 'Cy');
    assertReady(await cy.ask(room));
    assertAdmittedAs(await cy.join(room), 'guest');
  });
});
