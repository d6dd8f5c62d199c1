// The decision table of the policy in force, from the command line, and a cell of it on the running server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

test('explain --matrix prints who may what for the policy in force, and the server goes by it', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_MODERATORS: 'claimed' } });
  const { code, stdout } = await server.cli(['explain', '--matrix', '--json']);
  assert.equal(code, 0, stdout);
  const matrix = JSON.parse(stdout);
  const cell = (person, column) => matrix.rows.find((row) => row.person === person).cells[matrix.columns.indexOf(column)];
  assert.equal(cell('guest', 'absent').text, 'wait');
  assert.equal(cell('token, says nothing', 'open').text, 'participant');
  assert.equal(cell('token, says moderator', 'just ended').text, 'start, host');
  const text = await server.cli(['explain', '--matrix', '--room', 'board']);
  assert.match(text.stdout, /^room board +absent +waiting +open/);
  assert.equal((await server.cli(['explain'])).code, 64);
});

test('MAX_PARTICIPANTS: the one too many is told that the room is full', async (t) => {
  const server = await serve(t, { env: { MAX_PARTICIPANTS: '1' } });
  const room = fresh('small');
  await hostIn(server, room);
  const late = await guest(server, room);
  await late.ask(room);
  const joined = await late.join(room);
  assert.equal(joined.error?.condition, 'service-unavailable', String(joined.self ?? joined.presence));
});
