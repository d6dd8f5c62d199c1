// Rooms that the operator defines over the admin API before they start: in force from the first second, over a restart, until taken back.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addAccount, logIn, withAccounts } from '../support/account.mjs';
import { audited, call } from '../support/admin.mjs';
import { assertAdmittedAs, assertNotStarted, assertReady, assertSentToLobby } from '../support/claims.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { withFile } from '../support/rewritable.mjs';
import { Server, serve } from '../support/server.mjs';

const PASSWORD = 'sesame-canary-of-the-board';

async function define(server, room, definition, status = 200) {
  const answer = await call(server, 'PUT', `/definitions/${encodeURIComponent(room)}`, definition);
  assert.equal(answer.status, status, answer.body);
  return answer.json;
}

test('a room is defined, read, and kept over a restart; its password is in no answer and no log', async (t) => {
  const first = await Server.start({ keepData: true });
  t.after(() => rmSync(first.folder, { recursive: true, force: true }));
  const room = fresh('defined');
  let stopped = false;
  try {
    const made = await define(first, room, { password: PASSWORD, capacity: 2 });
    assert.deepEqual([made.name, made.has_password, made.capacity, made.defined_by], [room, true, 2, 'api']);
    const listed = await call(first, 'GET', '/definitions');
    assert.deepEqual(listed.json.definitions.map((one) => one.name), [room]);
    assert.ok(!listed.body.includes('canary'));
    assert.ok((await audited(first)).some((entry) => entry.act === 'admin' && JSON.stringify(entry).includes(`defineRoom ${room}`)), 'an audit line');
    const stored = join(first.dataDir, 'rooms.json');
    assert.equal(statSync(stored).mode & 0o777, 0o600);
    await first.stop();
    stopped = true;
    assert.ok(!first.output.includes('canary'));
    assert.ok(!readFileSync(join(first.dataDir, 'audit.log'), 'utf8').includes('canary'));
  } finally {
    if (!stopped) await first.stop();
  }

  const server = await serve(t, { dataDir: first.dataDir });
  const host = await holder(server, room, 'mod');
  assertReady(await host.ask(room));
  assertAdmittedAs(await host.join(room), 'moderator');
  const visitor = await guest(server, room);
  await visitor.ask(room);
  const without = await visitor.join(room);
  assert.equal(`${without.error?.type}/${without.error?.condition}`, 'auth/not-authorized');
  assertAdmittedAs(await visitor.join(room, { password: PASSWORD }), 'guest');
  const third = await guest(server, room, 'third');
  assert.equal((await third.join(room, { password: PASSWORD })).error?.condition, 'service-unavailable');

  assert.equal((await call(server, 'DELETE', `/definitions/${room}`)).status, 200);
  assert.equal((await call(server, 'DELETE', `/definitions/${room}`)).status, 404);
  assert.deepEqual((await call(server, 'GET', '/definitions')).json.definitions, []);
  const fourth = await guest(server, room, 'fourth');
  assertAdmittedAs(await fourth.join(room, { password: PASSWORD }), 'guest');
});

test('owners are hosts, the lobby is there from the first second, times are kept', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice', { role: 'participant' });
  const room = fresh('board');
  await define(server, room, { owners: ['account:alice'], lobby: 'all', record: 'owners' });
  const owner = await logIn(server, room, alice);
  assertReady(await owner.ask(room));
  assertAdmittedAs(await owner.join(room), 'moderator');
  const visitor = await guest(server, room);
  await visitor.ask(room);
  assertSentToLobby(await visitor.join(room));

  const ofTenant = await define(server, '[clinic]board', { capacity: 1 });
  assert.equal(ofTenant.name, '[clinic]board');
  assert.equal((await call(server, 'DELETE', '/definitions/%5Bclinic%5Dboard')).status, 200);

  const later = fresh('later');
  const now = Math.floor(Date.now() / 1000);
  const early = await holder(server, later, 'mod');
  for (const times of [{ not_before: now + 3600, expires: now + 7200 }, { expires: now - 60 }]) {
    await define(server, later, times);
    await early.ask(later);
    assert.ok((await early.join(later)).error, `nobody comes in: ${JSON.stringify(times)}`);
    await assertNotStarted(server, later);
  }
});

test('what the settings define is theirs, also after a reload that begins to define it', async (t) => {
  const room = fresh('theirs');
  const { server, write } = await withFile(t, '[policy]\nguests = "join"\n');
  await define(server, room, { capacity: 3 });
  write(`[policy]\nguests = "join"\n[[room]]\nname = "${room}"\ncapacity = 7\n`);
  assert.equal((await call(server, 'POST', '/reload')).status, 200);
  const shown = await call(server, 'GET', `/definitions/${room}`);
  assert.deepEqual([shown.json.capacity, shown.json.defined_by], [7, 'settings']);
  await define(server, room, { capacity: 4 }, 409);
  write('[policy]\nguests = "join"\n');
  assert.equal((await call(server, 'POST', '/reload')).status, 200);
  assert.equal((await call(server, 'GET', `/definitions/${room}`)).json.capacity, 3);
});

test('A54 a file of defined rooms that is damaged stops the start, with a remedy', async (t) => {
  const first = await Server.start({ keepData: true });
  t.after(() => rmSync(first.folder, { recursive: true, force: true }));
  await define(first, fresh('kept'), {});
  await first.stop();
  writeFileSync(join(first.dataDir, 'rooms.json'), '{"rooms": [{}]}');
  await assert.rejects(Server.start({ dataDir: first.dataDir }), /78[^]*rooms\.json[^]*damaged/);
});
