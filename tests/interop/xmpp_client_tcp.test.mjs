// @xmpp/client over TCP with STARTTLS: a native client joins as a guest and by password, and resumes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, withAccounts } from '../support/account.mjs';
import { fresh, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { TcpClient, xml } from '../support/tcp_client.mjs';

const FOCUS = 'http://jitsi.org/protocol/focus';

async function enter(client, server, room) {
  const jid = `${room}@${server.muc}`;
  const reply = await client.iq('set', server.focus, xml('conference', { xmlns: FOCUS, room: jid, 'machine-uid': 'tcp' }));
  assert.equal(reply.getChild('conference', FOCUS).attrs.ready, 'true');
  const nick = client.address.resource.slice(0, 8);
  assert.equal((await client.join(jid, nick)).attrs.type, undefined);
  return nick;
}

test('interop: @xmpp/client over TCP with STARTTLS joins as a guest and by password, and chats across loops', async (t) => {
  const server = await serve(t, { env: withAccounts({ CONCLAVE_XMPP_TCP: '1', CONCLAVE_LOOPS: '2' }) });
  const account = await addAccount(server, 'bo');
  for (const credentials of [{}, { username: account.name, password: account.password }]) {
    for (let i = 0; i < 2; ++i) {
      const room = fresh('tcp');
      const host = await hostIn(server, room);
      const client = await TcpClient.start(t, server, credentials);
      const nick = await enter(client, server, room);
      await client.send(xml('message', { type: 'groupchat', to: `${room}@${server.muc}` }, xml('body', {}, 'hello over TCP')));
      assert.equal((await host.expectBody('hello over TCP')).el.attrs.from, `${room}@${server.muc}/${nick}`);
      host.groupchat(room, 'hello TCP');
      await client.next((stanza) => stanza.is('message') && stanza.getChildText('body') === 'hello TCP', 'the answer');
      assert.deepEqual(client.errors, []);
      await client.stop();
      await host.expectGone(room, nick);
    }
  }
});

test('interop: @xmpp/client over TCP hears that its password is wrong', async (t) => {
  const server = await serve(t, { env: withAccounts({ CONCLAVE_XMPP_TCP: '1' }) });
  const account = await addAccount(server, 'bo');
  await assert.rejects(TcpClient.start(t, server, { username: account.name, password: 'not this one' }), (error) => error.condition === 'not-authorized');
});
