// S17 The name in the token counts (access.md 4.10), and A34: what a client may not say about itself in a presence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs } from '../support/claims.mjs';
import { admit, expectInvited, expectKnock, goIn, knock, look, setLobby } from '../support/lobby.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, childrenOf, codes, el, find, itemOf } from '../support/xmpp.mjs';

const FORGED = () => [
  el('identity', {}, el('user', {}, el('id', {}, 'boss'), el('name', {}, 'The Boss')), el('group', {}, 'staff')),
  el('permissions', { xmlns: NS.jitmeet }, el('p', { name: 'recording', val: 'true' })),
  el('email', {}, 'boss@example.org'),
  el('avatar-url', {}, 'https://evil.example/boss.png'),
  el('x', { xmlns: NS.mucUser }, el('item', { affiliation: 'owner', role: 'moderator' }), el('status', { code: '110' }), el('status', { code: '307' })),
  el('conference-properties', {}, el('property', { key: 'bridge-count', value: '9' })),
];
const seenBy = (watcher, room, nick) => watcher.rosters.get(watcher.roomJid(room)).get(nick);
const nickOf = (presence) => childrenOf(presence, 'nick').map((each) => each.getText());

test('S17 the name in the token counts', async (t) => {
  const server = await serve(t);
  const room = fresh('s17');
  const watcher = await hostIn(server, room, 'watcher');

  const assertAda = (presence) => {
    assert.deepEqual(nickOf(presence), ['Ada Lovelace'], String(presence));
    const identity = childrenOf(presence, 'identity');
    assert.equal(identity.length, 1, String(presence));
    assert.equal(find(identity[0], 'name').getText(), 'Ada Lovelace');
    assert.equal(find(identity[0], 'avatar').getText(), 'https://example.org/ada.png');
    assert.ok(!String(presence).includes('ada@example.org'), 'the mail address is told to nobody');
    for (const word of ['boss', 'Boss', 'evil', 'permissions', 'bridge-count']) assert.ok(!String(presence).includes(word), `no ${word} in ${presence}`);
    assert.deepEqual(codes(presence), [], String(presence));
  };

  await t.test('a token holder under another name is seen by the name, avatar and identity of the token', async () => {
    const user = { id: 'ada-1', name: 'Ada Lovelace', email: 'ada@example.org', avatar: 'https://example.org/ada.png' };
    const ada = await holder(server, room, 'part', 'Ada Lovelace', { user });
    await ada.ask(room);
    assertAdmittedAs(await ada.join(room, { name: 'The Boss', children: FORGED() }), 'participant');
    await watcher.barrier();
    assertAda(seenBy(watcher, room, ada.nick));
    const mark = watcher.log.length;
    ada.send(ada.presence(room, { first: false, name: 'Boss again', children: FORGED() }));
    await ada.barrier();
    await watcher.barrier();
    assert.ok(watcher.log.length > mark, 'the update arrives');
    assertAda(seenBy(watcher, room, ada.nick));
    assert.equal(itemOf(seenBy(watcher, room, ada.nick)).role, 'participant');
  });

  await t.test('A34 a guest chooses his name, but has no identity, no permissions and no role of his own making', async () => {
    const gus = await guest(server, room, 'Gus');
    await gus.ask(room);
    assertAdmittedAs(await gus.join(room, { name: 'Gus', children: FORGED() }), 'guest');
    await watcher.barrier();
    const presence = seenBy(watcher, room, gus.nick);
    assert.deepEqual(nickOf(presence), ['Gus']);
    assert.equal(child(presence, 'identity'), undefined, String(presence));
    assert.equal(child(presence, 'permissions'), undefined, String(presence));
    assert.deepEqual(itemOf(presence).role, 'participant');
    assert.equal(childrenOf(presence, 'x').length, 1, 'one <x/>, the server\'s');
  });

  await t.test('S17 the same in the lobby', async () => {
    const other = fresh('s17');
    const host = await hostIn(server, other);
    await setLobby(host, other, true);
    await look(host, other);
    const ada = await holder(server, other, 'part', 'Ada Lovelace', { user: { id: 'ada-1' } });
    await ada.ask(other);
    await ada.join(other, { name: 'The Boss' });
    await ada.join(`${other}@lobby.${server.domain}`, { nick: `L${ada.nick}`, name: 'The Boss', children: FORGED() });
    const knocked = await expectKnock(host, other, ada);
    assert.deepEqual(nickOf(knocked.el), ['Ada Lovelace']);
    assert.equal(child(knocked.el, 'permissions'), undefined, knocked.raw);
    assert.ok(!knocked.raw.includes('The Boss'), knocked.raw);
    admit(host, other, ada);
    await expectInvited(ada, other);
    assertAdmittedAs(await goIn(ada, other, { name: 'The Boss' }), 'participant');
  });

  await t.test('A43 a name that hides or reverses text is cleaned, for guests in the room and in the lobby', async () => {
    const gus = await guestIn(server, room, '\u202eevil\u2066\u0000'.replace('\u0000', '') + '  Gus\u200b');
    await watcher.barrier();
    assert.deepEqual(nickOf(seenBy(watcher, room, gus.nick)), ['evil Gus']);
  });
});
