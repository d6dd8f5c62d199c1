// Two loops: a room lives on one of them, connections are brought to it, and a stanza for a room elsewhere is posted there (DESIGN 3).
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import WebSocket from 'ws';
import { metric, rooms } from '../support/admin.mjs';
import { assertAdmittedAs, assertReady, assertRoomMismatch, assertWaitsFor } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { child, childrenOf, isIq } from '../support/xmpp.mjs';

/** Two neighbouring UDP ports that were free a moment ago. */
async function freeUdpPair() {
  for (;;) {
    const sockets = [createSocket('udp4'), createSocket('udp4')];
    try {
      await new Promise((resolve, reject) => sockets[0].on('error', reject).bind(0, '0.0.0.0', resolve));
      const { port } = sockets[0].address();
      await new Promise((resolve, reject) => sockets[1].on('error', reject).bind(port + 1, '0.0.0.0', resolve));
      return port;
    } catch (error) {
      if (!['EADDRINUSE', 'EACCES', 'ERR_SOCKET_BAD_PORT'].includes(error.code)) throw error;
    } finally {
      for (const socket of sockets) socket.close();
    }
  }
}

/** What a WebSocket upgrade is answered: 101, or the refusal. */
function upgradeStatus(url) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on('open', () => resolve(101) || socket.terminate());
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode) || response.destroy());
    socket.on('error', reject);
  });
}

const TWO = { env: { CONCLAVE_LOOPS: '2' } };

/** The UDP port that the room's offer names: each loop has its own. */
async function portOf(client) {
  const offer = await client.expect((frame) => isIq(frame) && child(frame.el, 'jingle')?.attrs.action === 'session-initiate', 'session-initiate', 10000);
  const transport = child(childrenOf(child(offer.el, 'jingle'), 'content')[0], 'transport');
  return childrenOf(transport, 'candidate')[0].attrs.port;
}

test('loops: rooms on both loops work side by side, and connections of the wrong loop reach them', async (t) => {
  const server = await serve(t, TWO);
  assert.notEqual(server.udp.first, server.udp.last, 'two UDP ports');
  const meetings = [];
  for (let index = 0; index < 12; index++) {
    const room = fresh('loop');
    const host = await hostIn(server, room);
    const other = await guestIn(server, room);
    meetings.push({ room, host, other, port: await portOf(other) });
  }
  const ports = [...new Set(meetings.map(({ port }) => port))];

  await t.test('twelve rooms are spread over two ports', () => assert.equal(ports.length, 2, JSON.stringify(meetings.map(({ room, port }) => [room, port]))));

  await t.test('chat, kick and end work in each', async () => {
    for (const { room, host, other } of meetings.slice(0, 4)) {
      other.groupchat(room, `hello ${room}`);
      await host.expectBody(`hello ${room}`);
    }
  });

  await t.test('a client whose address names a room of the other loop joins, talks, is kicked and leaves', async () => {
    const [here, there] = ports.map((port) => meetings.find((each) => each.port === port));
    for (const [named, wanted] of [[here, there], [there, here]]) {
      const client = await guest(server, named.room, 'stranger to this loop');
      assertReady(await client.ask(wanted.room));
      const joined = await client.join(wanted.room);
      assertAdmittedAs(joined, 'guest');
      assert.deepEqual(joined.others.map((presence) => presence.attrs.from.split('/')[1]).sort(), ['focus', wanted.host.nick, wanted.other.nick].sort());
      client.groupchat(wanted.room, 'from afar');
      await wanted.host.expectBody('from afar');
      wanted.host.groupchat(wanted.room, 'to afar');
      await client.expectBody('to afar');
      assert.equal(await portOf(client), wanted.port);
      await wanted.host.kick(wanted.room, client.nick);
      await client.expectGone(wanted.room, client.nick);
      await client.barrier();
    }
  });

  await t.test('one connection in two rooms of two loops is in both, and gone from both when it vanishes', async () => {
    const [here, there] = ports.map((port) => meetings.find((each) => each.port === port));
    const client = await guest(server, here.room, 'in both', { enable: false });
    for (const { room } of [here, there]) await client.enter(room);
    client.groupchat(here.room, 'both 1');
    client.groupchat(there.room, 'both 2');
    await here.host.expectBody('both 1');
    await there.host.expectBody('both 2');
    client.vanish();
    await here.host.expectGone(here.room, client.nick, 10000);
    await there.host.expectGone(there.room, client.nick, 10000);
  });

  await t.test('a bridge channel with a wrong password is answered 403, whichever loop its endpoint lives on', async () => {
    for (const { room } of ports.map((port) => meetings.find((each) => each.port === port))) {
      const client = await guestIn(server, room);
      const offer = await client.expect((frame) => isIq(frame) && child(frame.el, 'jingle')?.attrs.action === 'session-initiate', 'session-initiate', 10000);
      const { pathname, search } = new URL(/url=.(wss?:[^'"]+)/.exec(offer.raw)[1].replaceAll('&amp;', '&'));
      const address = `ws://${server.host}:${server.http}${pathname}`;
      assert.equal(await upgradeStatus(`${address}?pwd=wrong`), 403);
      assert.equal(await upgradeStatus(address), 403);
      assert.equal(await upgradeStatus(`${address.replace(client.nick, 'nobody')}${search}`), 403);
      assert.equal(await upgradeStatus(`${address}${search}`), 101);
    }
  });

  await t.test('scope and waiting are the same across loops', async () => {
    const [here, there] = ports.map((port) => meetings.find((each) => each.port === port));
    const foreign = await holder(server, here.room, 'mod', 'T(here)');
    await foreign.ask(there.room);
    assertRoomMismatch(await foreign.join(there.room));
    for (let index = 0; index < 8; index++) {
      const waiter = await guest(server, here.room);
      await assertWaitsFor(waiter, fresh('elsewhere'));
    }
  });

  await t.test('a stream resumed through the other loop keeps its place', async () => {
    const [here, there] = ports.map((port) => meetings.find((each) => each.port === port));
    const client = await guestIn(server, here.room, 'mover');
    client.vanish();
    const back = await client.resume({ room: there.room });
    assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
    back.groupchat(here.room, 'still in');
    await here.host.expectBody('still in');
  });

  await t.test('the admin listing and the metrics count both loops', async () => {
    const listed = (await rooms(server)).map((each) => String(each.name ?? each.room).split('@')[0]);
    for (const { room } of meetings) assert.ok(listed.includes(room), `${room} in ${listed}`);
    assert.equal(await metric(server, /^conclave_rooms(_open)?$/), 12);
  });
});

test('loops: with a port configured the loops take it and the next', async (t) => {
  const first = await freeUdpPair();
  const server = await serve(t, { env: { CONCLAVE_LOOPS: '2', JVB_PORT: String(first) } });
  assert.deepEqual(server.udp, { first, last: first + 1 });
});
