// Proof 6 of the access model, all at once: a key server that never answers, a directory that hangs, and a storm of passwords to hash. Who is in a meeting
// must not notice: neither his pings nor his messages are held up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, attempt } from '../support/account.mjs';
import { assertNotHeldUp, roundTrips } from '../support/held_up.mjs';
import { Authority, KeyServer, keyPair } from '../support/key_server.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { silentServer } from '../support/slapd.mjs';
import { Issuer } from '../support/token.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

/** Calls `work(n)` in so many lanes until over() says so. */
const lanes = (count, over, work) =>
  Promise.all(
    Array.from({ length: count }, async (_, lane) => {
      for (let round = 0; !over(); round++) await work(`${lane}-${round}`, lane, round);
    }),
  );

test('A8 A48 A49 a key server that never answers, a directory that hangs and a storm of passwords hold up nobody in a meeting', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const asked = keys.hang();
  const silent = await silentServer(t);
  const server = await serve(t, {
    env: {
      AUTH_TYPE: 'jwt,internal,ldap',
      JWT_ASAP_KEYSERVER: keys.url('/keys'),
      CONCLAVE_JWT_CA_FILE: authority.caFile,
      LDAP_URL: silent.url(),
      LDAP_BASE: 'dc=example,dc=org',
      CONCLAVE_LDAP_TIMEOUT: '3',
    },
  });
  const accounts = [];
  for (let index = 0; index < 8; index++) accounts.push(await addAccount(server, `person${index}`));
  const room = fresh('calm');
  const host = await hostIn(server, room);
  const people = [host];
  for (const name of ['one', 'two', 'three']) people.push(await guestIn(server, room, name));

  const quiet = await roundTrips(people, 40, room);

  let over = false;
  const isOver = () => over;
  const results = {};
  const proxied = (lane, round) => ({ headers: { 'x-forwarded-for': `198.51.${lane}.${round % 250}` } });
  const slow = Array.from({ length: 4 }, (_, index) => keyPair('ES256', `slow-${index}`));
  const withoutKey = lanes(4, isOver, async (_name, lane, round) => {
    const issuer = new Issuer({ alg: 'ES256', privateKey: slow[lane].privateKey, kid: `slow-${lane}-${round}` });
    const client = await Client.open(server, { room, token: server.issuer.keep(issuer.token(room)) });
    await client.start();
    await client.tryAuth().catch(() => {});
    client.vanish();
  });
  // Hashed each time, and right: nobody slows that down.
  const storm = lanes(accounts.length, isOver, async (_name, lane, round) => {
    const { result } = await attempt(server, accounts[lane], proxied(lane, round));
    results[result] = (results[result] ?? 0) + 1;
  });
  const strangers = lanes(6, isOver, async (name, lane, round) => {
    const { result } = await attempt(server, { name: `stranger-${name}`, password: 'a password that nobody can check' }, proxied(100 + lane, round));
    results[result] = (results[result] ?? 0) + 1;
  });
  await asked;
  await eventually('the directory is asked', () => silent.sockets.size > 0);
  await eventually('passwords are hashed', () => (results.success ?? 0) >= accounts.length);
  const disturbed = await roundTrips(people, 80, room);
  const held = keys.held.size;
  over = true;
  await Promise.all([withoutKey, storm, strangers]);
  t.diagnostic(`log-ins meanwhile: ${JSON.stringify(results)}`);
  assert.ok(held > 0, 'the key server was holding questions all the while');
  assert.ok(results.success > accounts.length, JSON.stringify(results));
  assertNotHeldUp(t, quiet, disturbed);
});
