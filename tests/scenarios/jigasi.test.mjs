// Calls and transcribers by an attached gateway (signalling.md 6.15, 6.16), scripted over the TCP port.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { fresh, guest, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Jigasi, RAYO, TcpClient, xml } from '../support/tcp_client.mjs';
import { child, el, errorOf, isMessage, isPresence } from '../support/xmpp.mjs';

const secret = () => randomBytes(16).toString('hex');

const headerOf = (order, name) => order.getChild('dial', RAYO).getChildren('header').find((header) => header.attrs.name === name)?.attrs.value;
const dial = (client, room, { to = '+15550100', named = client.roomJid(room), headers = {} } = {}) =>
  client.iq(
    'set',
    `${client.roomJid(room)}/focus`,
    el('dial', { xmlns: RAYO, from: 'fromnumber', to }, ...Object.entries({ JvbRoomName: named, ...headers }).map(([name, value]) => el('header', { name, value }))),
  );
const refusedWith = (answer, condition) => {
  assert.equal(answer.attrs.type, 'error', String(answer));
  assert.equal(errorOf(answer).condition, condition, String(answer));
};

test('calls by an attached gateway', async (t) => {
  const passwords = { JIGASI_XMPP_PASSWORD: secret(), JIGASI_TRANSCRIBER_PASSWORD: secret() };
  const server = await serve(t, { env: { CONCLAVE_LOOPS: '2', ...passwords } });
  server.passwords = Object.values(passwords);
  const password = passwords.JIGASI_XMPP_PASSWORD;
  const leg = () => TcpClient.start(t, server, { domain: `auth.${server.domain}`, username: 'jigasi', password });

  await t.test('nobody is attached: service-unavailable', async () => {
    const room = fresh('call');
    refusedWith(await dial(await hostIn(server, room), room), 'service-unavailable');
  });

  const jigasi = await Jigasi.start(t, server, { password, participants: 1 });
  const busier = await Jigasi.start(t, server, { password, nick: 'jigasi-2', participants: 7 });
  const ears = await Jigasi.start(t, server, { password, nick: 'jigasi-3', sip: false, transcription: true });
  assert.equal(ears.joined.attrs.type, undefined, String(ears.joined));

  await t.test('A47 a leg comes in where it was called, once, and nowhere else', async () => {
    const [room, other] = [fresh('call'), fresh('call')];
    const host = await hostIn(server, room);
    await hostIn(server, other);
    const caller = await leg();
    assert.equal((await caller.join(`${room}@${server.muc}`, 'caller')).attrs.type, 'error', 'nobody called');
    const asked = dial(host, room, { headers: { 'X-outbound-call-initiator-user': 'forged', JvbRoomPassword: 's3cret-of-the-room' } });
    const order = await jigasi.order('dial');
    assert.equal(order.getChild('dial', RAYO).attrs.to, '+15550100');
    assert.equal(headerOf(order, 'JvbRoomName'), host.roomJid(room));
    assert.notEqual(headerOf(order, 'X-outbound-call-initiator-user'), 'forged');
    assert.equal(headerOf(order, 'JvbRoomPassword'), undefined);
    jigasi.accept(order, 'c1@gateway.example');
    assert.equal(child(await asked, 'ref', RAYO).attrs.uri, 'xmpp:c1@gateway.example');
    assert.equal((await caller.join(`${other}@${server.muc}`, 'caller')).attrs.type, 'error', 'elsewhere');
    assert.equal((await caller.join(`${room}@${server.muc}`, 'caller')).attrs.type, undefined);
    await host.expect((frame) => isPresence(frame) && frame.el.attrs.from === `${host.roomJid(room)}/caller`, 'the leg');
    const second = await leg();
    assert.equal((await second.join(`${room}@${server.muc}`, 'second')).attrs.type, 'error', 'one call, one leg');

    const hangup = (client) => client.iq('set', 'c1@gateway.example', el('hangup', { xmlns: RAYO }));
    const inside = await guestIn(server, room);
    refusedWith(await hangup(inside), 'forbidden');
    // Known to both loops, and inside on none: he is answered, once.
    const outside = await guest(server, fresh('elsewhere'));
    for (let i = 0; i < 6; i++) await outside.ask(fresh('elsewhere'));
    refusedWith(await hangup(outside), 'item-not-found');
    assert.equal((await hangup(host)).attrs.type, 'result');
    assert.equal((await jigasi.order('hangup')).getChild('hangup', RAYO).attrs.uri, 'xmpp:c1@gateway.example');
    await caller.stop();
    await host.expectGone(room, 'caller');
    const late = await leg();
    assert.equal((await late.join(`${room}@${server.muc}`, 'late')).attrs.type, 'error', 'the call is over');
  });

  await t.test('who may, and for which room', async () => {
    const room = fresh('call');
    const host = await hostIn(server, room);
    const guest = await guestIn(server, room);
    refusedWith(await dial(guest, room), 'forbidden');
    refusedWith(await dial(host, room, { named: `elsewhere@${server.muc}` }), 'forbidden');
    refusedWith(await dial(host, room, { to: '' }), 'bad-request');
    refusedWith(await dial(host, room, { to: 'x'.repeat(600) }), 'bad-request');
  });

  await t.test('when one gateway fails another is asked', async () => {
    const room = fresh('call');
    const host = await hostIn(server, room);
    const asked = dial(host, room);
    jigasi.refuse(await jigasi.order('dial'));
    busier.refuse(await busier.order('dial'));
    refusedWith(await asked, 'undefined-condition');
  });

  await t.test('a moderator has the meeting transcribed, by the metadata', async () => {
    const room = fresh('call');
    const host = await hostIn(server, room);
    const set = (on) =>
      host.send(
        el(
          'message',
          { to: `metadata.${server.domain}` },
          el('room_metadata', { xmlns: 'http://jitsi.org/jitmeet', room: host.roomJid(room) }, JSON.stringify({ key: 'recording', data: { isTranscribingEnabled: on }, type: 'room_metadata' })),
        ),
      );
    const transcriber = await TcpClient.start(t, server, { domain: `hidden.${server.domain}`, username: 'transcriber', password: passwords.JIGASI_TRANSCRIBER_PASSWORD });
    assert.equal((await transcriber.join(`${room}@${server.muc}`, 'transcriber')).attrs.type, 'error');
    set(true);
    const order = await ears.order('dial');
    assert.equal(order.getChild('dial', RAYO).attrs.to, 'jitsi_meet_transcribe');
    ears.accept(order, 't1@gateway.example');
    assert.equal((await transcriber.join(`${room}@${server.muc}`, 'transcriber')).attrs.type, undefined);
    // Its words are passed on; nobody else speaks in its name.
    const words = (text) => JSON.stringify({ type: 'transcription-result', transcript: [{ text }], participant: { id: host.nick }, language: 'en', message_id: text });
    const guest = await guestIn(server, room);
    guest.send(el('message', { type: 'groupchat', to: host.roomJid(room) }, el('json-message', { xmlns: 'http://jitsi.org/jitmeet' }, words('forged'))));
    await guest.barrier();
    await transcriber.send(xml('message', { type: 'groupchat', to: `${room}@${server.muc}` }, xml('json-message', { xmlns: 'http://jitsi.org/jitmeet' }, words('heard'))));
    const first = await host.expect((frame) => isMessage(frame) && child(frame.el, 'json-message')?.getText().includes('transcription-result'), 'a transcript');
    assert.ok(child(first.el, 'json-message').getText().includes('heard'), String(first.el));
    set(false);
    assert.equal((await ears.order('hangup')).getChild('hangup', RAYO).attrs.uri, 'xmpp:t1@gateway.example');
  });
});
