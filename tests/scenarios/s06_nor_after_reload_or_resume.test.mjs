// S6 …nor after reload, resume, or reuse of the session (access.md 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertNotStarted, assertReady, assertResult, assertRoomMismatch, assertWaits, assertWaitsFor } from '../support/claims.mjs';
import { addBreakout } from '../support/breakout.mjs';
import { expectKnock, knock, look, setLobby } from '../support/lobby.mjs';
import { fresh, guest, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { now } from '../support/token.mjs';
import { clockReaches } from '../support/waiting.mjs';
import { Client, Storage } from '../support/xmpp.mjs';

test('S6 nor after reload, resume, or reuse of the session', async (t) => {
  const server = await serve(t);

  await t.test('(a) a reload into a makes a moderator again', async () => {
    const a = fresh('a');
    const host = await hostIn(server, a);
    assert.ok(host.storage.sessionId, 'the reply to the request carried a session-id');
    const again = await host.reload();
    assertReady(await again.ask(a));
    assertAdmittedAs(await again.join(a), 'moderator');
  });

  await t.test('(a) the ticket also starts a again once it ran empty, before exp', async () => {
    const a = fresh('a');
    const host = await hostIn(server, a);
    const again = await host.reload();
    assertReady(await again.ask(a));
  });

  await t.test('(b) a reload into b makes a guest who waits, without session-invalid', async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    const host = await hostIn(server, a);
    const again = await host.reload({ room: b });
    const asked = await again.ask(b);
    assert.equal(asked.sessionInvalid, false, String(asked.reply));
    assertWaits(asked);
    const joined = await again.join(b);
    assert.ok(joined.error, `refused, but ${joined.self}`);
    await assertNotStarted(server, b);
  });

  await t.test('(b) when b is open he comes in as a guest', async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    await hostIn(server, b, 'host of b');
    const host = await hostIn(server, a);
    const again = await host.reload({ room: b });
    assertReady(await again.ask(b));
    assertAdmittedAs(await again.join(b), 'guest');
  });

  await t.test('(c) a second tab with b waits while the first stays moderator in a', async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    const host = await hostIn(server, a);
    const tab = await guest(server, b, 'second tab', { storage: host.storage });
    await assertWaitsFor(tab, b);
    await assertNotStarted(server, b);
    await host.barrier();
    assert.equal(host.role(a), 'moderator');
  });

  await t.test('(d) a resumed stream does not join b', async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    for (const token of ['kept in the address', 'gone']) {
      const host = await hostIn(server, a);
      host.vanish();
      const resumed = await host.resume(token === 'gone' ? { token: undefined } : {});
      assert.equal(resumed.resumed.el.name, 'resumed', `token ${token}: ${resumed.resumed.raw}`);
      await resumed.ask(b);
      assertRoomMismatch(await resumed.join(b));
      await assertNotStarted(server, b);
      await resumed.close();
    }
  });

  await t.test('(e) the session-id with another machine-uid is answered like an unknown one, then a guest', async () => {
    const a = fresh('a');
    const host = await hostIn(server, a);
    const thief = await guest(server, a, 'thief');
    const foreign = await thief.ask(a, { sessionId: host.storage.sessionId });
    const unknown = await thief.ask(a, { sessionId: '00000000-0000-4000-8000-000000000000' });
    const plain = (asked) => String(asked.reply.getChild('error'));
    assert.equal(foreign.reply.attrs.type, 'error', String(foreign.reply));
    assert.equal(foreign.error.condition, 'not-acceptable', String(foreign.reply));
    assert.ok(foreign.sessionInvalid, `session-invalid in ${foreign.reply}`);
    assert.equal(plain(foreign), plain(unknown), 'nobody can tell a foreign ticket from an unknown one');
    assertReady(await thief.ask(a));
    assertAdmittedAs(await thief.join(a), 'guest');
  });

  await t.test('(f) with the storage cleared he is a guest', async () => {
    const a = fresh('a');
    const host = await hostIn(server, a);
    const other = await hostIn(server, a, 'another host');
    const again = await host.reload({ storage: new Storage() });
    assertReady(await again.ask(a));
    assertAdmittedAs(await again.join(a), 'guest');
    await other.close();
  });

  await t.test('(h) the lobby of b holds him as it holds any guest, and so does its waiting room', async () => {
    const [a, b, c] = [fresh('a'), fresh('b'), fresh('c')];
    const owner = await hostIn(server, b, 'host of b');
    assertResult(await setLobby(owner, b, true), 'lobby on');
    await look(owner, b);
    const host = await hostIn(server, a);
    const again = await host.reload({ room: b });
    assert.equal((await knock(again, b)).waits, false, 'he knocks');
    await expectKnock(owner, b, again);
    assert.ok((await again.join(b)).error, 'and does not come in by knocking');
    const waiting = await host.reload({ room: c });
    assert.equal((await knock(waiting, c)).waits, true, 'in the waiting room of c he waits');
    await assertNotStarted(server, c);
  });

  await t.test('(h) a breakout room of b is nothing to him, and in b he is what he is', async () => {
    const [a, b] = [fresh('a'), fresh('b')];
    const owner = await hostIn(server, b, 'host of b');
    const group = await addBreakout(owner);
    const host = await hostIn(server, a);
    const again = await host.reload({ room: b });
    assertReady(await again.ask(group));
    assert.equal((await again.join(group)).error?.condition, 'not-allowed');
    assertReady(await again.ask(b));
    assertAdmittedAs(await again.join(b), 'guest');
    assertAdmittedAs(await again.move(b, group), 'guest');
  });

  await t.test('(i) T(a) then T(b) in one browser: each room by its own grant, never c', async () => {
    const [a, b, c] = [fresh('a'), fresh('b'), fresh('c')];
    const storage = new Storage();
    const first = await holder(server, a, 'mod', 'T(a)', { storage });
    await first.enter(a);
    const second = await holder(server, b, 'mod', 'T(b)', { storage });
    await second.enter(b);
    const page = (room) => Client.login(server, { room, storage, name: `reload into ${room}` });
    for (const room of [a, b]) {
      const again = await page(room);
      assertReady(await again.ask(room));
      assertAdmittedAs(await again.join(room), 'moderator');
    }
    const third = await page(c);
    await assertWaitsFor(third, c);
    await assertNotStarted(server, c);
  });
});

test('S6 (a) with RELOAD=off a reload makes a guest', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_RELOAD: 'off' } });
  const a = fresh('a');
  await hostIn(server, a, 'another host');
  const host = await hostIn(server, a);
  const again = await host.reload();
  assertReady(await again.askAgainWhenInvalid(a));
  assertAdmittedAs(await again.join(a), 'guest');
});

test('S6 (g) after exp a reload makes a guest', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_JWT_LEEWAY: '0 seconds' } });
  const a = fresh('a');
  await hostIn(server, a, 'another host');
  const until = now() + 4;
  const host = await holder(server, a, 'mod', 'short-lived host', { until });
  await host.enter(a);
  await clockReaches((until + 1) * 1000);
  const again = await host.reload();
  assertReady(await again.askAgainWhenInvalid(a));
  assertAdmittedAs(await again.join(a), 'guest');
});

test('S6 the book of tickets is for everybody: one stream gets a bounded number', async (t) => {
  const server = await serve(t);
  const a = fresh('a');
  const host = await hostIn(server, a);
  const tickets = new Set();
  let without = 0;
  for (let i = 0; i < 24; ++i) {
    const asked = await host.ask(a, { machineUid: `machine-${i}`, sessionId: null, keep: false });
    assertReady(asked);
    if (asked.conference['session-id']) tickets.add(asked.conference['session-id']);
    else without += 1;
  }
  assert.ok(tickets.size <= 16, `${tickets.size} tickets`);
  assert.ok(without >= 8, 'asked for more, he is let in without a ticket');
});
