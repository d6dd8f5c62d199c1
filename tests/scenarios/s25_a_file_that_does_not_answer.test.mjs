// S25 Settings are read beside the loops: a file that does not answer holds up nobody but the reload.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertAdmittedAs, assertReady } from '../support/claims.mjs';
import { get } from '../support/admin.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { policy, reload, withFile } from '../support/rewritable.mjs';

test('S25 while a reload waits for a file people come in, and the answer comes when the file does', async (t) => {
  const { server, path } = await withFile(t, policy('join'));
  rmSync(path);
  assert.equal(spawnSync('mkfifo', [path]).status, 0);
  let answered = false;
  const waiting = reload(server).then((answer) => ((answered = true), answer));
  try {
    const room = fresh('s25');
    const host = await holder(server, room, 'mod');
    assertReady(await host.ask(room));
    assertAdmittedAs(await host.join(room), 'moderator');
    const visitor = await guest(server, room);
    assertReady(await visitor.ask(room));
    assertAdmittedAs(await visitor.join(room), 'guest');
    assert.equal((await get(server, '/about/health')).status, 200);
    assert.equal(answered, false, 'the reload still waits');
  } finally {
    // A reader is there by now or comes soon: opening waits for it, so this is the file's answer.
    await writeFile(path, policy('deny'));
  }
  const answer = await waiting;
  assert.equal(answer.status, 200, answer.body);
  assert.deepEqual(answer.json.changed, ['CONCLAVE_GUESTS']);
  rmSync(path);
  writeFileSync(path, policy('deny'));
});
