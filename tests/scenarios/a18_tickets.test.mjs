// A18, A19, A21: stolen, planted and outlived tickets and resumption ids, of accounts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountCommand, addAccount, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertReady, assertWaits } from '../support/claims.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { Server, serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client, Storage } from '../support/xmpp.mjs';

test('A18 a stolen session-id with a guessed machine-uid is worth nothing, and so is a planted one', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');

  await t.test('A18 stolen: the answer is that of an unknown one', async () => {
    const room = fresh('a18');
    const host = await logIn(server, room, alice);
    await host.enter(room);
    const thief = await guest(server, fresh('a18'), 'thief');
    const stolen = await thief.ask(thief.options.room, { sessionId: host.storage.sessionId });
    const unknown = await thief.ask(thief.options.room, { sessionId: 'never-given' });
    assert.equal(String(stolen.reply.getChild('error')), String(unknown.reply.getChild('error')));
    assert.ok(stolen.sessionInvalid);
    assertWaits(await thief.ask(thief.options.room));
  });

  await t.test('A18 fixation: the attacker’s session-id and machine-uid are planted, the victim logs in', async () => {
    const attacker = new Storage();
    const mine = fresh('a18');
    const evil = await holder(server, mine, 'mod', 'attacker', { storage: attacker });
    await evil.enter(mine);
    const planted = attacker.sessionId;
    const victim = Object.assign(new Storage(), { machineUid: attacker.machineUid, sessionId: planted });
    const room = fresh('a18');
    const host = await logIn(server, room, alice, { storage: victim });
    assertReady(await host.ask(room));
    assert.notEqual(victim.sessionId, planted, 'the ticket was rotated');
    const back = await Client.login(server, { room: fresh('a18'), name: 'attacker again', storage: Object.assign(new Storage(), { machineUid: attacker.machineUid, sessionId: planted }) });
    const asked = await back.ask(back.options.room);
    assert.ok(asked.sessionInvalid, `the planted value is worthless: ${asked.reply}`);
    assertWaits(await back.ask(back.options.room));
  });
});

test('A19 a resumption id of another session takes over no identity, no name, no affiliation', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const bob = await addAccount(server, 'bob');
  const room = fresh('a19');
  const inside = async () => {
    const host = await logIn(server, room, alice);
    await host.enter(room);
    return host;
  };
  const thieves = {
    'a guest': { account: undefined },
    'another account': { account: bob },
    'a guest on another alias': { account: undefined, host: `guest.${server.domain}` },
  };
  for (const [who, options] of Object.entries(thieves)) {
    await t.test(`A19 ${who}`, async () => {
      const host = await inside();
      host.vanish();
      const thief = await host.resume({ ...options, storage: new Storage() });
      assert.equal(thief.resumed.el.name, 'failed', thief.resumed.raw);
      await thief.bind();
      assert.ok(!thief.jid.startsWith('alice@'), thief.jid);
      const other = fresh('a19');
      if (!options.account) assertWaits(await thief.ask(other));
      await thief.close();
    });
  }
  await t.test('A19 a forged token beside it ends the connection', async () => {
    const host = await inside();
    host.vanish();
    await assert.rejects(host.resume({ account: undefined, token: 'eyJhbGciOiJub25lIn0.e30.' }), /SASL <failure/);
    await assert.rejects(host.resume({ token: 'eyJhbGciOiJub25lIn0.e30.' }), /SASL <failure/);
  });
  await t.test('A19 a guessed one, and the session’s public address, resume nothing', async () => {
    const host = await inside();
    host.vanish();
    for (const previd of ['00' + 'a'.repeat(32), host.jid, host.nick]) {
      const thief = await host.resume({ previd, storage: new Storage() });
      assert.equal(thief.resumed.el.name, 'failed', thief.resumed.raw);
    }
  });
  await t.test('A19 her own password resumes it', async () => {
    const host = await inside();
    host.vanish();
    const back = await host.resume();
    assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
    await back.barrier();
    assert.equal(back.role(room), 'moderator');
  });
  await t.test('A19 who resumes by a password is decided anew: by what the account says now', async () => {
    const host = await inside();
    assert.equal((await accountCommand(server, ['role', 'alice', 'participant'])).code, 0);
    host.vanish();
    const back = await host.resume();
    assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
    await eventually('she is a participant', () => back.role(room) === 'participant');
    assert.equal((await accountCommand(server, ['role', 'alice', 'host'])).code, 0);
    back.vanish();
    const again = await back.resume();
    await eventually('and host again', () => again.role(room) === 'moderator');
    await again.close();
  });
  await t.test('A19 a locked account resumes nothing', async () => {
    const host = await inside();
    host.vanish();
    assert.equal((await accountCommand(server, ['lock', 'alice'])).code, 0);
    await assert.rejects(host.resume(), /account-disabled/);
  });
});

test('A21 one answer to a ticket after logout, after a restart, and from two tabs at once', async (t) => {
  const server = await serve(t, { env: withAccounts(), keepData: true });
  const alice = await addAccount(server, 'alice');
  const invalid = async (on, storage) => {
    const room = fresh('a21');
    const client = await Client.login(on, { room, name: 'with an old ticket', storage });
    const asked = await client.ask(room, { keep: false });
    assert.ok(asked.sessionInvalid, String(asked.reply));
    assertWaits(await client.ask(room, { sessionId: null }));
    return String(asked.reply.getChild('error'));
  };
  const bought = async () => {
    const room = fresh('a21');
    const host = await logIn(server, room, alice);
    await host.enter(room);
    return host;
  };

  const answers = new Set();
  await t.test('A21 from two tabs at once', async () => {
    const host = await bought();
    const tabs = await Promise.all([1, 2].map((index) => Client.login(server, { room: fresh('a21'), name: `tab ${index}`, storage: host.storage })));
    const asked = await Promise.all(tabs.map((tab) => tab.ask(tab.options.room, { keep: false })));
    for (const each of asked) {
      assertReady(each);
      assert.equal(each.conference['session-id'], host.storage.sessionId, 'the wallet holds this grant already: no rotation, no tab loses');
    }
  });
  await t.test('A21 after logout', async () => {
    const host = await bought();
    await host.logout();
    answers.add(await invalid(server, host.storage));
  });
  await t.test('A21 a logout also ends what the ticket gave the stream that showed it', async () => {
    const host = await bought();
    const room = fresh('a21');
    const tab = await Client.login(server, { room, name: 'tab', storage: host.storage });
    assertReady(await tab.ask(room));
    await tab.logout();
    assertAdmittedAs(await tab.join(room), 'guest');
  });
  await t.test('A21 after the account was locked, removed, or got another password', async () => {
    const { storage } = await bought();
    const commands = [['lock', 'alice'], ['unlock', 'alice']];
    for (const command of commands) assert.equal((await accountCommand(server, command)).code, 0);
    const room = fresh('a21');
    const client = await Client.login(server, { room, name: 'with an old ticket', storage });
    let asked;
    const deadline = Date.now() + 5000;
    do asked = await client.ask(room, { keep: false });
    while (!asked.sessionInvalid && Date.now() < deadline);
    assert.ok(asked.sessionInvalid, String(asked.reply));
    answers.add(String(asked.reply.getChild('error')));
  });
  await t.test('A21 after a restart', async () => {
    const { storage } = await bought();
    const again = await Server.start({ env: server.env });
    try {
      answers.add(await invalid(again, storage));
    } finally {
      await again.stop();
    }
  });
  assert.equal(answers.size, 1, [...answers].join('\n'));
});

test('S7 a locked account: new logins fail at once, what runs ends within a second', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const room = fresh('lock');
  const host = await logIn(server, room, alice);
  assertReady(await host.ask(room));
  assertAdmittedAs(await host.join(room), 'moderator');
  assert.equal((await accountCommand(server, ['lock', 'alice'])).code, 0);
  const begun = performance.now();
  await assert.rejects(logIn(server, room, alice), /account-disabled/);
  await host.closed;
  assert.ok(performance.now() - begun < 3000, 'the running stream was ended');
  assert.equal((await accountCommand(server, ['unlock', 'alice'])).code, 0);
  await (await logIn(server, room, alice)).close();
});

test('S7 a locked account is host no longer where its holder came back with a ticket', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const room = fresh('lock');
  const host = await logIn(server, room, alice);
  assertReady(await host.ask(room));
  assertAdmittedAs(await host.join(room), 'moderator');
  const again = await host.reload({ storage: host.storage });
  assertReady(await again.ask(room));
  assertAdmittedAs(await again.join(room), 'moderator');
  assert.equal((await accountCommand(server, ['lock', 'alice'])).code, 0);
  await again.expectPresence(room, again.nick, (presence) => !String(presence).includes('affiliation="owner"'), 'what the ticket gave is gone');
});
