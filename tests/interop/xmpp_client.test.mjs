// @xmpp/client, a general XMPP library that knows nothing of Jitsi, connects as a guest, joins and chats.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, xml } from '@xmpp/client';
import WebSocket from 'ws';
import { fresh, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Inbox } from '../support/waiting.mjs';

globalThis.WebSocket ??= WebSocket; // a browser has one; so does node from version 22

const MUC = 'http://jabber.org/protocol/muc';

async function connect(context, server, room) {
  const xmpp = client({ service: `${server.webSocketUrl}?room=${room}`, domain: server.domain });
  const stanzas = new Inbox();
  const errors = [];
  xmpp.on('stanza', (stanza) => stanzas.put(stanza));
  xmpp.on('error', (error) => errors.push(error));
  xmpp.reconnect.stop();
  const address = await xmpp.start();
  context.after(() => xmpp.stop());
  const next = (fits, what) => stanzas.next(fits, { what });
  return { xmpp, next, errors, address, nick: address.local.slice(0, 8) };
}

test('interop: @xmpp/client connects anonymously, asks, joins, chats and leaves', async (t) => {
  const server = await serve(t);
  const room = fresh('interop');
  const jid = `${room}@${server.muc}`;
  const host = await hostIn(server, room);
  const guest = await connect(t, server, room);
  assert.equal(guest.address.domain, server.domain);

  const reply = await guest.xmpp.iqCaller.request(
    xml('iq', { type: 'set', to: server.focus }, xml('conference', { xmlns: 'http://jitsi.org/protocol/focus', room: jid, 'machine-uid': 'interop' })),
  );
  assert.equal(reply.getChild('conference', 'http://jitsi.org/protocol/focus').attrs.ready, 'true');

  await guest.xmpp.send(xml('presence', { to: `${jid}/${guest.nick}` }, xml('x', { xmlns: MUC })));
  await guest.next((stanza) => stanza.is('presence') && stanza.attrs.from === `${jid}/${host.nick}`, 'presence of the host');
  const self = await guest.next((stanza) => stanza.is('presence') && stanza.attrs.from === `${jid}/${guest.nick}`, 'self-presence');
  assert.ok(self.getChild('x', `${MUC}#user`).getChildren('status').some((status) => status.attrs.code === '110'));

  await guest.xmpp.send(xml('message', { type: 'groupchat', to: jid }, xml('body', {}, 'hello from a library')));
  const heard = await host.expectBody('hello from a library');
  assert.equal(heard.el.attrs.from, `${jid}/${guest.nick}`);
  host.groupchat(room, 'hello library');
  await guest.next((stanza) => stanza.is('message') && stanza.getChildText('body') === 'hello library', 'the answer');

  await guest.xmpp.send(xml('presence', { type: 'unavailable', to: `${jid}/${guest.nick}` }));
  await host.expectGone(room, guest.nick);
  assert.deepEqual(guest.errors, []);
});

test('interop: @xmpp/client is told by SASL that its token is bad', async (t) => {
  const server = await serve(t);
  const xmpp = client({ service: `${server.webSocketUrl}?room=x&token=a.b.c`, domain: server.domain });
  xmpp.reconnect.stop();
  xmpp.on('error', () => {});
  await assert.rejects(xmpp.start(), (error) => error.condition === 'not-allowed');
  await xmpp.stop().catch(() => {});
});
