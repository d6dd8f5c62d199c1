// S20 A docker-jitsi-meet .env with every name there is or was starts the server; each name without effect is said, with its reason.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, run, serve } from '../support/server.mjs';

const file = join(root, 'tests/support/docker.env');
const names = readFileSync(file, 'utf8').split('\n').flatMap((line) => /^([A-Z]\w*)=/.exec(line)?.[1] ?? []);

test('S20 every name at once: it starts, says what has no effect, and prints no secret', async (t) => {
  const { stdout } = await run(['settings', '--json']);
  const described = JSON.parse(stdout);
  const about = new Map(described.flatMap((row) => [row.name, ...(row.older_names ?? [])].map((name) => [name, row])));
  const of = (name) => about.get(name) ?? described.find((row) => row.section === 'ignored' && row.name.endsWith('_') && name.startsWith(row.name));
  const server = await serve(t, { env: { CONCLAVE_ENV_FILE: file, JWT_APP_ID: 'school' } });
  for (const name of names) {
    const row = of(name);
    assert.ok(row, `${name} is described`);
    if (row.section !== 'ignored') assert.ok(row.what, `${name} is said to do something`);
    // The test's own environment has a TZ, which wins over the file's and is nobody's to speak of.
    else if (row.what && name !== 'TZ') assert.ok(server.output.includes(`ignored: ${name}: ${row.what}`), `${name} is said to have no effect`);
  }
  assert.ok(names.length > 400, `${names.length} names`);
  assert.ok(!server.output.includes('canary'), 'no secret is printed');
});

test('S20 `conclave check` says the same of that file without starting anything', async () => {
  const { code, stdout } = await run(['check', '--env-file', file]);
  assert.equal(code, 0, stdout);
  for (const part of ['ignored: ENABLE_VISITORS: ', 'ignored: JVB_STUN_SERVERS: ', 'ignored: PROSODY_MODE: ']) assert.ok(stdout.includes(part), part);
  assert.ok(!stdout.includes('canary'));
});
