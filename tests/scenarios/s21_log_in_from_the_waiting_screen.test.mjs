// S21 Log in from the waiting screen (access.md 4.10), as the stock client does it: signalling.md 4.4 (b).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, attempt, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertNotStarted, assertReady, assertWaits } from '../support/claims.mjs';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { itemOf, isPresence } from '../support/xmpp.mjs';

for (const autoLogin of ['1', '0']) {
  test(`S21 log in on a second connection, and the first one is the host (ENABLE_AUTO_LOGIN=${autoLogin})`, async (t) => {
    const server = await serve(t, { env: withAccounts({ ENABLE_AUTO_LOGIN: autoLogin }) });
    const alice = await addAccount(server, 'alice', { displayName: 'Alice' });
    const l = fresh('l');
    const waiter = await guest(server, l, 'waiter', { host: `guest.${server.domain}` });
    assertWaits(await waiter.ask(l));

    const second = await logIn(server, l, alice, { host: `auth.${server.domain}`, mechanism: 'PLAIN', storage: waiter.storage, name: 'log-in dialog' });
    const asked = await second.ask(l);
    assertReady(asked);
    assert.ok(asked.conference['session-id'], `session-id in ${asked.reply}`);
    assert.equal(asked.conference.identity, 'Alice');
    await second.close();

    assertReady(await waiter.ask(l));
    assertAdmittedAs(await waiter.join(l), 'moderator');
  });
}

test('S21 who is inside as a guest and logs in becomes the host where he stands', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const l = fresh('l');
  const host = await hostIn(server, l);
  const inside = await guest(server, l, 'inside');
  assertReady(await inside.ask(l));
  assertAdmittedAs(await inside.join(l), 'guest');
  const second = await logIn(server, l, alice, { storage: inside.storage });
  assertReady(await second.ask(l));
  await second.close();
  assertReady(await inside.ask(l));
  const made = (frame) => isPresence(frame) && frame.el.attrs.from.endsWith(`/${inside.nick}`) && itemOf(frame.el)?.role === 'moderator';
  await host.expect(made, 'the guest as moderator');
});

test('S21 a wrong password leaves a guest who waits; five in a minute are slowed down, others are not', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  await addAccount(server, 'alice');
  const bob = await addAccount(server, 'bob');
  const l = fresh('l');
  const waiter = await guest(server, l, 'waiter');
  assertWaits(await waiter.ask(l));
  const wrong = { name: 'alice', password: 'not-her-password' };
  for (let count = 0; count < 5; count++) {
    const { result, milliseconds } = await attempt(server, wrong);
    assert.equal(result, 'not-authorized');
    assert.ok(milliseconds < 3000, `the first five are answered at once, number ${count + 1} in ${milliseconds} ms`);
  }
  const sixth = attempt(server, wrong);
  const other = await attempt(server, bob);
  assert.equal(other.result, 'success');
  assert.ok(other.milliseconds < 3000, `another's login took ${other.milliseconds} ms`);
  const { result, milliseconds } = await sixth;
  assert.equal(result, 'not-authorized');
  assert.ok(milliseconds > 5000, `the sixth is slowed down: ${milliseconds} ms`);
  assertWaits(await waiter.ask(l));
  await assertNotStarted(server, l);
});
