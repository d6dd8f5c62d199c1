// Attacks A16 and A17 of access.md 5: the ways in which a token, a room and a tenant come with the connection, said twice, in another
// case, or in a header that is none. One rule: the first of a name counts, the query before the header; what has no meaning is ignored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertReady, assertRoomMismatch, assertSentToLobby } from '../support/claims.mjs';
import { fresh } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client } from '../support/xmpp.mjs';

/** A stream to an address with exactly this query. */
async function open(server, query, headers) {
  const client = await Client.open(server, { url: `${server.webSocketUrl}?${query}&rest=`, headers });
  await client.start();
  return client;
}

/** `host`, `guest` or `refused`: what the connection became for that room. */
async function became(server, room, query, headers) {
  const client = await open(server, query, headers);
  const answer = await client.tryAuth();
  if (answer.el.name === 'failure') return 'refused';
  await client.start();
  await client.bind();
  assertReady(await client.ask(room));
  const joined = await client.join(room);
  if (joined.error) {
    assertSentToLobby(joined);
    await client.close();
    return 'guest';
  }
  assertAdmittedAs(joined, 'moderator');
  await client.close();
  return 'host';
}

test('A16 parameters that come twice, in another case, or encoded', async (t) => {
  const server = await serve(t);
  const cases = {
    'one token': [(good) => `token=${good}`, 'host'],
    'a good token, then a bad one': [(good) => `token=${good}&token=a.b.c`, 'host'],
    'a bad token, then a good one': [(good) => `token=a.b.c&token=${good}`, 'refused'],
    'TOKEN is not token': [(good) => `TOKEN=${good}&Token=${good}`, 'guest'],
    'an encoded name is the name': [(good) => `%74oken=${good}`, 'host'],
    'an encoded name behind the plain one': [(good) => `token=a.b.c&%74oken=${good}`, 'refused'],
    'encoded dots are dots': [(good) => `token=${good.replaceAll('.', '%2E')}`, 'host'],
    'twice encoded dots are none': [(good) => `token=${good.replaceAll('.', '%252E')}`, 'refused'],
    'a blank behind the token': [(good) => `token=${good}+`, 'refused'],
    'token[] and token.x are not token': [(good) => `token[]=${good}&token.x=${good}`, 'guest'],
  };
  for (const [what, [query, expected]] of Object.entries(cases)) {
    await t.test(`A16 ${what}`, async () => {
      const room = fresh('a16');
      assert.equal(await became(server, room, `room=${room}&${query(server.token(room))}`), expected);
    });
  }
  await t.test('A16 the query counts before the header', async () => {
    const room = fresh('a16');
    const bearer = (token) => ({ authorization: `Bearer ${token}` });
    assert.equal(await became(server, room, `token=${server.token(room)}`, bearer('a.b.c')), 'host');
    assert.equal(await became(server, room, 'token=a.b.c', bearer(server.token(room))), 'refused');
    assert.equal(await became(server, room, 'token=', bearer(server.token(room))), 'host');
  });
  await t.test('A16 two rooms in the address open no second room', async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    for (const query of [`room=${a}&room=${b}`, `room=${b}&room=${a}`]) {
      const client = await open(server, `${query}&token=${server.token(a)}`);
      await client.auth();
      await client.start();
      await client.bind();
      await client.ask(b);
      assertRoomMismatch(await client.join(b));
      assertReady(await client.ask(a));
      assertAdmittedAs(await client.join(a), 'moderator');
      await client.close();
    }
  });
  await t.test('A16 a tenant in the address is not the tenant of the room', async () => {
    const a = fresh('a');
    const token = server.token(a, 'mod', { claims: { sub: 'acme' } });
    for (const query of ['prefix=acme', 'prefix=other', 'prefix=acme&prefix=other', 'prefix=other&prefix=acme', 'Prefix=other', '']) {
      const client = await open(server, `room=${a}&${query}&token=${token}`);
      await client.auth();
      await client.start();
      await client.bind();
      await client.ask(`[other]${a}`);
      assertRoomMismatch(await client.join(`[other]${a}`));
      assertReady(await client.ask(`[acme]${a}`));
      assertAdmittedAs(await client.join(`[acme]${a}`), 'moderator');
      await client.close();
    }
  });
});

test('A17 an Authorization header that is no bearer token', async (t) => {
  const server = await serve(t);
  const cases = {
    'Bearer': [(good) => `Bearer ${good}`, 'host'],
    'bearer in lower case': [(good) => `bearer ${good}`, 'host'],
    'Basic': [(good) => `Basic ${Buffer.from(good).toString('base64')}`, 'guest'],
    'Basic with the token itself': [(good) => `Basic ${good}`, 'guest'],
    'seven characters that are not the word': [(good) => `XXXXXXX${good}`, 'guest'],
    'the token alone': [(good) => good, 'guest'],
    'the word alone': [() => 'Bearer', 'guest'],
    'the word and a blank': [() => 'Bearer ', 'guest'],
    'one letter': [() => 'B', 'guest'],
    'nothing': [() => '', 'guest'],
    'a bad token': [() => 'Bearer a.b.c', 'refused'],
    'two tokens in one': [(good) => `Bearer ${good}, Bearer ${good}`, 'refused'],
    'two headers, the good one first': [(good) => [`Bearer ${good}`, 'Bearer a.b.c'], ['host', 'refused']],
    'two headers, the bad one first': [(good) => ['Bearer a.b.c', `Bearer ${good}`], 'refused'],
    'two headers, Basic first': [(good) => ['Basic x', `Bearer ${good}`], ['guest', 'refused']],
  };
  for (const [what, [header, expected]] of Object.entries(cases)) {
    await t.test(`A17 ${what}`, async () => {
      const room = fresh('a17');
      const result = await became(server, room, `room=${room}`, { authorization: header(server.token(room)) });
      assert.ok([expected].flat().includes(result), `${result}, expected ${expected}`);
    });
  }
});
