// Attacks A1–A6 of access.md 5: tokens of every broken kind. Refused = at SASL, with a text, nothing started, nothing logged of the token.
// A7, A8 and A3's key sets: a08_key_servers; A9–A14: a09_tokens_in_use; A16, A17: a16_carriers.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady } from '../support/claims.mjs';
import { fresh, guest, guestIn, hostIn } from '../support/people.mjs';
import { Server, serve } from '../support/server.mjs';
import { Issuer, encode, rsaKeys, sign } from '../support/token.mjs';
import { Client, NS } from '../support/xmpp.mjs';

// The only form from which the stock client reads the reason (signalling.md 2.3).
const FAILURE = new RegExp(`<failure xmlns=['"]${NS.sasl}['"]><([a-z-]+)\\s*/><text>([^<]+)</text></failure>`);

/** Refused at SASL (or, if too big for an address, at the upgrade), within bounded time. */
async function assertRefused(server, token, room, conditions = ['not-allowed']) {
  let client;
  try {
    client = await Client.open(server, { room, token });
  } catch (error) {
    assert.ok([400, 413, 414, 431].includes(error.status), `refused at the upgrade with ${error.status ?? error.message}`);
    return undefined;
  }
  await client.start();
  const answer = await client.tryAuth();
  assert.equal(answer.el.name, 'failure', `refused at SASL, but ${answer.raw}`);
  const found = FAILURE.exec(answer.raw);
  assert.ok(found, `the form that clients read, but ${answer.raw}`);
  assert.ok(conditions.includes(found[1]), `condition ${conditions}, but ${answer.raw}`);
  await assertNotStarted(server, room);
  client.vanish();
  return found[2];
}

async function assertAccepted(server, token, room, kind = 'moderator') {
  const client = await Client.login(server, { room, token, name: 'accepted' });
  assertReady(await client.ask(room));
  assertAdmittedAs(await client.join(room), kind);
  await client.close();
}

const claimsFor = (server, room, extra = {}) => ({ ...server.issuer.claims(room, 'mod'), ...extra });
const unsigned = (header, claims) => `${encode(header)}.${encode(claims)}`;

test('A1 a token that is not signed', async (t) => {
  const server = await serve(t);
  const room = fresh('a1');
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', undefined, null, 0, ['HS256'], {}]) {
    for (const tail of ['.', '', '.AAAA']) {
      const token = server.issuer.keep(`${unsigned({ alg, typ: 'JWT' }, claimsFor(server, room))}${tail}`);
      await t.test(`A1 alg ${JSON.stringify(alg)} with ${JSON.stringify(tail)} after the body`, () => assertRefused(server, token, room));
    }
  }
  await t.test('A1 alg HS256 with an empty signature', () => assertRefused(server, `${unsigned({ alg: 'HS256', typ: 'JWT' }, claimsFor(server, room))}.`, room));
});

test('A2 HS256 signed with the RSA public key as secret', async (t) => {
  const { publicKey, privateKey } = rsaKeys();
  const issuer = new Issuer({ privateKey, alg: 'RS256' });
  const folder = mkdtempSync(join(tmpdir(), 'conclave-key-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'public.pem');
  writeFileSync(file, publicKey);
  const server = await serve(t, { env: { CONCLAVE_JWT_PUBLIC_KEY_FILE: file, JWT_APP_SECRET: undefined }, issuer });
  const room = fresh('a2');
  await t.test('A2 the RS256 token itself is good', () => assertAccepted(server, issuer.token(room), room));
  for (const key of [publicKey, publicKey.trim(), publicKey.replace(/-----[^-]+-----|\s/g, ''), Buffer.from(publicKey.replace(/-----[^-]+-----|\s/g, ''), 'base64')]) {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      await t.test(`A2 ${alg} with the public key in ${key.length} bytes`, () => assertRefused(server, sign({ alg, typ: 'JWT' }, issuer.claims(fresh('a2'), 'mod'), key), fresh('a2')));
    }
  }
  await t.test('A2 a token of another RSA key', async () => {
    const other = new Issuer({ privateKey: rsaKeys().privateKey, alg: 'RS256' });
    const room2 = fresh('a2');
    await assertRefused(server, other.token(room2), room2);
  });
});

test('A3 algorithms and keys that do not belong together', async (t) => {
  const server = await serve(t);
  const room = fresh('a3');
  const { privateKey } = rsaKeys();
  for (const alg of ['RS256', 'RS384', 'RS512']) {
    await t.test(`A3 ${alg} while only a secret is configured`, () => assertRefused(server, sign({ alg, typ: 'JWT' }, claimsFor(server, room), privateKey), room));
  }
  for (const alg of ['HS384', 'HS512']) {
    await t.test(`A3 ${alg} with a secret that is pinned to HS256`, () => assertRefused(server, sign({ alg, typ: 'JWT' }, claimsFor(server, room), server.env.JWT_APP_SECRET), room));
  }
  for (const alg of ['ES256', 'PS256', 'EdDSA', 'hs256', 'HS256 ']) {
    const input = unsigned({ alg, typ: 'JWT' }, claimsFor(server, room));
    const mac = createHmac('sha256', server.env.JWT_APP_SECRET).update(input).digest('base64url');
    await t.test(`A3 alg ${JSON.stringify(alg)}`, () => assertRefused(server, `${input}.${mac}`, room));
  }
  await t.test('A3 an RSA key of 1024 bits does not start the server', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });
    const file = server.write('weak.pem', publicKey);
    await assert.rejects(Server.start({ env: { CONCLAVE_JWT_PUBLIC_KEY_FILE: file } }), /ended with 78 before it listened:[^]*CONCLAVE_JWT_PUBLIC_KEY_FILE/);
  });
});

test('A4 headers that offer a key of their own', async (t) => {
  const server = await serve(t);
  const { privateKey } = rsaKeys();
  for (const header of [
    { jwk: { kty: 'oct', k: encode('attacker') } },
    { jku: 'http://127.0.0.1:1/keys' },
    { x5u: 'http://127.0.0.1:1/cert' },
    { x5c: ['MIIB'] },
    { kid: '../../etc/passwd' },
  ]) {
    const name = Object.keys(header)[0];
    await t.test(`A4 ${name} is ignored when the signature is ours`, async () => {
      const room = fresh('a4');
      await assertAccepted(server, server.token(room, 'mod', { header }), room);
    });
    await t.test(`A4 ${name} does not make a foreign signature good`, async () => {
      const room = fresh('a4');
      await assertRefused(server, sign({ alg: 'HS256', typ: 'JWT', ...header }, claimsFor(server, room), 'attacker'), room);
      await assertRefused(server, sign({ alg: 'RS256', typ: 'JWT', ...header }, claimsFor(server, room), privateKey), room);
    });
  }
  for (const crit of [['exp'], ['http://example.com/unknown'], [], 'exp']) {
    await t.test(`A4 crit ${JSON.stringify(crit)} is refused`, async () => {
      const room = fresh('a4');
      await assertRefused(server, server.token(room, 'mod', { header: { crit, b64: true } }), room);
    });
  }
});

test('A5 tokens of odd shape', async (t) => {
  const server = await serve(t);
  const secret = server.env.JWT_APP_SECRET;
  const room = fresh('a5');
  const good = server.token(room);
  const [head, body, mac] = good.split('.');
  const lastCanonical = mac.slice(-1);
  const twin = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const nonCanonical = mac.slice(0, -1) + twin[(twin.indexOf(lastCanonical) & ~3) | ((twin.indexOf(lastCanonical) + 1) & 3)];
  const raw = (claims, header = { alg: 'HS256', typ: 'JWT' }) => server.issuer.keep(sign(header, claims, secret));
  const json = JSON.stringify(claimsFor(server, room));
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  const shapes = {
    'an empty token': ' ',
    'one part': head,
    'two parts': `${head}.${body}`,
    'four parts': `${good}.${mac}`,
    'an empty first part': `.${body}.${mac}`,
    'two dots in a row': `${head}..${body}.${mac}`,
    'backslashes for dots': good.replaceAll('.', '\\'),
    'a backslash more': `${good}\\`,
    'padding': `${head}.${body}.${mac}=`,
    'a blank before': ` ${good}`,
    'a line break after': `${good}\n`,
    'a blank within': `${head}.${body} .${mac}`,
    'the plain base64 alphabet': `${head}.${body}.${mac.slice(0, -1)}+`,
    'a signature that is not canonical base64url': `${head}.${body}.${nonCanonical}`,
    'a signature cut short': `${head}.${body}.${mac.slice(0, 20)}`,
    'a header that is not JSON': `${encode('{alg:HS256}')}.${body}.${mac}`,
    'a header that is an array': `${encode('["HS256"]')}.${body}.${mac}`,
    'a body that is not JSON': raw('nonsense'),
    'a body that is an array': raw(`[${json}]`),
    'a body that is a string': raw('"x"'),
    'the room twice': raw(json.replace('"room":', '"room":"other","room":')),
    'exp twice': raw(json.replace('"exp":', '"exp":1,"exp":')),
    'alg twice': `${encode('{"alg":"none","alg":"HS256","typ":"JWT"}')}.${body}.${mac}`,
    'nesting five thousand deep': raw(`{"deep":${deep},${json.slice(1)}`),
    'one megabyte': raw(`{"filler":"${'x'.repeat(1 << 20)}",${json.slice(1)}`),
    'sixty kilobytes': raw(`{"filler":"${'x'.repeat(60000)}",${json.slice(1)}`),
    'a NUL in the room': raw(json.replace(`"${room}"`, `"${room}\\u0000"`)),
    'text after the JSON': raw(`${json}x`),
    'invalid UTF-8': (() => {
      const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff, 0xfe]), Buffer.from(`",${json.slice(1)}`)]).toString('base64url')}`;
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    })(),
  };
  for (const [what, token] of Object.entries(shapes)) {
    await t.test(`A5 ${what}`, () => assertRefused(server, token, room));
  }
  const numbers = { '"4102444800"': 'a string', '1e300': '1e300', '-1': 'negative', 'null': 'null', '[4102444800]': 'an array', 'true': 'true', '{}': 'an object', 'NaN': 'NaN', '1e999': 'infinite', '99999999999999999999999': 'beyond 64 bits' };
  for (const [text, what] of Object.entries(numbers)) {
    for (const claim of ['exp', 'nbf']) {
      if (claim === 'nbf' && text === '-1') continue; // not before 1969 is simply true
      const withIt = claim === 'exp' ? json.replace(/"exp":\d+/, `"exp":${text}`) : `{"nbf":${text},${json.slice(1)}`;
      await t.test(`A5 ${claim} is ${what}`, () => assertRefused(server, raw(withIt), room));
    }
  }
  await t.test('A5 the same server still takes the good one', () => assertAccepted(server, good, room));
});

test('A6 claims that are missing or say something else', async (t) => {
  const server = await serve(t, { env: { JWT_ACCEPTED_AUDIENCES: 'conclave,second', JWT_ACCEPTED_ISSUERS: 'app,other-app' } });
  for (const claim of ['iss', 'aud', 'sub', 'room']) {
    await t.test(`A6 without ${claim}`, async () => {
      const room = fresh('a6');
      await assertRefused(server, server.token(room, 'mod', { claims: { [claim]: undefined } }), room, ['sub', 'room'].includes(claim) ? ['not-allowed', 'not-authorized'] : ['not-allowed']);
    });
  }
  const refused = {
    'a foreign issuer': { iss: 'somebody' },
    'an issuer in an array': { iss: ['app'] },
    'a foreign audience': { aud: 'elsewhere' },
    'an audience array without us': { aud: ['elsewhere', 'nowhere'] },
    'an empty audience array': { aud: [] },
    'the audience *': { aud: '*' },
    'a room that is a number': { room: 7 },
    'a room that is an object': { room: { name: 'x' } },
    'a room in an array': { room: ['x'] },
    'an expired exp': { exp: 1 },
    'an nbf in the far future': { nbf: 4102444800 },
  };
  for (const [what, claims] of Object.entries(refused)) {
    await t.test(`A6 ${what}`, async () => {
      const room = fresh('a6');
      await assertRefused(server, server.token(room, 'mod', { claims }), room);
    });
  }
  const accepted = {
    'no exp': { exp: undefined },
    'the second audience': { aud: 'second' },
    'an audience array with us': { aud: ['elsewhere', 'conclave'] },
    'another accepted issuer': { iss: 'other-app' },
    'an nbf in the past': { nbf: 1 },
  };
  for (const [what, claims] of Object.entries(accepted)) {
    await t.test(`A6 ${what} is taken`, async () => {
      const room = fresh('a6');
      await assertAccepted(server, server.token(room, 'mod', { claims }), room);
    });
  }
  await t.test('A6 a bad token disturbs nobody and never falls back to guest', async () => {
    const room = fresh('a6');
    const host = await hostIn(server, room);
    const other = await guestIn(server, room);
    const client = await Client.open(server, { room, token: 'x.y.z' });
    await client.start();
    assert.equal((await client.tryAuth()).el.name, 'failure');
    await host.barrier();
    assert.deepEqual(host.nicks(room), [host.nick, other.nick].sort());
    const plain = await guest(server, room, 'plain guest');
    assertReady(await plain.ask(room));
  });
});
