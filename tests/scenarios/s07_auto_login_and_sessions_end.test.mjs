// S7 Auto-login can be switched off; sessions end (access.md 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertNotStarted, assertReady, assertWaits } from '../support/claims.mjs';
import { fresh, holder } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { clockReaches, eventually } from '../support/waiting.mjs';
import { room as roomOf } from '../support/admin.mjs';
import { Client } from '../support/xmpp.mjs';

const noPrompt = (client) => assert.ok(!client.seen((frame) => frame.raw.startsWith('<failure')), `${client.name} met no SASL failure`);

test('S7 with ENABLE_AUTO_LOGIN=0 the ticket ends with the meeting', async (t) => {
  const server = await serve(t, { env: withAccounts({ ENABLE_AUTO_LOGIN: '0' }) });
  const alice = await addAccount(server, 'alice');
  const first = fresh('s7');
  const other = fresh('s7');
  const host = await logIn(server, first, alice);
  assertReady(await host.ask(first));
  assertAdmittedAs(await host.join(first), 'moderator');
  assert.ok(host.storage.sessionId, 'a ticket was given');

  await t.test('within the meeting a reload keeps her, another room does not know her', async () => {
    const witness = await holder(server, first, 'part', 'witness');
    await witness.enter(first);
    const again = await host.reload();
    assertReady(await again.ask(first));
    assertAdmittedAs(await again.join(first), 'moderator');
    const elsewhere = await Client.login(server, { room: other, storage: host.storage, name: 'second tab' });
    assertWaits(await elsewhere.ask(other));
    await assertNotStarted(server, other);
    await again.close();
    await witness.close();
    await elsewhere.close();
  });

  await t.test('when it has ended she is a guest, in that room and in any other', async () => {
    await eventually('the room is closed', async () => (await roomOf(server, first)) === undefined);
    for (const room of [first, other]) {
      const back = await Client.login(server, { room, storage: host.storage, name: `back in ${room}` });
      assertWaits(await back.askAgainWhenInvalid(room));
      noPrompt(back);
      await assertNotStarted(server, room);
      await back.close();
    }
  });
});

test('S7 with a lifetime of 10 seconds she is alice at 5 s and guest at 20 s', async (t) => {
  const server = await serve(t, { env: withAccounts({ JICOFO_AUTH_LIFETIME: '10 seconds' }) });
  const alice = await addAccount(server, 'alice');
  const room = fresh('s7');
  const host = await logIn(server, room, alice);
  const begun = Date.now();
  await host.enter(room);
  await clockReaches(begun + 5000);
  const other = fresh('s7');
  const at5 = await host.reload({ room: other });
  const asked = await at5.ask(other);
  assertReady(asked);
  assert.equal(asked.conference.identity, 'alice');
  assertAdmittedAs(await at5.join(other), 'moderator');
  await at5.close();

  await clockReaches(begun + 20000);
  const at20 = await Client.login(server, { room, storage: host.storage, name: 'at 20 s' });
  assertWaits(await at20.askAgainWhenInvalid(room));
  noPrompt(at20);

  await t.test('S7 who holds a token is never shown a password box', async () => {
    const mine = fresh('s7');
    const keeper = await holder(server, mine, 'mod', 'token holder');
    assertReady(await keeper.ask(mine));
    assertAdmittedAs(await keeper.join(mine), 'moderator');
    const again = await keeper.reload();
    await again.askAgainWhenInvalid(mine);
    for (const each of [keeper, again]) noPrompt(each);
  });
});

test('S7 logging out forgets the ticket', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const room = fresh('s7');
  const host = await logIn(server, room, alice);
  await host.enter(room);
  const answer = await host.logout();
  assert.equal(answer.attrs.type, 'result', String(answer));
  const again = await host.reload({ room: fresh('s7') });
  const asked = await again.ask(again.options.room);
  assert.ok(asked.sessionInvalid, String(asked.reply));
  assertWaits(await again.ask(again.options.room));
});
