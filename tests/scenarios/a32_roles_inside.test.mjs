// Attacks A32, A33, A35 and A36 of access.md part 5: roles inside a meeting. A34 is with S17.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertForbidden, assertResult, rolesSeenBy } from '../support/claims.mjs';
import { configure, setPassword } from '../support/lobby.mjs';
import { fresh, guestIn, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, childrenOf, el, find, isMessage, itemOf } from '../support/xmpp.mjs';

const bare = (jid) => jid.split('/')[0];
const items = (client, room, to, ...list) =>
  client.iq('set', to ?? client.roomJid(room), el('query', { xmlns: NS.mucAdmin }, list.map((attrs) => el('item', attrs))));
const becomes = (client, room, nick, role) => client.expectPresence(room, nick, (presence) => itemOf(presence)?.role === role, role);

test('A32 affiliations are changed by moderators only, and each request whole or not at all', async (t) => {
  const server = await serve(t);
  const room = fresh('a32');
  const host = await hostIn(server, room);
  const moderator = await participantIn(server, room, 'moderator');
  const guest = await guestIn(server, room, 'guest');
  const part = await participantIn(server, room, 'part');
  assertResult(await host.grant(room, moderator.jid), 'grant');
  await becomes(host, room, moderator.nick, 'moderator');
  const before = async () => {
    await host.barrier();
    return rolesSeenBy(host, room);
  };
  const roles = await before();

  for (const [actor, name] of [[guest, 'a guest'], [part, 'a participant']]) {
    await t.test(`A32 ${name}: to himself, to another, through the lobby and a breakout room, with a forged sender`, async () => {
      const up = { affiliation: 'owner', jid: bare(actor.jid) };
      assertForbidden(await items(actor, room, undefined, up), 'to himself');
      assertForbidden(await items(actor, room, undefined, { affiliation: 'member', jid: bare(actor.jid) }, up), 'member and owner');
      for (const host_ of ['lobby', 'breakout']) {
        const answer = await items(actor, room, `${room}@${host_}.${server.domain}`, up);
        assert.equal(answer.attrs.type, 'error', String(answer));
      }
      const forged = el('iq', { xmlns: 'jabber:client', type: 'set', id: 'forged', to: actor.roomJid(room), from: host.jid }, el('query', { xmlns: NS.mucAdmin }, el('item', up)));
      actor.send(forged);
      await actor.barrier().catch(() => {});
      assert.deepEqual(await before(), roles, 'nothing changed');
    });
  }

  await t.test('A32 several items, one of them not allowed: none is done', async () => {
    const answer = await items(moderator, room, undefined, { affiliation: 'owner', jid: bare(part.jid) }, { affiliation: 'none', jid: bare(host.jid) });
    assertForbidden(answer, 'a grant and the host\'s demotion');
    assert.deepEqual(await before(), roles);
  });
});

test('A33 the owner form: moderators only, known fields only, no secret in it', async (t) => {
  const server = await serve(t);
  const room = fresh('a33');
  const host = await hostIn(server, room);
  const part = await participantIn(server, room, 'part');
  const form = () => host.iq('get', host.roomJid(room), el('query', { xmlns: NS.mucOwner }));
  const infoOf = async () => {
    const info = await host.disco(host.roomJid(room));
    return Object.fromEntries([...childrenOf(find(info, 'x'), 'field')].map((field) => [field.attrs.var, find(field, 'value')?.getText()]));
  };
  const before = await infoOf();

  await t.test('A33 a participant neither reads nor writes it', async () => {
    assertForbidden(await part.iq('get', part.roomJid(room), el('query', { xmlns: NS.mucOwner })), 'reading');
    assertForbidden(await configure(part, room, { 'muc#roomconfig_roomsecret': 'x' }), 'writing');
  });

  await t.test('A33 a moderator\'s hidden and unknown fields change nothing', async () => {
    const answer = await configure(host, room, {
      'muc#roominfo_meetingId': 'forged',
      'muc#roomconfig_moderatedroom': '1',
      'muc#roomconfig_persistentroom': '1',
      'muc#roomconfig_whois': 'moderators',
      'muc#roomconfig_presencebroadcast': 'none',
      'muc#roominfo_isbreakout': '1',
      '{jitsi}x': 'y',
    });
    assertResult(answer, 'unknown fields are passed over');
    assert.deepEqual(await infoOf(), before);
  });

  await t.test('A33 A45 the secret is in no form, disco or presence, for nobody', async () => {
    assertResult(await setPassword(host, room, 'pa55word-canary-a45'), 'password');
    const answer = await form();
    assertResult(answer, 'the form');
    await host.disco(host.roomJid(room));
    await part.barrier();
    for (const client of [host, part]) assert.ok(!client.seen((frame) => frame.raw.includes('pa55word-canary-a45')), client.name);
    assert.ok(!server.output.includes('pa55word-canary-a45'), 'nor in the log');
  });
});

test('A35 the sender of a message is set by the server', async (t) => {
  const server = await serve(t);
  const room = fresh('a35');
  const host = await hostIn(server, room);
  const liar = await guestIn(server, room, 'liar');
  liar.send(
    el(
      'message',
      { xmlns: 'jabber:client', type: 'groupchat', to: liar.roomJid(room), from: `${host.roomJid(room)}/${host.nick}` },
      el('body', {}, 'I am the host'),
      el('nick', { xmlns: NS.nick }, 'host'),
      el('display-name', { xmlns: 'http://jitsi.org/protocol/display-name', source: 'token' }, 'host'),
    ),
  );
  await liar.barrier().catch(() => {});
  await host.barrier();
  for (const frame of host.log.filter((each) => isMessage(each) && each.raw.includes('I am the host'))) {
    assert.equal(frame.el.attrs.from, `${host.roomJid(room)}/${liar.nick}`, frame.raw);
    assert.ok(!frame.raw.includes('display-name') && !find(frame.el, 'nick'), frame.raw);
  }
});

test('A36 moderators against hosts, and against each other', async (t) => {
  const server = await serve(t);

  await t.test('A36 mute, kick, grant and revoke by a moderator against a host: refused', async () => {
    const room = fresh('a36');
    const host = await hostIn(server, room);
    const moderator = await participantIn(server, room, 'moderator');
    assertResult(await host.grant(room, moderator.jid), 'grant');
    await becomes(moderator, room, moderator.nick, 'moderator');
    assertForbidden(await moderator.kick(room, host.nick), 'kick');
    assertForbidden(await moderator.grant(room, host.jid, 'none'), 'revoke');
    assertForbidden(await moderator.mute(room, host.nick), 'mute');
    await host.barrier();
    assert.equal(host.role(room, host.nick), 'moderator');
  });

  await t.test('A36 the last host demotes himself: nobody else becomes host, and on return he is it again', async () => {
    const room = fresh('a36');
    const host = await hostIn(server, room);
    const part = await participantIn(server, room, 'part');
    assertResult(await host.grant(room, host.jid, 'none'), 'stepping down');
    await becomes(host, room, host.nick, 'participant');
    await part.barrier();
    assert.equal(part.role(room, part.nick), 'participant');
    assertForbidden(await host.kick(room, part.nick), 'a kick by him now');
    const back = await host.reload({ token: host.options.token });
    await back.enter(room);
    assert.equal(back.role(room, back.nick), 'moderator');
  });

  await t.test('A36 two moderators demote each other at once: exactly one is left, and everybody sees the same', async () => {
    for (let round = 0; round < 5; round++) {
      const room = fresh('a36');
      const host = await hostIn(server, room);
      const pair = [await participantIn(server, room, 'one'), await participantIn(server, room, 'two')];
      for (const each of pair) {
        assertResult(await host.grant(room, each.jid), 'grant');
        await becomes(host, room, each.nick, 'moderator');
      }
      const answers = await Promise.all([pair[0].grant(room, pair[1].jid, 'none'), pair[1].grant(room, pair[0].jid, 'none')]);
      assert.deepEqual(answers.map((answer) => answer.attrs.type).sort(), ['error', 'result'], answers.map(String).join('\n'));
      for (const client of [host, ...pair]) await client.barrier();
      const left = pair.filter((each) => host.role(room, each.nick) === 'moderator');
      assert.equal(left.length, 1);
      for (const client of pair) assert.deepEqual(rolesSeenBy(client, room), rolesSeenBy(host, room));
    }
  });
});
