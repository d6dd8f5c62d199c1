// BOSH (XEP-0124, XEP-0206): the same stream, the same rooms and the same rights as over a WebSocket.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { parse } from 'ltx';
import { metric } from '../support/admin.mjs';
import { assertWaitsFor } from '../support/claims.mjs';
import { setLobby } from '../support/lobby.mjs';
import { fresh, guest, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { bodyOf, post } from '../support/transports.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client, streamError } from '../support/xmpp.mjs';

const bosh = { transport: 'bosh' };
const first = { to: 'meet.example', wait: 60, hold: 1, ver: '1.6', 'xmpp:version': '1.0' };

/** A body there and back. */
async function ask(server, attributes, payload, { query = '', ...options } = {}) {
  const response = await post(server.boshUrl + query, bodyOf(attributes, payload), options);
  return { ...response, body: response.text.startsWith('<body') ? parse(response.text) : undefined };
}

test('S5 S15 bosh: a token opens its room, a guest follows, and neither can do more than over a WebSocket', async (t) => {
  const server = await serve(t);
  const room = fresh('bosh');
  const early = await guest(server, room, 'early', bosh);
  await assertWaitsFor(early, room);
  const host = await hostIn(server, room, 'host', bosh);
  const other = await guestIn(server, room, 'guest');
  await host.expectPresence(room, other.nick);
  other.groupchat(room, 'from a socket');
  await host.expectBody('from a socket');
  host.groupchat(room, 'from BOSH');
  await other.expectBody('from BOSH');
  await host.close();
  await other.expectGone(room, host.nick);
});

test('S5 bosh: a bad token is refused by SASL, and a tenant is taken from the path', async (t) => {
  const server = await serve(t);
  await assert.rejects(guest(server, 'x', 'forger', { ...bosh, token: 'a.b.c' }), /not-allowed/);
  const room = fresh('bosh');
  // Who asks the lobby service is told of the room that his stream names: the tenant's has no lobby yet, the one without a tenant has.
  const plain = await hostIn(server, room);
  await setLobby(plain, room, true);
  const lobbyOf = async (options) => {
    const client = await guest(server, room, 'asks', { ...bosh, ...options });
    return String(await client.disco(`lobby.${server.domain}`));
  };
  assert.match(await lobbyOf({}), /displayname_required/);
  assert.doesNotMatch(await lobbyOf({ tenant: 'acme' }), /displayname_required/);
});

test('bosh: a tenant with a dot is the one of its rooms’ addresses', async (t) => {
  const server = await serve(t);
  const room = fresh('dot');
  const token = server.token(room, 'mod', { claims: { sub: 'Acme.One' } });
  for (const options of [bosh, {}]) {
    const host = await guest(server, room, 'host', { ...options, tenant: 'Acme.One', token });
    const address = `${room}@conference.acme_one.${server.domain}`;
    assert.ok((await host.ask(address)).ready);
    assert.equal((await host.join(address)).item?.role, 'moderator');
  }
});

test('bosh: two loops: the session is where its room is', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_LOOPS: '2' } });
  const loops = new Set();
  for (let index = 0; index < 16 && loops.size < 2; index++) {
    const room = fresh('loop');
    const host = await hostIn(server, room, 'host', bosh);
    const other = await guestIn(server, room, 'guest', bosh);
    await host.expectPresence(room, other.nick);
    // A stream's sid and its resumption id begin with its loop.
    const loop = host.resumption.id.slice(0, 2);
    assert.equal(other.resumption.id.slice(0, 2), loop);
    const { body } = await ask(server, { ...first, rid: 1 }, '', { query: `?room=${room}` });
    assert.equal(body.attrs.sid.slice(0, 2), loop);
    loops.add(loop);
  }
  assert.equal(loops.size, 2, 'rooms of both');
});

test('bosh: a stream is resumed on a new session, and on a WebSocket (XEP-0198)', async (t) => {
  const server = await serve(t);
  const room = fresh('resume');
  const host = await hostIn(server, room);
  const client = await guestIn(server, room, 'mover', bosh);
  client.vanish();
  host.groupchat(room, 'while away');
  await host.expectBody('while away');
  const back = await client.resume();
  assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
  await back.expectBody('while away');
  const socket = await back.resume({ transport: undefined });
  assert.equal(socket.resumed.el.name, 'resumed', socket.resumed.raw);
  await socket.barrier();
  assert.ok(host.nicks(room).includes(client.nick));
});

test('bosh: order, repetition and ends on the wire', async (t) => {
  const server = await serve(t);
  const created = await ask(server, { ...first, rid: 100 });
  const { sid } = created.body.attrs;
  assert.match(sid, /^[A-Za-z0-9]{24,}$/);
  assert.deepEqual([created.body.attrs.wait, created.body.attrs.hold, created.body.attrs.requests], ['60', '1', '2']);
  assert.match(created.headers['content-type'], /^text\/xml/);
  assert.equal(created.headers['cache-control'], 'no-store');

  await t.test('a repeated request gets the same answer', async () => {
    const auth = '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>';
    const once = await ask(server, { rid: 101, sid }, auth);
    assert.ok(once.text.includes('<success'), once.text);
    assert.equal((await ask(server, { rid: 101, sid }, auth)).text, once.text);
  });
  let early;
  await t.test('a request that comes early waits for the one before it', async () => {
    const bind = '<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';
    const late = ask(server, { rid: 103, sid }, bind);
    await eventually('the early request there', async () => (await metric(server, /^conclave_bosh_requests_total$/)) >= 4);
    const restart = await ask(server, { rid: 102, sid, 'xmpp:restart': 'true' });
    assert.ok(restart.text.includes('<bind'), restart.text);
    // Both were taken in their order, so what they led to leaves together; the early one goes on waiting for more.
    assert.ok(restart.text.indexOf('<jid') > restart.text.indexOf('<bind'), 'bound');
    early = late;
  });
  await t.test('terminate answers the one that waits, and leaves nothing', async () => {
    const waiting = ask(server, { rid: 104, sid });
    assert.equal((await early).status, 200, 'one request waits, not two');
    await eventually('the request waits', async () => (await metric(server, /^conclave_bosh_requests_total$/)) >= 6);
    // A page that is left says so by a beacon, which is text/plain.
    await ask(server, { rid: 105, sid, type: 'terminate' }, '<presence type="unavailable" xmlns="jabber:client"/>', { headers: { 'Content-Type': 'text/plain;charset=UTF-8' } });
    assert.equal((await waiting).body.attrs.type, 'terminate');
    const after = await ask(server, { rid: 106, sid });
    assert.equal(`${after.status} ${after.body.attrs.type} ${after.body.attrs.condition}`, '200 terminate item-not-found');
    assert.equal(await metric(server, /^conclave_streams_bosh$/), 0);
  });
});

test('A43 bosh: a network has so many sessions that have not logged in', async (t) => {
  const server = await serve(t);
  const eve = { headers: { 'x-forwarded-for': '192.0.2.7' } };
  const answers = await Promise.all(Array.from({ length: 700 }, () => ask(server, { ...first, rid: 5 }, '', eve)));
  const opened = answers.filter(({ body }) => body.attrs.sid);
  // For one more the oldest goes, so that who only waits there locks nobody out.
  const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>";
  const next = async ({ body }, text) => String((await ask(server, { rid: 6, sid: body.attrs.sid }, text, eve)).body);
  const some = async (which, text, pattern) => assert.ok((await Promise.all(which.map((one) => next(one, text)))).some((said) => pattern.test(said)), String(pattern));
  await some(opened.slice(0, 20), '', /resource-constraint/);
  await some(opened.slice(-20), auth, /<success/);
  assert.ok((await ask(server, { ...first, rid: 5 }, '', { headers: { 'x-forwarded-for': '192.0.2.8' } })).body.attrs.sid, 'others are not held up');
  await hostIn(server, fresh('bosh'), 'by another way');
  await eventually('those that say nothing gone', async () => (await metric(server, /^conclave_streams_bosh$/)) <= 1, { timeout: 20_000 });
});

test('A53 bosh: what strangers say at once is small', async (t) => {
  const server = await serve(t);
  const { body } = await ask(server, { ...first, rid: 10 });
  const large = `<a xmlns="jabber:client">${'x'.repeat(20_000)}</a>`;
  for (const rid of [12, 11]) {
    const answer = await ask(server, { rid, sid: body.attrs.sid }, large);
    assert.match(answer.body.attrs.condition, rid === 12 ? /policy-violation/ : /item-not-found/);
  }
  assert.equal((await ask(server, { ...first, rid: 10 }, large)).body.attrs.condition, 'policy-violation', 'with the request for a session, too');
});

test('bosh: pages of other origins, and other methods', async (t) => {
  const server = await serve(t);
  const origin = { headers: { Origin: 'https://www.example.com' } };
  const preflight = await post(server.boshUrl, '', { method: 'OPTIONS', ...origin });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers['access-control-allow-origin'], '*');
  assert.match(preflight.headers['access-control-allow-headers'], /Content-Type/);
  assert.equal((await ask(server, { ...first, rid: 1 }, '', origin)).headers['access-control-allow-origin'], '*');
  assert.equal((await post(server.boshUrl, '', { method: 'GET' })).status, 200);
  assert.equal((await post(server.boshUrl, '', { method: 'DELETE' })).status, 405);

  const strict = await serve(t, { env: { CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN: 'https://www.example.com', ENABLE_XMPP_WEBSOCKET: '0' } });
  const allowed = async (value) => (await post(strict.boshUrl, '', { method: 'OPTIONS', headers: { Origin: value } })).headers['access-control-allow-origin'];
  assert.equal(await allowed('https://www.example.com'), 'https://www.example.com');
  assert.equal(await allowed('https://evil.example'), undefined);
  await assert.rejects(Client.open(strict, { room: 'x' }), (error) => error.status === 404);
});

test('A53 bosh: bad bodies are answered and disturb nobody', async (t) => {
  const server = await serve(t);
  const room = fresh('calm');
  const host = await hostIn(server, room, 'host', bosh);
  const condition = async (text) => {
    const { status, text: answer } = await post(server.boshUrl, text);
    return status === 200 ? parse(answer).attrs.condition : status;
  };
  const cases = {
    'not XML': ['hello', 'bad-request'],
    'another element': ['<stream/>', 'bad-request'],
    'no rid': [bodyOf({ to: 'meet.example' }), 'bad-request'],
    'a rid that is too large': [bodyOf({ ...first, rid: '9007199254740992' }), 'bad-request'],
    'a DTD': [`<!DOCTYPE body [<!ENTITY a "b">]>${bodyOf({ ...first, rid: 1 })}`, 'bad-request'],
    'no address': [bodyOf({ rid: 1, ver: '1.6' }), 'improper-addressing'],
    'a foreign host': [bodyOf({ ...first, rid: 1, to: 'elsewhere.invalid' }), 'host-unknown'],
    'a sid of nobody': [bodyOf({ rid: 1, sid: `00${'x'.repeat(32)}` }), 'item-not-found'],
    'a sid of a loop that is not there': [bodyOf({ rid: 1, sid: `42${'x'.repeat(32)}` }), 'item-not-found'],
    'more than is taken': [bodyOf({ ...first, rid: 1 }, 'x'.repeat(300 * 1024)), 413],
  };
  for (const [what, [text, expected]] of Object.entries(cases)) {
    await t.test(what, async () => assert.equal(await condition(text), expected));
  }
  await t.test('malformed input of one session ends that session alone', async () => {
    const client = await guestIn(server, room, 'odd', bosh);
    client.send('<nonsense xmlns="jabber:client"/>');
    assert.equal(await streamError(client), 'unsupported-stanza-type');
    assert.equal(client.socket.condition, 'remote-stream-error');
    await host.expectGone(room, client.nick);
  });
  await t.test('half a request holds up nobody', async () => {
    const socket = connect(server.http, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<body');
    await host.barrier();
    socket.destroy();
  });
  await host.barrier();
});
