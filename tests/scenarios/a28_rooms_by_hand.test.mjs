// Attacks A28 and A29 of access.md part 5: rooms made by hand, and breakout addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNotStarted, assertSentToLobby } from '../support/claims.mjs';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, el, errorOf, isPresence } from '../support/xmpp.mjs';

test('A28 no room comes into being by hand', async (t) => {
  const server = await serve(t);
  const { domain } = server;

  await t.test('A28 a presence straight to an absent room, without a request, waits and starts nothing', async () => {
    const room = fresh('a28');
    const client = await guest(server, room);
    assertSentToLobby(await client.join(room), client.name);
    await assertNotStarted(server, room);
  });

  await t.test('A28 owner and admin queries to an absent room are refused and create nothing', async () => {
    const room = fresh('a28');
    const client = await guest(server, room);
    for (const query of [
      el('query', { xmlns: NS.mucOwner }, el('x', { xmlns: NS.form, type: 'submit' })),
      el('query', { xmlns: NS.mucOwner }, el('destroy')),
      el('query', { xmlns: NS.mucAdmin }, el('item', { affiliation: 'owner', jid: client.jid })),
    ]) {
      const answer = await client.iq('set', client.roomJid(room), query);
      assert.equal(errorOf(answer)?.condition, 'forbidden', String(answer));
    }
    await assertNotStarted(server, room);
  });

  await t.test('A28 a lobby, breakout or internal room made by hand: nothing is there, nobody is inside', async () => {
    const client = await guest(server, fresh('a28'));
    const room = fresh('a28');
    for (const host of [`lobby.${domain}`, `breakout.${domain}`, `internal-muc.${domain}`, `conference.elsewhere.example`]) {
      const address = `${room}@${host}/${client.nick}`;
      client.send(el('presence', { xmlns: 'jabber:client', to: address }, el('x', { xmlns: NS.muc }), el('nick', { xmlns: NS.nick }, 'N')));
      await client.barrier();
      const owners = client.log.filter((frame) => isPresence(frame) && frame.el.attrs.from === address && child(child(frame.el, 'x', NS.mucUser), 'item')?.attrs.affiliation === 'owner');
      assert.deepEqual(owners.map((frame) => frame.raw), [], `nobody owns ${address}`);
    }
    await assertNotStarted(server, room);
    const answer = await client.iq('set', `${room}@lobby.${domain}`, el('query', { xmlns: NS.mucOwner }, el('x', { xmlns: NS.form, type: 'submit' })));
    assert.equal(answer.attrs.type, 'error', String(answer));
  });

  await t.test('A29 a breakout address at focus is no room, with or without the main room behind it', async () => {
    const main = fresh('a29');
    await hostIn(server, main);
    const client = await guest(server, main);
    for (const address of [`${main}@breakout.${domain}`, `${fresh()}@breakout.${domain}`]) {
      const asked = await client.ask(address);
      assert.ok(!asked.ready, `${address}: ${asked.reply}`);
    }
  });

  await t.test('A29 "coming back from a breakout room" with a forged one opens nothing', async () => {
    const main = fresh('a29');
    const client = await guest(server, main);
    await client.ask(main);
    const joined = await client.join(main, { children: [el('breakout_room', { xmlns: NS.jitmeet }, `${fresh()}@breakout.${domain}`)] });
    assertSentToLobby(joined, client.name);
    await assertNotStarted(server, main);
  });
});
