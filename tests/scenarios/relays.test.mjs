// STUN and TURN servers, and who is given credentials for them (signalling.md 3.5, access.md A41).
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { setPassword } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, childrenOf, el, isMessage } from '../support/xmpp.mjs';

const SECRET = 'shared with the relay';

const relaysOf = async (client) => {
  const answer = await client.iq('get', client.server.domain, el('services', { xmlns: NS.extdisco }));
  return childrenOf(child(answer, 'services'), 'service').map((each) => ({ ...each.attrs, xmlns: undefined }));
};
const told = (client) =>
  client.log
    .filter((frame) => isMessage(frame) && frame.el.attrs.from === `metadata.${client.server.domain}`)
    .map((frame) => JSON.parse(child(frame.el, 'json-message').getText()).metadata.services);
const summary = (services) => services.map(({ type, host, port, transport }) => `${type} ${host}:${port} ${transport}`);

/** As coturn checks it, with `use-auth-secret` and `static-auth-secret`. */
function assertGood({ username, password, expires }) {
  assert.equal(password, createHmac('sha1', SECRET).update(username).digest('base64'));
  const end = Number(username.split(':')[0]) * 1000;
  assert.equal(new Date(expires).getTime(), end);
  assert.ok(end > Date.now() && end <= Date.now() + 1200_000, 'as long as TURN_TTL says');
}

test('relays', async (t) => {
  const env = {
    STUN_HOST: 'stun.example',
    STUN_PORT: '3478',
    TURN_HOST: 'turn.example,[2001:db8::7]',
    TURN_TRANSPORT: 'udp,tcp',
    TURNS_HOST: 'turn.example',
    TURNS_PORT: '5349',
    TURN_CREDENTIALS: SECRET,
    TURN_TTL: '1200',
    CONCLAVE_LOOPS: '2',
  };
  const all = [
    'stun stun.example:3478 udp',
    'turn turn.example:443 udp',
    'turn turn.example:443 tcp',
    'turn [2001:db8::7]:443 udp',
    'turn [2001:db8::7]:443 tcp',
    'turns turn.example:5349 tcp',
  ];
  const server = await serve(t, { env });

  await t.test('A41 who waits is told the server that needs no credentials, and no other', async () => {
    const waiter = await guest(server, fresh('relays'));
    assert.deepEqual(summary(await relaysOf(waiter)), all.slice(0, 1));
  });

  await t.test('who will be let in gets credentials that the relay takes, when he asks before he joins', async () => {
    const room = fresh('relays');
    const host = await holder(server, room, 'mod');
    const services = await relaysOf(host);
    assert.deepEqual(summary(services), all);
    for (const each of services.slice(1)) assertGood(each);
    assert.ok(!services[0].password, 'STUN needs none');
  });

  await t.test('who is let in is told with the first metadata, a guest who waited too', async () => {
    const room = fresh('relays');
    await hostIn(server, room);
    const client = await guestIn(server, room);
    const [services] = told(client);
    assert.deepEqual(summary(services), all);
    for (const each of services.slice(1)) assertGood(each);
    assert.equal(typeof services[0].port, 'string');
    assert.match(services[1].username, new RegExp(`:${client.nick}$`), 'the relay can tell its users apart');
  });
});

test('A41 who is barred, or has not said the room’s password, is told the server that needs no credentials', async (t) => {
  const env = { STUN_HOST: 'stun.example', TURN_HOST: 'turn.example', TURN_CREDENTIALS: SECRET, CONCLAVE_KICKED: 'barred' };
  const server = await serve(t, { env });
  const room = fresh('relays');
  const host = await hostIn(server, room);
  const mallory = await guestIn(server, room, 'mallory');
  assert.equal((await relaysOf(mallory)).length, 2, 'as long as he is inside');
  await host.kick(room, mallory.nick);
  await mallory.expectGone(room, mallory.nick);
  const again = await mallory.reload();
  await again.askAgainWhenInvalid(room);
  assert.deepEqual(summary(await relaysOf(again)), ['stun stun.example:443 udp']);
  await setPassword(host, room, 'sesame');
  const outside = await guest(server, room, 'outside');
  await outside.ask(room);
  assert.deepEqual(summary(await relaysOf(outside)), ['stun stun.example:443 udp']);
});

test('without relays nobody is told of any', async (t) => {
  const server = await serve(t);
  const room = fresh('relays');
  const host = await hostIn(server, room);
  assert.deepEqual(await relaysOf(host), []);
  assert.deepEqual(told(host)[0], undefined);
});
