// A55 (access.md 5) as far as one node goes: a restart in the middle of *held*. Several nodes belong to the cluster.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { room as roomOf } from '../support/admin.mjs';
import { assertAdmittedAs, assertNotStarted, assertWaits } from '../support/claims.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { Server } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

test('A55 a restart in the middle of held: whoever was inside as guest waits, and comes in with the host', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'conclave-held-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const env = { CONCLAVE_HOST_LEFT_GRACE: '1 second' };
  const room = fresh('a55');

  const first = await Server.start({ dataDir, env });
  const host = await hostIn(first, room);
  const inside = await guestIn(first, room);
  await host.leave(room);
  await eventually(`${room} is held`, async () => (await roomOf(first, room))?.state === 'held');
  await first.stop();

  const second = await Server.start({ dataDir, env });
  try {
    const again = await Client.login(second, { room, name: 'guest', storage: inside.storage });
    assertWaits(await again.askAgainWhenInvalid(room));
    await assertNotStarted(second, room);
    await hostIn(second, room);
    const asked = await again.ask(room);
    assert.ok(asked.ready, String(asked.reply));
    assertAdmittedAs(await again.join(room), 'guest');
  } finally {
    await second.stop();
  }
});
