// A23, A24, A26, A30: names that are meant to slip past the scope of a token, and a token where none belongs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as admin from '../support/admin.mjs';
import { answered } from '../support/answers.mjs';
import { assertAdmittedAs, assertNotStarted, assertRoomMismatch, assertSentToLobby } from '../support/claims.mjs';
import { fresh, guest, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

const openRooms = async (server) => (await admin.rooms(server)).map((room) => room.name).sort();
const node = (text) => encodeURIComponent(text).toLowerCase();

test('A23 a token for a room opens nothing that is spelt around its name', async (t) => {
  const server = await serve(t);
  const a = fresh('a');
  const client = await holder(server, a, 'mod');
  const before = await openRooms(server);
  for (const name of [`[t]${a}`, `[t]x]${a}`, `x]${a}`, `[]${a}`, `${a}%2fb`, `${a}%252fb`, `${a}%5db`, `%5bt%5d${a}`]) {
    await t.test(`A23 ${name.replace(a, 'a')}`, async () => {
      await client.ask(name);
      const joined = await client.join(name);
      assert.ok(joined.error, `refused, but ${joined.self}`);
      answered('A23', `${name.replace(a, 'a')}: ${joined.error.type}/${joined.error.condition}`);
      assert.deepEqual(await openRooms(server), before);
    });
  }
});

test('A24 names that look alike are one room, another room, or none: the same in address, claim and request', async (t) => {
  const server = await serve(t);
  const room = fresh('board');
  const host = await hostIn(server, room);
  const same = { 'upper case': room.toUpperCase(), 'full-width letters': room.replace('board', 'ｂｏａｒｄ') };
  for (const [what, name] of Object.entries(same)) {
    await t.test(`A24 ${what} is the same room`, async () => {
      const other = await holder(server, room, 'mod', what, { tokenRoom: name });
      await other.ask(node(name));
      const joined = await other.join(node(name));
      assertAdmittedAs(joined, 'moderator');
      await host.expectPresence(room, other.nick);
      await other.close();
    });
  }
  await t.test('A24 a Cyrillic letter makes another room', async () => {
    const name = room.replace('a', 'а');
    const stray = await holder(server, room, 'mod', 'cyrillic', { tokenRoom: name });
    await stray.ask(room);
    const joined = await stray.join(room);
    assertRoomMismatch(joined);
    answered('A24', `Cyrillic: ${joined.error.type}/${joined.error.condition} room-mismatch`);
  });
  for (const [what, letter] of Object.entries({ 'zero-width joiner': '\u200d', 'right-to-left override': '\u202e', 'soft hyphen': '\u00ad', NUL: '\u0000' })) {
    await t.test(`A24 a name with a ${what} is none`, async () => {
      const name = `x${letter}${room}`;
      const stray = await holder(server, room, 'mod', what, { tokenRoom: '*' });
      const joined = await stray.join(node(name));
      assert.ok(joined.error, `refused, but ${joined.self}`);
      answered('A24', `${what}: ${joined.error.type}/${joined.error.condition}`);
      assert.deepEqual(await openRooms(server), [room]);
    });
  }
});

test('A26 tenants that contradict each other open nothing', async (t) => {
  const server = await serve(t);
  const room = fresh('a26');
  const client = await holder(server, room, 'mod', 'torn', { prefix: 'acme', claims: { sub: 'third', context: { tenant: 'fourth', user: { moderator: true } } } });
  for (const address of [`[acme]${room}`, `[other]${room}`]) {
    await t.test(`A26 ${address.replace(room, 'a')}`, async () => {
      await client.ask(address);
      const joined = await client.join(address);
      assertRoomMismatch(joined);
      answered('A26', `${joined.error.type}/${joined.error.condition} room-mismatch`);
    });
  }
  await assertNotStarted(server, `[acme]${room}`);
});

test('A30 a forged token in the conference request is not looked at', async (t) => {
  const server = await serve(t);
  const room = fresh('a30');
  const forged = server.issuer.keep(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(server.issuer.claims(room, 'mod'))).toString('base64url')}.`);
  const client = await guest(server, room);
  for (const token of [forged, 'x.y.z', server.token(room, 'mod')]) {
    await client.ask(room, { token });
    assertSentToLobby(await client.join(room));
    await assertNotStarted(server, room);
  }
  answered('A30', 'auth/registration-required: still a guest who waits');
});
