// S2 A guest never meets a password prompt, also where people have accounts (access.md 4.2, 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertNotStarted, assertReady, assertWaits } from '../support/claims.mjs';
import { fresh, guest } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client } from '../support/xmpp.mjs';

test('S2 beside accounts the guest’s stream offers ANONYMOUS first, and nothing asks for a password', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  for (const host of [server.domain, `guest.${server.domain}`, `auth.${server.domain}`]) {
    const probe = await Client.open(server, { host });
    await probe.start();
    assert.deepEqual(probe.mechanisms, ['ANONYMOUS', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'], host);
    probe.vanish();
    const room = fresh('s2');
    const client = await guest(server, room, 'guest', { host });
    assertWaits(await client.ask(room));
    await assertNotStarted(server, room);
    const host2 = await logIn(server, room, alice);
    await host2.enter(room);
    assertReady(await client.ask(room));
    assertAdmittedAs(await client.join(room), 'guest');
    assert.ok(!client.seen((frame) => frame.raw.startsWith('<failure')), 'no SASL failure');
  }
});

test('S2 with GUESTS=deny the guest is told to log in, and by logging in comes in', async (t) => {
  const server = await serve(t, { env: withAccounts({ ENABLE_GUESTS: '0' }) });
  const alice = await addAccount(server, 'alice');
  const room = fresh('s2');
  const client = await guest(server, room);
  const asked = await client.ask(room);
  assert.equal(`${asked.error.type}/${asked.error.condition}`, 'auth/not-authorized', String(asked.reply));
  const second = await logIn(server, room, alice, { storage: client.storage });
  assertReady(await second.ask(room));
  await second.close();
  assertReady(await client.ask(room));
  assertAdmittedAs(await client.join(room), 'moderator');
});
