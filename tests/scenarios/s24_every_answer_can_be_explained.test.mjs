// S24 Every answer can be explained (access.md 4.10): by the command line, and of live occupants. A running room: s24_live.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain, get, occupant, room as roomOf, slugOf } from '../support/admin.mjs';
import { assertRoomMismatch, assertWaitsFor } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client } from '../support/xmpp.mjs';

async function explained(server, args) {
  const { code, stdout, stderr } = await server.cli(['explain', ...args, '--json']);
  assert.equal(code, 0, `conclave explain ${args[0]} …: exit ${code}\n${stdout}${stderr}`);
  assert.ok(!stdout.includes(server.env.JWT_APP_SECRET), 'the secret is not printed');
  for (const token of server.issuer.minted) assert.ok(!stdout.includes(token.split('.')[2]), 'no token is printed');
  const told = JSON.parse(stdout);
  return { told, outcome: told.outcome, slug: told.reason.slug, role: told.role };
}

test('S24 the command line gives the outcome and reason that the wire gave', async (t) => {
  const server = await serve(t);
  const room = fresh('s24');

  await t.test('a token for another room: refuse, room-claim-mismatch', async () => {
    const client = await holder(server, room, 'mod', 'holder', { tokenRoom: fresh('other') });
    await client.ask(room);
    assertRoomMismatch(await client.join(room));
    const { outcome, slug } = await explained(server, ['--room', room, '--token', client.options.token]);
    assert.deepEqual([outcome, slug], ['refuse', 'room-claim-mismatch']);
  });

  await t.test('a guest before the host: wait, waits-for-host', async () => {
    const client = await guest(server, room);
    await assertWaitsFor(client, room);
    const { outcome, slug } = await explained(server, ['--room', room]);
    assert.deepEqual([outcome, slug], ['wait', 'waits-for-host']);
  });

  await t.test('a participant before the host: wait', async () => {
    const client = await holder(server, room, 'part');
    await assertWaitsFor(client, room);
    assert.equal((await explained(server, ['--room', room, '--token', client.options.token])).outcome, 'wait');
  });

  for (const [what, lifetime, change, slug] of [
    ['an expired token', -3600, (token) => token, 'token-expired'],
    ['a token with a foreign signature', 3600, (token) => `${token.slice(0, -6)}AAAAAA`, 'token-signature'],
    ['a token that is none', 3600, () => 'not-a-token', 'token-malformed'],
  ]) {
    await t.test(`${what}: refuse at SASL, ${slug}`, async () => {
      const token = change(server.token(room, 'mod', { lifetime }));
      const client = await Client.open(server, { room, token });
      await client.start();
      const answer = await client.tryAuth();
      assert.equal(answer.el.name, 'failure', answer.raw);
      const told = await explained(server, ['--room', room, '--token', token]);
      assert.deepEqual([told.outcome, told.slug], ['refuse', slug]);
    });
  }

  for (const [role, reasons] of [['mod', ['host-by-claim']], ['-', ['host-by-default']]]) {
    await t.test(`T(r,${role}): admit as moderator, ${reasons}`, async () => {
      const { outcome, slug } = await explained(server, ['--room', room, '--token', server.token(room, role)]);
      assert.equal(outcome, 'admit');
      assert.ok(reasons.includes(slug), slug);
    });
  }

  await t.test('a guest where the room is open: admit, guest-may-join', async () => {
    const { outcome, slug } = await explained(server, ['--room', room, '--room-state', 'open']);
    assert.deepEqual([outcome, slug], ['admit', 'guest-may-join']);
  });

  await t.test('it explains rule by rule, also in words', async () => {
    const { code, stdout } = await server.cli(['explain', '--room', room]);
    assert.equal(code, 0);
    assert.ok(stdout.includes('waits-for-host'), stdout);
    assert.ok(stdout.trim().split('\n').length > 3, `more than one rule:\n${stdout}`);
  });

  await t.test('a token minted by the command line opens its room, with the role asked for', async () => {
    const minted = await server.cli(['token', '--room', room, '--role', 'moderator', '--name', 'Ada']);
    assert.equal(minted.code, 0, minted.stderr);
    const { outcome, slug } = await explained(server, ['--room', room, '--token', server.issuer.keep(minted.stdout.trim())]);
    assert.deepEqual([outcome, slug], ['admit', 'host-by-claim']);
  });
});

test('S24 the admin API explains live occupants, and gives no secret', async (t) => {
  const server = await serve(t);
  const room = fresh('s24');
  const host = await hostIn(server, room);
  const participant = await participantIn(server, room);
  const visitor = await guestIn(server, room);
  const expected = [
    [host, 'host-by-claim', 'token'],
    [participant, 'role-claim-participant', 'token'],
    [visitor, 'guest-may-join', 'guest'],
  ];

  await t.test('the listing has nick, role, kind of identity and reason of each', async () => {
    const found = await roomOf(server, room);
    assert.equal(found?.state, 'open', JSON.stringify(found));
    for (const [client, slug, kind] of expected) {
      const shown = occupant(found, client.nick);
      assert.ok(shown, `${client.nick} in ${JSON.stringify(found)}`);
      assert.equal(slugOf(shown.reason), slug, JSON.stringify(shown));
      assert.equal(shown.kind, kind, JSON.stringify(shown));
    }
  });

  await t.test('explain of an occupant has the same slug and no credential', async () => {
    for (const [client, slug] of expected) {
      const told = await explain(server, room, client.nick);
      const text = JSON.stringify(told);
      assert.ok(text.includes(slug), `${slug} in ${text}`);
      for (const [name, secret] of client.credentials()) if (secret) assert.ok(!text.includes(secret), `${name} is not shown`);
      if (client.options.token) assert.ok(!text.includes(client.options.token.split('.')[2]), 'the token is not shown');
    }
  });

  await t.test('without the admin token, with a wrong one, or by a path trick there is nothing', async () => {
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${server.adminToken}` }, { authorization: 'Bearer ' }]) {
      const answer = await get(server, '/admin/v1/rooms', headers);
      assert.ok([401, 403].includes(answer.status), `${JSON.stringify(headers)}: ${answer.status}`);
      assert.ok(!answer.body.includes(room));
    }
    for (const path of ['/admin/v1/rooms/', '//admin/v1/rooms', '/x/../admin/v1/rooms', '/admin%2fv1/rooms', `/admin/v1/rooms/${room}/explain/${host.nick}`]) {
      const answer = await get(server, path);
      assert.ok(!answer.body.includes('occupants') && !answer.body.includes('host-by-claim'), `${path} tells nothing: ${answer.status}`);
    }
  });
});
