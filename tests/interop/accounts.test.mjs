// strophe.js and @xmpp/client log in with a password: each by the mechanism that it chooses, and by PLAIN where it has no other choice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client as xmppClient } from '@xmpp/client';
import { $iq, Strophe } from 'strophe.js';
import WebSocket from 'ws';
import { addAccount, withAccounts } from '../support/account.mjs';
import { fresh } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { within } from '../support/waiting.mjs';

globalThis.WebSocket ??= WebSocket; // a browser has one; so does node from version 22

const NAMES = Object.fromEntries(Object.entries(Strophe.Status).map(([name, value]) => [value, name]));

/** Logs in with strophe.js: the status it ends with, the mechanism it chose, and the connection. */
async function strophe(server, room, jid, password, mechanisms) {
  const connection = new Strophe.Connection(`${server.webSocketUrl}?room=${room}`, mechanisms ? { mechanisms } : {});
  let chosen;
  connection.rawOutput = (data) => (chosen ??= /<auth [^>]*mechanism="([^"]+)"/.exec(data)?.[1]);
  const ended = new Promise((resolve) => {
    connection.connect(jid, password, (status) => {
      if (['CONNECTED', 'CONNFAIL', 'AUTHFAIL', 'ERROR'].includes(NAMES[status])) resolve(NAMES[status]);
    });
  });
  return { status: await within(10000, ended, 'strophe’s status'), chosen, connection };
}

test('interop: strophe.js logs in with SCRAM and with PLAIN, and its request makes it host', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const jid = `alice@${server.domain}`;
  for (const [mechanisms, expected] of [
    [undefined, 'SCRAM-SHA-256'],
    [[Strophe.SASLSHA1], 'SCRAM-SHA-1'],
    [[Strophe.SASLPlain], 'PLAIN'],
  ]) {
    await t.test(expected, async () => {
      const room = fresh('interop');
      const { status, chosen, connection } = await strophe(server, room, jid, alice.password, mechanisms);
      assert.equal(`${chosen}: ${status}`, `${expected}: CONNECTED`);
      assert.ok(connection.jid.startsWith(`${jid}/`), connection.jid);
      const request = $iq({ type: 'set', to: server.focus }).c('conference', { xmlns: 'http://jitsi.org/protocol/focus', room: `${room}@${server.muc}`, 'machine-uid': 'strophe' });
      const reply = await within(5000, new Promise((resolve, reject) => connection.sendIQ(request, resolve, reject)), 'conference reply');
      const conference = reply.getElementsByTagName('conference')[0];
      assert.equal(conference.getAttribute('ready'), 'true');
      assert.equal(conference.getAttribute('identity'), 'alice');
      assert.ok(conference.getAttribute('session-id'));
      connection.disconnect('over');
    });
  }
  await t.test('a wrong password', async () => {
    const { status, connection } = await strophe(server, fresh('interop'), jid, 'not her password');
    assert.equal(status, 'AUTHFAIL');
    connection.disconnect('over');
  });
  await t.test('without a name it stays a guest beside all that', async () => {
    const { status, chosen, connection } = await strophe(server, fresh('interop'), server.domain);
    assert.equal(`${chosen}: ${status}`, 'ANONYMOUS: CONNECTED');
    connection.disconnect('over');
  });
});

test('interop: @xmpp/client logs in with SCRAM and with PLAIN', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const start = async (credentials) => {
    const xmpp = xmppClient({ service: `${server.webSocketUrl}?room=${fresh('interop')}`, domain: server.domain, ...credentials });
    xmpp.reconnect.stop();
    xmpp.on('error', () => {});
    let chosen;
    xmpp.on('send', (element) => (chosen ??= element.is('auth') ? element.attrs.mechanism : undefined));
    try {
      const address = await xmpp.start();
      return { chosen, local: address.local };
    } finally {
      await xmpp.stop().catch(() => {});
    }
  };
  const byScram = await start({ username: 'alice', password: alice.password });
  assert.equal(byScram.local, 'alice');
  assert.match(byScram.chosen, /^SCRAM-SHA-/);
  const byPlain = await start({ credentials: (authenticate) => authenticate({ username: 'alice', password: alice.password }, 'PLAIN') });
  assert.deepEqual(byPlain, { chosen: 'PLAIN', local: 'alice' });
  await assert.rejects(start({ username: 'alice', password: 'not her password' }), (error) => error.condition === 'not-authorized');
});
