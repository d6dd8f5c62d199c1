// Attacks A7 and A8 of access.md 5, and what must work beside them: keys that are fetched, over real HTTPS, from servers that rotate,
// hang, lie and go away. A token whose key cannot be had is refused; nobody else notices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady } from '../support/claims.mjs';
import { assertNotHeldUp, roundTrips } from '../support/held_up.mjs';
import { Authority, KeyServer, keyPair, sha256 } from '../support/key_server.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { freePort, serve } from '../support/server.mjs';
import { Issuer } from '../support/token.mjs';
import { clockReaches, eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

const UNKNOWN = /could not obtain public key/;

/** An issuer `app` that signs with `pair`; the audience and domain are those of the fixture. */
const issuerOf = (pair, options = {}) => new Issuer({ alg: pair.alg, privateKey: pair.privateKey, kid: pair.kid, ...options });

/** A stream with that token up to the answer of SASL. */
async function show(server, token, room) {
  const client = await Client.open(server, { room, token });
  await client.start();
  return { client, answer: await client.tryAuth() };
}

async function assertAccepted(server, issuer, options) {
  const room = fresh('a8');
  const client = await Client.login(server, { room, token: server.issuer.keep(issuer.token(room, 'mod', options)), name: 'accepted' });
  assertReady(await client.ask(room));
  assertAdmittedAs(await client.join(room), 'moderator');
  await client.close();
}

async function refusal(server, issuer, options) {
  const room = fresh('a8');
  const { client, answer } = await show(server, server.issuer.keep(issuer.token(room, 'mod', options)), room);
  assert.equal(answer.el.name, 'failure', `refused at SASL, but ${answer.raw}`);
  await assertNotStarted(server, room);
  client.vanish();
  return answer.raw;
}

const assertUnknownKey = async (...args) => assert.match(await refusal(...args), UNKNOWN);

/** A server that has the secret of the fixture, and a key set at `keys`. */
const withKeySet = (t, authority, keys, env = {}) => serve(t, { env: { CONCLAVE_JWT_JWKS_URL: keys.url('/jwks.json'), CONCLAVE_JWT_CA_FILE: authority.caFile, ...env } });
const withKeyServer = (t, authority, keys, env = {}) => serve(t, { env: { JWT_ASAP_KEYSERVER: keys.url('/keys'), CONCLAVE_JWT_CA_FILE: authority.caFile, ...env } });

test('keys of every kind from a JWKS address', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const pairs = ['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'].map((alg) => keyPair(alg, `kid-${alg}`));
  const unnamed = keyPair('ES256');
  const encryption = keyPair('RS256', 'for-encryption');
  keys.publish([...pairs.map((pair) => pair.jwk()), unnamed.jwk({}), encryption.jwk({ use: 'enc' }), { kty: 'oct', k: 'c2VjcmV0', kid: 'oct' }]);
  const server = await withKeySet(t, authority, keys);
  for (const pair of pairs) await t.test(`${pair.alg}`, () => assertAccepted(server, issuerOf(pair)));
  await t.test('a key without kid and alg', () => assertAccepted(server, issuerOf(unnamed)));
  await t.test('a token that does not name its key', () => assertAccepted(server, issuerOf({ ...pairs[0], kid: undefined })));
  await t.test('the secret goes on working beside them', () => assertAccepted(server, server.issuer));
  await t.test('A3 a JWK with use:enc is no key', async () => {
    assert.match(await refusal(server, issuerOf(encryption)), UNKNOWN);
  });
  await t.test('A3 RS256 with a key that is pinned to PS256', () => refusal(server, issuerOf({ ...pairs[2], alg: 'RS256' })));
  await t.test('A3 a secret from a key set is no key', () => refusal(server, new Issuer({ secret: 'secret', kid: 'oct' })));
});

test('the form that Firebase has: kid and PEM', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const pair = keyPair('RS256', 'firebase-1');
  keys.status(200, JSON.stringify({ [pair.kid]: pair.pem }), { 'content-type': 'application/json' });
  const server = await withKeySet(t, authority, keys);
  await assertAccepted(server, issuerOf(pair));
});

test('A8 a key is rotated, then withdrawn', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const [old, next, third] = ['old', 'next', 'third'].map((kid) => keyPair('RS256', kid));
  keys.publish([old.jwk()]);
  const server = await withKeySet(t, authority, keys, { CONCLAVE_JWT_KEY_LIFETIME: '1 second' });
  await assertAccepted(server, issuerOf(old));
  await t.test('A8 a token of a key that is new makes the set be fetched', async () => {
    keys.publish([old.jwk(), next.jwk()]);
    await assertAccepted(server, issuerOf(next));
    await assertAccepted(server, issuerOf(old));
  });
  await t.test('A8 a withdrawn key stops working within its stated lifetime', async () => {
    keys.publish([next.jwk(), third.jwk()]);
    await assertAccepted(server, issuerOf(third));
    await eventually('the withdrawn key is refused', async () => {
      const { client, answer } = await show(server, issuerOf(old).token(fresh('a8')), fresh('a8'));
      client.vanish();
      return answer.el.name === 'failure';
    });
    await assertUnknownKey(server, issuerOf(old));
    await assertAccepted(server, issuerOf(next));
  });
});

test('A8 what a key server may answer instead of keys', async (t) => {
  const authority = new Authority(t);
  const pair = keyPair('RS256', 'k');
  const json = JSON.stringify({ keys: [pair.jwk()] });
  const answers = {
    '204 without a body': (keys) => keys.status(204),
    '200 without a body': (keys) => keys.status(200),
    'HTML': (keys) => keys.status(200, '<html><body>Sign in</body></html>', { 'content-type': 'text/html' }),
    '404 with keys in it': (keys) => keys.status(404, json),
    '500': (keys) => keys.status(500, 'oops'),
    'a redirect to an inner address': (keys) => keys.status(302, '', { location: 'http://127.0.0.1:1/jwks.json' }),
    'two megabytes': (keys) => keys.status(200, JSON.stringify({ keys: [pair.jwk()], filler: 'x'.repeat(2 << 20) })),
    'a set with a key twice': (keys) => keys.status(200, '{"keys":[],"keys":[]}'),
    'an RSA key of 1024 bits': (keys) => keys.publish([{ kty: 'RSA', kid: 'k', n: 'v'.repeat(170) + 'w', e: 'AQAB' }]),
    'the end of the connection': (keys) => {
      keys.answer = (request) => request.socket.destroy();
    },
  };
  for (const [what, prepare] of Object.entries(answers)) {
    await t.test(`A8 ${what}`, async (each) => {
      const keys = await KeyServer.start(each, authority.certificate());
      prepare(keys);
      const server = await withKeySet(each, authority, keys);
      await assertUnknownKey(server, issuerOf(pair));
      await assertAccepted(server, server.issuer);
    });
  }
  await t.test('A8 a certificate of another authority', async (each) => {
    const keys = await KeyServer.start(each, new Authority(each, 'other').certificate());
    keys.publish([pair.jwk()]);
    await assertUnknownKey(await withKeySet(each, authority, keys), issuerOf(pair));
    assert.deepEqual(keys.requests, [], 'nothing was asked over a connection that nobody vouches for');
  });
  await t.test('A8 a certificate for another name', async (each) => {
    const keys = await KeyServer.start(each, authority.certificate('DNS:elsewhere.example'));
    keys.publish([pair.jwk()]);
    await assertUnknownKey(await withKeySet(each, authority, keys), issuerOf(pair));
    assert.deepEqual(keys.requests, []);
  });
  await t.test('A8 a port where nobody listens', async (each) => {
    const url = `https://localhost:${await freePort()}/jwks.json`;
    await assertUnknownKey(await withKeySet(each, authority, { url: () => url }), issuerOf(pair));
  });
});

test('A8 a key server that hangs holds up nobody else', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const asked = keys.hang();
  const server = await withKeyServer(t, authority, keys);
  const room = fresh('a8');
  const host = await hostIn(server, room);
  const quiet = await roundTrips([host], 50);
  const waiting = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const client = await Client.open(server, { room, token: issuerOf(keyPair('ES256', `slow-${index % 4}`)).token(room) });
      await client.start();
      client.tryAuth().catch(() => {});
      return client;
    }),
  );
  await asked;
  await t.test('A8 other rooms, other issuers and guests go on', async () => {
    await assertAccepted(server, server.issuer);
    await guestIn(server, room, 'guest beside');
    assertNotHeldUp(t, quiet, await roundTrips([host], 100));
  });
  await t.test('A8 none of those who wait was let in', () => {
    for (const client of waiting) assert.ok(!client.seen((frame) => frame.el?.name === 'success'), `${client.name} has no key`);
    assert.ok(keys.held.size >= 1 && keys.held.size <= 8, `${keys.held.size} questions at once`);
  });
  for (const client of waiting) client.vanish();
});

test('a key server that knows keys by the hash of their id', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const [first, second] = [keyPair('RS256', 'app/first'), keyPair('RS256', 'app/second')];
  keys.publishById({ [first.kid]: first.pem, [second.kid]: second.pem });
  const server = await withKeyServer(t, authority, keys, { JWT_SIGN_TYPE: 'RS256' });
  await assertAccepted(server, issuerOf(first));
  await assertAccepted(server, issuerOf(first));
  assert.deepEqual(keys.requests, [`/keys/${sha256('app/first')}.pem`], 'asked once');
  await assertAccepted(server, issuerOf(second));
  assert.match(await refusal(server, issuerOf({ ...first, kid: undefined })), /'kid' claim is missing/);
  await t.test('A7 a kid never goes into an address as it is', async () => {
    for (const kid of ['../../x', 'http://127.0.0.1:1/x', 'x?y#z', '%2e%2e%2f', 'a\nb', 'x'.repeat(1000), second.kid.toUpperCase()]) {
      const before = keys.requests.length;
      await assertUnknownKey(server, issuerOf({ ...first, kid }));
      assert.deepEqual(keys.requests.slice(before), [`/keys/${sha256(kid)}.pem`], JSON.stringify(kid));
    }
  });
  await t.test('A7 a kid with NUL or of 10 kB asks nobody', async () => {
    const before = keys.requests.length;
    await refusal(server, issuerOf({ ...first, kid: 'a\u0000b' }));
    const long = issuerOf({ ...first, kid: 'x'.repeat(7000) });
    await Promise.resolve(assertUnknownKey(server, long)).catch((error) => assert.ok([414, 431].includes(error.status), error.message));
    assert.equal(keys.requests.length, before);
  });
  await t.test('A7 the key of one id does not sign for another', async () => {
    await assert.rejects(assertAccepted(server, issuerOf({ ...first, kid: second.kid })), /Invalid signature/);
  });
  await t.test('A7 what is missed is remembered', async () => {
    const before = keys.requests.length;
    for (let i = 0; i < 10; i++) await assertUnknownKey(server, issuerOf({ ...first, kid: 'missing' }));
    assert.equal(keys.requests.length, before + 1);
  });
  await t.test('A7 another kid each time: questions are limited, and the known keys go on working', async () => {
    const before = keys.requests.length;
    const begun = performance.now();
    for (let i = 0; i < 150; i++) await assertUnknownKey(server, issuerOf({ ...first, kid: `guess-${i}` }));
    const most = 32 + Math.ceil((performance.now() - begun) / 1000);
    const asked = keys.requests.length - before;
    t.diagnostic(`150 tokens with 150 kids: ${asked} questions to the key server`);
    assert.ok(asked <= most, `${asked} questions, at most ${most}`);
    await assertAccepted(server, issuerOf(first));
  });
});

test('A10 a stream goes on with its single-use token when the key has to be fetched again', async (t) => {
  const authority = new Authority(t);
  const keys = await KeyServer.start(t, authority.certificate());
  const pair = keyPair('ES256', 'forgotten');
  keys.publishById({ forgotten: pair.pem }, { 'cache-control': 'no-store' });
  const server = await withKeyServer(t, authority, keys, { CONCLAVE_JWT_SINGLE_USE: '1', CONCLAVE_JWT_KEY_LIFETIME: '1' });
  const room = fresh('a10');
  const token = server.issuer.keep(issuerOf(pair).token(room, 'mod', { claims: { jti: fresh('jti') } }));
  const client = await Client.login(server, { room, token, name: 'first' });
  const before = keys.requests.length;
  client.vanish();
  await clockReaches(Date.now() + 1500); // the key is kept for one second
  const { resumed } = await client.resume();
  assert.ok(keys.requests.length > before, 'the key was fetched again');
  assert.equal(resumed.el.name, 'resumed', resumed.raw);
});
