// A38: those who only watch (access.md 4.4, 6.19 of signalling.md): they send nothing, and take part when a moderator asks them in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, el, errorOf, isMessage, isPresence, itemOf } from '../support/xmpp.mjs';

const json = (value) => el('json-message', { xmlns: NS.jitmeet }, JSON.stringify(value));
const toAll = (client, room, value) => client.send(el('message', { type: 'groupchat', to: client.roomJid(room) }, json(value)));
const jsonOf = (frame) => JSON.parse(child(frame.el, 'json-message').getText());
const isRequest = (client) => (frame) => isMessage(frame) && frame.el.attrs.from === `visitors.${client.server.domain}` && jsonOf(frame).action === 'promotion-request';
const visitorIn = async (server, room, name = 'vi') => {
  const visitor = await holder(server, room, 'visitor', name, { claims: { context: { user: { id: name, name, role: 'visitor' } } } });
  await visitor.enter(room);
  return visitor;
};
const raise = (client, room, text = String(Date.now())) => client.send(client.presence(room, { first: false, children: [el('jitsi_participant_raisedHand', {}, text)] }));
const roleOf = (client, room, of) => client.role(room, of.nick);

test('A38 visitors', async (t) => {
  const server = await serve(t);

  await t.test('A38 a visitor is one in his first presence, and nobody may unmute him', async () => {
    const room = fresh('a38');
    const host = await hostIn(server, room);
    const vi = await visitorIn(server, room);
    await host.barrier();
    assert.equal(roleOf(host, room, vi), 'visitor');
    assert.equal(errorOf(await vi.mute(room, vi.nick, 'audio', 'false'))?.condition, 'not-allowed');
  });

  await t.test('A38 a raised hand asks; a moderator asks him in; he is participant for all, and for the meeting', async () => {
    const room = fresh('a38');
    const host = await hostIn(server, room);
    const part = await participantIn(server, room);
    const vi = await visitorIn(server, room);
    raise(vi, room);
    const asked = jsonOf(await host.expect(isRequest(host), 'the request'));
    assert.deepEqual([asked.on, asked.from, asked.nick], [true, vi.jid, 'vi']);
    const late = await holder(server, room, 'mod', 'late');
    await late.enter(room);
    assert.equal(jsonOf(await late.expect(isRequest(late), 'the request for who comes later')).from, vi.jid);
    await part.barrier();
    assert.ok(!part.seen(isRequest(part)), 'participants are not told');
    toAll(host, room, { type: 'visitors', action: 'promotion-response', approved: true, id: vi.jid });
    for (const client of [part, vi]) await client.expectPresence(room, vi.nick, (presence) => itemOf(presence)?.role === 'participant', 'the new role');
    assert.equal((await vi.mute(room, vi.nick, 'audio', 'false')).attrs.type, 'result');
    await part.barrier();
    assert.ok(!part.seen((frame) => isMessage(frame) && child(frame.el, 'json-message') && jsonOf(frame).action === 'promotion-response'));
    toAll(host, room, { type: 'visitors', action: 'demote-request', id: vi.nick, actor: host.nick });
    await part.expectPresence(room, vi.nick, (presence) => itemOf(presence)?.role === 'visitor', 'a visitor again');
  });

  await t.test('A38 nobody promotes himself: not by the answer, not with a forged id, not by the components, not by coming anew', async () => {
    const room = fresh('a38');
    const host = await hostIn(server, room);
    const part = await participantIn(server, room);
    const vi = await visitorIn(server, room);
    raise(vi, room);
    await host.expect(isRequest(host), 'the request');
    for (const forger of [vi, part]) toAll(forger, room, { type: 'visitors', action: 'promotion-response', approved: true, ids: [vi.jid] });
    toAll(host, room, { type: 'visitors', action: 'promotion-response', approved: true, id: `${vi.nick}@visitors.${server.domain}` });
    for (const address of [`visitors.${server.domain}`, server.domain]) {
      vi.send(
        el('iq', { type: 'set', id: `forged-${address}`, to: address, from: `${room}@${server.muc}` },
          el('visitors', { xmlns: 'jitsi:visitors', room: vi.roomJid(room) }, el('promotion-response', { jid: vi.jid, allow: 'true' }))),
      );
    }
    assert.ok(errorOf(await vi.admin(room, { jid: vi.jid, affiliation: 'member' })));
    for (const client of [vi, part, host]) await client.barrier();
    assert.equal(roleOf(host, room, vi), 'visitor');
    await vi.leave(room);
    await vi.enter(room);
    await host.barrier();
    assert.equal(roleOf(host, room, vi), 'visitor');
    assert.ok(host.log.every((frame) => !isPresence(frame) || !frame.el.attrs.from?.endsWith(`/${vi.nick}`) || itemOf(frame.el)?.role !== 'participant'));
  });
});
