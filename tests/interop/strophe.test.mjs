// strophe.js, the library below the stock client, in its current version from npm: connects as a guest, joins and chats.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { $iq, $msg, $pres, Strophe } from 'strophe.js';
import WebSocket from 'ws';
import { fresh, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Inbox, within } from '../support/waiting.mjs';

globalThis.WebSocket ??= WebSocket; // a browser has one; so does node from version 22

const MUC = 'http://jabber.org/protocol/muc';

test('interop: strophe.js connects anonymously, asks, joins, chats and leaves', async (t) => {
  const server = await serve(t);
  const room = fresh('interop');
  const jid = `${room}@${server.muc}`;
  const host = await hostIn(server, room);

  const connection = new Strophe.Connection(`${server.webSocketUrl}?room=${room}`);
  const stanzas = new Inbox();
  const connected = new Promise((resolve, reject) => {
    connection.connect(server.domain, undefined, (status, condition) => {
      if (status === Strophe.Status.CONNECTED) resolve();
      if ([Strophe.Status.CONNFAIL, Strophe.Status.AUTHFAIL, Strophe.Status.ERROR].includes(status)) reject(new Error(`strophe status ${status}: ${condition}`));
    });
  });
  t.after(() => connection.disconnect('over'));
  await within(5000, connected, 'CONNECTED');
  for (const name of ['message', 'presence']) connection.addHandler((stanza) => (stanzas.put(stanza), true), null, name);
  const nick = Strophe.getNodeFromJid(connection.jid).slice(0, 8);
  const next = (fits, what) => stanzas.next(fits, { what, describe: (stanza) => Strophe.serialize(stanza) });

  const request = $iq({ type: 'set', to: server.focus }).c('conference', { xmlns: 'http://jitsi.org/protocol/focus', room: jid, 'machine-uid': 'strophe' });
  const reply = await within(5000, new Promise((resolve, reject) => connection.sendIQ(request, resolve, reject)), 'conference reply');
  assert.equal(reply.getElementsByTagName('conference')[0].getAttribute('ready'), 'true');

  connection.send($pres({ to: `${jid}/${nick}` }).c('x', { xmlns: MUC }));
  const self = await next((stanza) => stanza.nodeName === 'presence' && stanza.getAttribute('from') === `${jid}/${nick}`, 'self-presence');
  assert.ok([...self.getElementsByTagName('status')].some((status) => status.getAttribute('code') === '110'));

  connection.send($msg({ to: jid, type: 'groupchat' }).c('body').t('hello from strophe'));
  await host.expectBody('hello from strophe');
  host.groupchat(room, 'hello strophe');
  await next((stanza) => stanza.nodeName === 'message' && stanza.getElementsByTagName('body')[0]?.textContent === 'hello strophe', 'the answer');

  connection.send($pres({ to: `${jid}/${nick}`, type: 'unavailable' }));
  await host.expectGone(room, nick);
});
