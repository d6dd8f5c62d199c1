// S3 Four kinds in one meeting (access.md 4.10): the part of accounts, tokens and guests. The directory's part stands in its own file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertReady, assertWaits, rolesSeenBy } from '../support/claims.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

const permutations = (list) => (list.length < 2 ? [list] : list.flatMap((each, index) => permutations([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [each, ...rest])));

test('S3 account, token and guest in one meeting: the same roles in any order after the first host', async (t) => {
  const server = await serve(t, { env: withAccounts({ CONCLAVE_MODERATORS: 'claimed' }) });
  const alice = await addAccount(server, 'alice', { role: 'host' });
  const carol = await addAccount(server, 'carol');
  const kinds = {
    alice: { as: 'moderator', enter: (room) => logIn(server, room, alice, { mechanism: 'SCRAM-SHA-256' }) },
    token: { as: 'moderator', enter: (room) => holder(server, room, 'mod', 'token') },
    carol: { as: 'participant', enter: (room) => logIn(server, room, carol, { mechanism: 'PLAIN' }) },
    guest: { as: 'guest', enter: (room) => guest(server, room) },
  };
  for (const order of permutations(Object.keys(kinds)).filter(([first]) => kinds[first].as === 'moderator')) {
    await t.test(order.join(', '), async () => {
      const y = fresh('y');
      const inside = [];
      for (const kind of order) {
        const client = await kinds[kind].enter(y);
        assertReady(await client.ask(y));
        assertAdmittedAs(await client.join(y), kinds[kind].as);
        inside.push(client);
      }
      for (const client of inside) await client.barrier();
      const seen = inside.map((client) => JSON.stringify(rolesSeenBy(client, y)));
      assert.equal(new Set(seen).size, 1, `everybody sees the same: ${seen.join('\n')}`);
      for (const client of inside) await client.close();
    });
  }

  await t.test('who is not host waits for one, as a guest does', async () => {
    const y = fresh('y');
    const client = await logIn(server, y, carol);
    assertWaits(await client.ask(y));
  });
});

test('S3 several sessions of one account are one person twice', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice', { displayName: 'Alice' });
  const y = fresh('y');
  const laptop = await logIn(server, y, alice);
  const phone = await logIn(server, y, alice);
  assert.equal(laptop.jid.split('/')[0], `alice@${server.domain}`);
  assert.notEqual(laptop.jid, phone.jid);
  for (const client of [laptop, phone]) {
    assertReady(await client.ask(y));
    assertAdmittedAs(await client.join(y), 'moderator');
  }
});

test('S3 the role flag of an account: MODERATORS decides where it says nothing', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const part = await addAccount(server, 'part', { role: 'participant' });
  const unsaid = await addAccount(server, 'unsaid');
  const y = fresh('y');
  const host = await logIn(server, y, unsaid);
  assertReady(await host.ask(y));
  assertAdmittedAs(await host.join(y), 'moderator');
  const other = await logIn(server, y, part);
  assertReady(await other.ask(y));
  assertAdmittedAs(await other.join(y), 'participant');
});
