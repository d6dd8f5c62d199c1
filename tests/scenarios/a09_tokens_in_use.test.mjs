// Attacks A9–A14 of access.md 5: guessable secrets, replay, clocks, signatures that nearly fit, patterns, claims of the wrong type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady, assertRoomMismatch } from '../support/claims.mjs';
import { fresh, holder } from '../support/people.mjs';
import { Server, serve } from '../support/server.mjs';
import { now } from '../support/token.mjs';
import { clockReaches } from '../support/waiting.mjs';
import { Client, streamError } from '../support/xmpp.mjs';

/** What SASL says to a token: `success`, or the text of the failure. */
async function saslAnswer(server, token, options = {}) {
  const client = await Client.open(server, { token, ...options });
  await client.start();
  const answer = await client.tryAuth();
  client.vanish();
  return answer.el.name === 'success' ? 'success' : answer.el.getChildText('text');
}

test('A9 secrets that everybody can guess do not start the server', async (t) => {
  const weak = { 'the word': 'secret', 'the example of docker': 'my_jitsi_app_secret', 'the app id': 'portal-of-the-whole-school', 'fifteen bytes': 'f1fteen-byt3s-x', 'one letter': 'a'.repeat(40) };
  for (const [what, secret] of Object.entries(weak)) {
    await t.test(`A9 ${what}`, async () => {
      const started = Server.start({ env: { JWT_APP_ID: 'portal-of-the-whole-school', JWT_APP_SECRET: secret } });
      const error = await started.then((server) => server.stop().then(() => undefined), (reason) => reason);
      assert.ok(error, 'the server does not start');
      assert.match(error.message, /ended with 78[^]*JWT_APP_SECRET/);
      if (secret.length > 10 && secret !== 'my_jitsi_app_secret') assert.ok(!error.message.includes(secret), 'and does not print it');
    });
  }
  await t.test('A9 a short one is warned of', async () => {
    const server = await Server.start({ env: { JWT_APP_SECRET: 'tw3nty-bytes-secret!' } });
    assert.match(server.output, /JWT_APP_SECRET[^\n]*fewer than 32 bytes/);
    await server.stop();
  });
});

test('A10 a token that is shown again', async (t) => {
  await t.test('A10 in another browser it is good again, by design', async (each) => {
    const server = await serve(each);
    const room = fresh('a10');
    const token = server.token(room);
    for (const name of ['first browser', 'second browser']) {
      const client = await Client.login(server, { room, token, name });
      assertReady(await client.ask(room));
      assertAdmittedAs(await client.join(room), 'moderator');
    }
  });
  await t.test('A10 where a jti is good once, the second time is refused', async (each) => {
    const server = await serve(each, { env: { CONCLAVE_JWT_SINGLE_USE: '1', CONCLAVE_LOOPS: '2' } });
    const room = fresh('a10');
    const once = (claims = {}) => server.token(room, 'mod', { claims: { jti: fresh('jti'), ...claims } });
    const token = once();
    const first = await Client.login(server, { room, token, name: 'first browser' });
    assertReady(await first.ask(room));
    assertAdmittedAs(await first.join(room), 'moderator');
    for (const other of [room, fresh('elsewhere')]) assert.match(await saslAnswer(server, token, { room: other }), /used before/);
    const both = await Promise.all([1, 2].map(() => once({ jti: 'same-jti' })).map((each2) => saslAnswer(server, each2, { room })));
    assert.equal(both.filter((answer) => answer === 'success').length, 1, 'two tokens of one jti at the same moment: one gets in');
    assert.match(await saslAnswer(server, server.token(room), { room }), /jti claim is missing/);
    assert.match(await saslAnswer(server, once({ exp: undefined }), { room }), /exp/);
    await each.test('A10 the same stream may go on with it after a break', async () => {
      first.vanish();
      const resumed = await first.resume();
      assert.equal(resumed.resumed.el.name, 'resumed', resumed.resumed.raw);
    });
    await each.test('A10 beside the id of a living stream it begins no other', async () => {
      const living = await Client.login(server, { room, token: once(), name: 'living' });
      assertReady(await living.ask(room));
      assertAdmittedAs(await living.join(room), 'moderator');
      const second = await Client.login(server, { room, token: living.options.token, previd: living.resumption.id, name: 'second', enable: false });
      assert.equal(await streamError(second), 'not-authorized');
      await living.barrier();
      assert.equal(living.role(room), 'moderator');
    });
    await each.test('A10 somebody else with that token and a made-up resumption id may not', async () => {
      const previd = `${first.resumption.id.slice(0, -4)}AAAA`;
      assert.match(await saslAnswer(server, token, { room, previd }), /used before/);
    });
  });
});

test('A11 exp and nbf hold to the second', async (t) => {
  await t.test('A11 without leeway', async (each) => {
    const server = await serve(each, { env: { CONCLAVE_JWT_LEEWAY: '0' } });
    const room = fresh('a11');
    const turn = now() + 8;
    const expiring = server.token(room, 'mod', { claims: { exp: turn } });
    const coming = server.token(room, 'mod', { claims: { nbf: turn } });
    assert.equal(await saslAnswer(server, expiring), 'success');
    assert.match(await saslAnswer(server, coming), /Not acceptable by nbf/);
    await clockReaches(turn * 1000);
    assert.match(await saslAnswer(server, expiring), /Not acceptable by exp/);
    assert.equal(await saslAnswer(server, coming), 'success');
  });
  await t.test('A11 with the leeway of a minute', async (each) => {
    const server = await serve(each);
    const room = fresh('a11');
    const shown = (claims) => saslAnswer(server, server.token(room, 'mod', { claims }));
    assert.equal(await shown({ exp: now() - 45 }), 'success');
    assert.match(await shown({ exp: now() - 60 }), /Not acceptable by exp/);
    assert.equal(await shown({ nbf: now() + 60 }), 'success');
    assert.match(await shown({ nbf: now() + 75 }), /Not acceptable by nbf/);
    assert.match(await shown({ exp: 0 }), /Not acceptable by exp/);
  });
});

test('A12 a signature fits wholly or not at all', async (t) => {
  const server = await serve(t);
  const room = fresh('a12');
  const token = server.token(room);
  const [head, body, mac] = token.split('.');
  const bytes = Buffer.from(mac, 'base64url');
  for (let i = 0; i < bytes.length; i++) {
    const changed = Buffer.from(bytes);
    changed[i] ^= 1 << i % 8;
    assert.match(await saslAnswer(server, `${head}.${body}.${changed.toString('base64url')}`), /Invalid signature/, `byte ${i}`);
  }
  for (const length of [0, 1, 16, 31]) assert.match(await saslAnswer(server, `${head}.${body}.${bytes.subarray(0, length).toString('base64url')}`), /Invalid signature|bad token format/);
  assert.match(await saslAnswer(server, `${head}.${body}.${Buffer.concat([bytes, bytes]).toString('base64url')}`), /Invalid signature/);
  assert.equal(await saslAnswer(server, token), 'success');
});

test('A13 room claims that are patterns', async (t) => {
  const server = await serve(t);
  const tag = fresh('a13').replace('-', ''); // - is a quantifier
  /** Whether T with that pattern opens that room, as its moderator. */
  async function opens(pattern, room, regex = true) {
    const client = await holder(server, room, 'mod', 'holder', { tokenRoom: pattern, claims: { context: { user: { id: 'p', moderator: true }, room: { regex } } } });
    await client.ask(room);
    const joined = await client.join(room);
    await client.close();
    if (!joined.error) return true;
    assertRoomMismatch(joined);
    await assertNotStarted(server, room);
    return false;
  }
  const cases = [
    [`${tag}%-%d+`, `${tag}-17`, true, 'digits'],
    [`${tag}%-%d+`, `${tag}-17x`, false, 'the whole name'],
    [`${tag}%-%D+`, `${tag}-17`, false, '%D is not lowered to %d'],
    [`${tag}%-%D+`, `${tag}-xy`, true, '%D stays what it is'],
    [`${tag}.`, `${tag}x`, true, 'a dot is any one character'],
    [`${tag}.`, `${tag}xy`, false, 'and only one'],
    [`(${tag})`, tag, true, 'a capture is the name all the same'],
    ['(', tag, false, 'an open bracket'],
    ['%', tag, false, 'a lone escape'],
    ['[a', tag, false, 'an open set'],
    ['%f', tag, false, 'a frontier of nothing'],
    ['.*'.repeat(40) + 'never', `${tag}${'a'.repeat(60)}`, false, 'one that would take for ever'],
    ['a'.repeat(3000), 'a'.repeat(60), false, 'one of three kilobytes'],
    ['', tag, false, 'an empty one'],
  ];
  for (const [pattern, room, expected, what] of cases) {
    await t.test(`A13 ${what}`, async () => {
      const begun = performance.now();
      assert.equal(await opens(pattern, room), expected, `${pattern.slice(0, 80)} at ${room}`);
      assert.ok(performance.now() - begun < 3000, 'in bounded time');
    });
  }
  await t.test('A13 regex "yes" is no switch: the claim is a name', async () => {
    for (const regex of ['yes', 1, 'True', [true], {}]) assert.equal(await opens(`${tag}.`, `${tag}x`, regex), false, JSON.stringify(regex));
    assert.equal(await opens(`${tag}.`, `${tag}y`, 'true'), true, '"true" is one');
  });
});

test('A14 claims of the wrong type', async (t) => {
  const server = await serve(t);
  const refused = [{ room: 7 }, { room: { name: 'x' } }, { room: ['x'] }, { sub: 7 }, { iss: {} }, { jti: 7 }, { iat: 'now' }];
  for (const context of ['text', [], 7, { user: [] }, { user: 'x' }, { features: [] }, { room: 'x' }, { user: { id: {} } }, { user: { name: 7 } }, { room: { password: 7 } }]) refused.push({ context });
  for (const claims of refused) {
    await t.test(`A14 ${JSON.stringify(claims)} is refused`, async () => {
      assert.notEqual(await saslAnswer(server, server.token(fresh('a14'), 'mod', { claims })), 'success');
    });
  }
  const ignored = [null, { user: null }, { user: { moderator: [] } }, { user: { moderator: 1 } }, { user: { affiliation: ['owner'] } }, { features: { recording: 'yes' } }, { room: { lobby: 'perhaps', regex: [] } }];
  for (const context of ignored) {
    await t.test(`A14 context ${JSON.stringify(context)} widens nothing`, async () => {
      const room = fresh('a14');
      const other = fresh('a14');
      const client = await Client.login(server, { room, token: server.token(room, 'mod', { claims: { context } }) });
      await client.ask(other);
      assertRoomMismatch(await client.join(other));
      await client.close();
    });
  }
});
