// Each file under conf/recipes starts the server as it is, and decides what its first lines promise.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, serve } from '../support/server.mjs';

const without = { ENABLE_AUTH: undefined, ENABLE_GUESTS: undefined, AUTH_TYPE: undefined, JWT_APP_ID: undefined, JWT_APP_SECRET: undefined };
const recipe = (name) => join(root, 'conf/recipes', name);

// recipe → cells of its decision table: person, state of the room, what is decided
const PROMISES = {
  'school.toml': [['guest', 'absent', 'wait'], ['account, says nothing', 'absent', 'start, host'], ['guest, kicked before', 'open', 'knock']],
  'company-ldap.toml': [['guest', 'open', 'knock'], ['directory, says nothing', 'absent', 'start, host']],
  'clinic-portal.toml': [['guest', 'open', 'login'], ['token, says nothing', 'open', 'participant'], ['guest, kicked before', 'open', 'login']],
  'public.toml': [['guest', 'absent', 'start, moderator'], ['token, says moderator', 'open', 'host']],
  'webinar.toml': [['guest', 'open', 'knock'], ['token, says nothing', 'open', 'participant']],
};

for (const [name, cells] of Object.entries(PROMISES)) {
  test(`recipe ${name} starts the server and decides as it says`, async (t) => {
    const server = await serve(t, { env: { ...without, CONCLAVE_CONFIG_FILE: recipe(name) } });
    const { code, stdout } = await server.cli(['explain', '--matrix', '--json']);
    assert.equal(code, 0, stdout);
    const matrix = JSON.parse(stdout);
    for (const [person, column, text] of cells) {
      const row = matrix.rows.find((each) => each.person === person);
      assert.ok(row, `${person} has a row in ${name}`);
      assert.equal(row.cells[matrix.columns.indexOf(column)].text, text, `${person}, ${column}`);
    }
  });
}

test('recipe like-docker-jitsi-meet.env starts the server: tokens host, guests join', async (t) => {
  assert.match(readFileSync(recipe('like-docker-jitsi-meet.env'), 'utf8'), /ENABLE_AUTH=1/);
  const server = await serve(t, { env: { ...without, CONCLAVE_ENV_FILE: recipe('like-docker-jitsi-meet.env') } });
  assert.match(server.output, /wait until a host has started the room/);
  const { stdout } = await server.cli(['explain', '--matrix', '--json']);
  const matrix = JSON.parse(stdout);
  assert.equal(matrix.rows.find((row) => row.person === 'guest').cells[matrix.columns.indexOf('open')].text, 'guest');
});
