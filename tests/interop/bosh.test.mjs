// strophe.js over BOSH, as stock clients use it where there is no WebSocket: connects as a guest, joins, chats and leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { $iq, $msg, $pres, Strophe } from 'strophe.js';
import { addAccount, withAccounts } from '../support/account.mjs';
import { fresh, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Inbox, within } from '../support/waiting.mjs';

const MUC = 'http://jabber.org/protocol/muc';

function connect(server, room, jid, password) {
  const connection = new Strophe.Connection(`${server.boshUrl}?room=${room}`);
  const connected = new Promise((resolve, reject) => {
    connection.connect(jid, password, (status, condition) => {
      if (status === Strophe.Status.CONNECTED) resolve(connection);
      if ([Strophe.Status.CONNFAIL, Strophe.Status.AUTHFAIL, Strophe.Status.ERROR].includes(status)) reject(new Error(`strophe status ${status}: ${condition}`));
    });
  });
  return within(10000, connected, 'CONNECTED over BOSH');
}

test('interop: strophe.js over BOSH connects anonymously, asks, joins, chats and leaves', async (t) => {
  const server = await serve(t);
  const room = fresh('interop');
  const jid = `${room}@${server.muc}`;
  const host = await hostIn(server, room);
  const connection = await connect(server, room, server.domain);
  const stanzas = new Inbox();
  for (const name of ['message', 'presence']) connection.addHandler((stanza) => (stanzas.put(stanza), true), null, name);
  const nick = Strophe.getNodeFromJid(connection.jid).slice(0, 8);
  const next = (fits, what) => stanzas.next(fits, { what, describe: (stanza) => Strophe.serialize(stanza) });

  const request = $iq({ type: 'set', to: server.focus }).c('conference', { xmlns: 'http://jitsi.org/protocol/focus', room: jid, 'machine-uid': 'strophe' });
  const reply = await within(5000, new Promise((resolve, reject) => connection.sendIQ(request, resolve, reject)), 'conference reply');
  assert.equal(reply.getElementsByTagName('conference')[0].getAttribute('ready'), 'true');

  connection.send($pres({ to: `${jid}/${nick}` }).c('x', { xmlns: MUC }));
  await next((stanza) => stanza.nodeName === 'presence' && stanza.getAttribute('from') === `${jid}/${nick}`, 'self-presence');
  connection.send($msg({ to: jid, type: 'groupchat' }).c('body').t('hello over BOSH'));
  await host.expectBody('hello over BOSH');
  host.groupchat(room, 'hello strophe');
  await next((stanza) => stanza.nodeName === 'message' && stanza.getElementsByTagName('body')[0]?.textContent === 'hello strophe', 'the answer');

  connection.disconnect('over'); // by type='terminate'
  await host.expectGone(room, nick);
});

test('interop: strophe.js over BOSH logs in with a password', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const connection = await connect(server, fresh('interop'), `alice@${server.domain}`, alice.password);
  assert.ok(connection.jid.startsWith(`alice@${server.domain}/`), connection.jid);
  connection.disconnect('over');
  await assert.rejects(connect(server, fresh('interop'), `alice@${server.domain}`, 'not her password'), /strophe status/);
});
