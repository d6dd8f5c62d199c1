import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LobbyWatch } from './lobby_watch';
import type { Right } from './room/access';
import type { Room } from './room/room';

test('the lobby is entered with the right to admit, once, and left without it or when it is switched off', () => {
  const sent: string[] = [];
  const rights = new Set<Right>();
  const room = { jid: 'r@m', nick: 'me', rights, info: { locked: false, membersOnly: true, lobby: 'r@lobby' as string | null }, occupants: new Map(), stream: { send: (stanza: object) => sent.push(String(stanza)) } };
  const watch = new LobbyWatch({ name: () => 'Ada', notice: () => {}, changed: () => {} });
  const look = () => {
    watch.look(room as unknown as Room);
    return sent.splice(0).map((text) => (text.includes('unavailable') ? 'out' : 'in'));
  };
  assert.deepEqual(look(), []);
  rights.add('admit');
  assert.deepEqual(look(), ['in']);
  assert.deepEqual(look(), []);
  rights.clear();
  assert.deepEqual(look(), ['out']);
  rights.add('admit');
  assert.deepEqual(look(), ['in']);
  room.info = { ...room.info, lobby: null };
  assert.deepEqual(look(), ['out']);
  assert.equal(watch.knockers, null);
});
