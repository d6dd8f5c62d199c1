// Still older clients, in Chromium: strophe.js 1.x over BOSH, the library below every stock client of before 2023; and X
// which negotiates as no browser of today does any more: it joins, chats and is kicked, without media.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { libraryPeople, libraryServer } from '../support/library.mjs';
import { fresh, hostIn } from '../support/people.mjs';

const nodeModule = (name) => readFileSync(new URL(`../node_modules/${name}`, import.meta.url));

/** In the page: connects over BOSH, asks focus, joins, says hello; keeps what arrives. */
function strophe({ url, domain, focus, jid }) {
  const { Strophe, $iq, $pres, $msg } = window;
  const connection = new Strophe.Connection(url);
  const heard = (window.heard = []);
  window.said = (text) => connection.send($msg({ to: jid, type: 'groupchat' }).c('body').t(text));
  window.leave = () => {
    connection.send($pres({ to: `${jid}/${window.nick}`, type: 'unavailable' }));
    connection.disconnect('over');
  };
  return new Promise((resolve, reject) => {
    connection.connect(domain, null, (status, condition) => {
      heard.push(['status', status]);
      if ([Strophe.Status.CONNFAIL, Strophe.Status.AUTHFAIL, Strophe.Status.ERROR].includes(status)) reject(new Error(`status ${status}: ${condition}`));
      if (status !== Strophe.Status.CONNECTED) return;
      const nick = (window.nick = Strophe.getNodeFromJid(connection.jid).slice(0, 8));
      connection.addHandler((stanza) => (heard.push(['message', stanza.querySelector('body')?.textContent]), true), null, 'message', 'groupchat');
      connection.addHandler((stanza) => {
        if (stanza.getAttribute('from') === `${jid}/${nick}`) resolve(nick);
        return true;
      }, null, 'presence');
      const request = $iq({ type: 'set', to: focus }).c('conference', { xmlns: 'http://jitsi.org/protocol/focus', room: jid, 'machine-uid': 'strophe' });
      connection.sendIQ(request, () => connection.send($pres({ to: `${jid}/${nick}` }).c('x', { xmlns: 'http://jabber.org/protocol/muc' })), (error) => reject(new Error(Strophe.serialize(error))));
    });
  });
}

test('e2e: strophe.js 1.x over BOSH in a browser connects, joins and chats', { timeout: 60000 }, async (t) => {
  const server = await libraryServer(t, { scripts: [nodeModule('strophe.js-1/dist/strophe.umd.min.js'), 'window.JitsiMeetJS = {}; Object.assign(window, window.strophe ?? {});'] });
  const room = fresh('strophe');
  const jid = `${room}@${server.muc}`;
  const host = await hostIn(server, room);
  const [ada] = await libraryPeople(t, server, { Ada: 'red' });
  await ada.open(room);
  const nick = await ada.page.evaluate(strophe, { url: `${server.publicUrl}/http-bind?room=${room}`, domain: server.domain, focus: server.focus, jid });
  await ada.page.evaluate(() => window.said('hello over BOSH'));
  await host.expectBody('hello over BOSH');
  host.groupchat(room, 'hello to BOSH');
  await ada.page.waitForFunction(() => window.heard.some(([, text]) => text === 'hello to BOSH'));
  await ada.page.evaluate(() => window.leave());
  await host.expectGone(room, nick);
});

test('e2e: lib-jitsi-meet-dist 2.1.5 over BOSH joins, chats and is kicked', { timeout: 60000 }, async (t) => {
  const server = await libraryServer(t, { scripts: [nodeModule('jquery/dist/jquery.min.js'), nodeModule('lib-jitsi-meet-dist/dist/lib-jitsi-meet.min.js')] });
  const room = fresh('older');
  const host = await hostIn(server, room);
  const [ada] = await libraryPeople(t, server, { Ada: 'red' });
  await ada.enters(room, { devices: [], bosh: true });
  host.groupchat(room, 'who is there?');
  await ada.hears('MESSAGE_RECEIVED', (_, text) => text === 'who is there?');
  await ada.does((probe) => probe.conference.sendTextMessage('an old one'));
  await host.expectBody('an old one');
  await host.kick(room, ada.nick);
  await ada.hears('KICKED');
  assert.ok(!(await ada.seen('CONFERENCE_FAILED')).length);
});
