// A20 a garbage token on the guest alias or beside SASL PLAIN is refused, and never "has a token".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertReady } from '../support/claims.mjs';
import { fresh, guest } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

test('A20 a token that is shown and bad ends the login, on every alias and beside every mechanism', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const room = fresh('a20');
  const garbage = ['garbage', 'a.b.c', 'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJyb29tIjoiKiJ9.', server.token(room, 'mod', { lifetime: -3600 })];
  for (const host of [server.domain, `guest.${server.domain}`, `auth.${server.domain}`]) {
    for (const token of garbage) {
      await assert.rejects(guest(server, room, 'guest', { token, host }), /SASL <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-allowed\/>/);
      for (const mechanism of ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']) {
        await assert.rejects(logIn(server, room, alice, { token, host, mechanism }), /<not-allowed\/>/, `${mechanism} beside ${token} at ${host}`);
      }
    }
  }
});

test('A20 a good token beside a password: the account is who it is, on every alias', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  for (const host of [server.domain, `guest.${server.domain}`, `auth.${server.domain}`]) {
    const room = fresh('a20');
    const client = await logIn(server, room, alice, { host, token: server.token(room, 'part') });
    assert.ok(client.jid.startsWith(`alice@${host}/`), client.jid);
    const asked = await client.ask(room);
    assertReady(asked);
    assert.equal(asked.conference.identity, 'alice');
    assertAdmittedAs(await client.join(room), 'moderator');
  }
});

test('A20 without AUTH=password no password mechanism is offered', async (t) => {
  const server = await serve(t);
  const client = await guest(server, fresh('a20'));
  assert.deepEqual(client.mechanisms, []);
  const first = client.log.find((frame) => frame.raw.includes('<mechanisms'));
  assert.ok(first.raw.includes('ANONYMOUS') && !first.raw.includes('PLAIN') && !first.raw.includes('SCRAM'), first.raw);
});
