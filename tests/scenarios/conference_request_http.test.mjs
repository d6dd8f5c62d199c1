// The conference request over HTTP, as clients send it that ask before they open a stream (signalling.md 4.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted } from '../support/claims.mjs';
import { fresh, guest, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

const path = '/conference-request/v1';

async function ask(server, room, { token, body = {}, headers = {}, tenant } = {}) {
  const muc = tenant ? `conference.${tenant}.${server.domain}` : `conference.${server.domain}`;
  const url = `${server.webUrl}${tenant ? `/${tenant}` : ''}${path}?room=${room}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify({ room: `${room}@${muc}`, machineUid: 'f'.repeat(32), properties: { 'visitors-version': 1 }, ...body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: response.status === 200 ? JSON.parse(text) : undefined };
}

test('the conference request over HTTP', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_LOOPS: '2', ENABLE_LOBBY: '0' } });

  await t.test('a host starts the room, and then enters by his stream', async () => {
    const room = fresh('http');
    const answer = await ask(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada', email: 'ada@example.com' } }) });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(answer.json, {
      ready: true,
      room: `${room}@conference.${server.domain}`,
      focusJid: `focus@auth.${server.domain}`,
      identity: 'ada@example.com',
      properties: { authentication: 'false', externalAuth: 'false', sipGatewayEnabled: 'false', 'visitors-supported': 'false' },
    });
    const host = await holder(server, room, 'mod');
    assertAdmittedAs(await host.join(room), 'moderator');
  });

  await t.test('S4 a guest waits with 403, and starts nothing; once the host is there he may come', async () => {
    const room = fresh('http');
    const answer = await ask(server, room);
    assert.equal(answer.status, 403);
    assert.match(answer.text, /host/i);
    await assertNotStarted(server, room);
    await hostIn(server, room);
    assert.equal((await ask(server, room)).json.ready, true);
    const client = await guest(server, room);
    assertAdmittedAs(await client.join(room), 'guest');
  });

  await t.test('A16 a token that is bad is no guest: 403, and it opens no other room', async () => {
    const room = fresh('http');
    for (const token of ['nonsense', server.token(room, 'mod', { lifetime: -600 })]) {
      const answer = await ask(server, room, { token });
      assert.equal(answer.status, 403, token);
      assert.ok(!answer.text.includes(token));
    }
    // The right to the one is none to the other: whatever he is told here, the join is decided anew.
    const other = fresh('http');
    assert.equal((await ask(server, other, { token: server.token(room, 'mod') })).status, 200, 'refused at the join, where clients understand it');
    await assertNotStarted(server, other);
  });

  await t.test('A18 a ticket that does not count is told so, in the words that clients look for', async () => {
    const room = fresh('http');
    const answer = await ask(server, room, { body: { sessionId: 'no-such-ticket' } });
    assert.equal(answer.status, 400);
    assert.ok(answer.text.indexOf('400 invalid-session') > 0, answer.text);
  });

  await t.test('A18 a ticket opens nothing by HTTP, where no stream shows who holds it', async () => {
    const room = fresh('http');
    const host = await hostIn(server, room);
    const ticket = host.storage.sessionId;
    assert.ok(ticket, 'the host has a ticket');
    const second = fresh('http');
    assert.equal((await ask(server, second, { body: { sessionId: ticket, machineUid: host.storage.machineUid } })).status, 403);
    await assertNotStarted(server, second);
  });

  await t.test('tenants have their own', async () => {
    const room = fresh('http');
    const answer = await ask(server, room, { tenant: 'acme', token: server.token('*', 'mod', { claims: { sub: 'acme' } }) });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json.room, `${room}@conference.acme.${server.domain}`);
  });

  await t.test('bad input is answered, and changes nothing', async () => {
    for (const body of ['', '[]', '{', '{"room":"a@elsewhere"}', '{"room":7}', '"room"']) {
      assert.equal((await ask(server, 'x', { body })).status, 400, body);
    }
    assert.equal((await ask(server, 'x', { body: 'x'.repeat(9 * 1024) })).status, 413);
    assert.equal((await fetch(server.webUrl + path)).status, 405);
  });

  await t.test('A43 a network asks so often and no more: 429', async () => {
    const rooms = [fresh('flood'), fresh('flood')];
    const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => ask(server, rooms[index % 2])));
    const late = answers.filter(({ status }) => status === 429);
    assert.ok(late.length > 100, `${late.length} of 300 were told to wait`);
    assert.ok(late.every(({ headers }) => Number(headers.get('retry-after')) > 0));
    assert.ok(answers.some(({ status }) => status === 403), 'the first were answered');
  });

  await t.test('pages of other origins may ask', async () => {
    const preflight = await fetch(server.webUrl + path, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.match(preflight.headers.get('access-control-allow-methods'), /POST/);
    assert.match(preflight.headers.get('access-control-allow-headers'), /Authorization/);
  });
});

test('a token that is good once is not used up by asking', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_JWT_SINGLE_USE: '1' } });
  const room = fresh('http');
  const token = server.token(room, 'mod', { claims: { jti: fresh('once') } });
  assert.equal((await ask(server, room, { token })).status, 200);
  const host = await holder(server, room, 'mod', 'host', { token });
  assertAdmittedAs(await host.join(room), 'moderator');
});

test('A10 a token that was used up starts nothing over HTTP either', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_JWT_SINGLE_USE: '1' } });
  const room = fresh('http');
  const token = server.token(room, 'mod', { claims: { jti: fresh('once') } });
  await holder(server, room, 'mod', 'host', { token }); // logged in, and has not asked for the room
  const answer = await ask(server, room, { token });
  assert.equal(answer.status, 403, answer.text);
  assert.match(answer.text, /used before/);
  await assertNotStarted(server, room);
});
