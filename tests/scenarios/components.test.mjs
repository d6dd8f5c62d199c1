// The services beside the rooms, as stock clients use them (signalling.md 6.2, 6.6, 6.8, 6.11 and 7).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { child, childrenOf, codes, el, errorOf, isIq, isMessage, isPresence } from '../support/xmpp.mjs';

const JITMEET = 'http://jitsi.org/jitmeet';

const toComponent = (client, host, payload, attrs = {}) => client.send(el('message', { to: `${host}.${client.server.domain}`, ...attrs }, payload));
const json = (value) => el('json-message', { xmlns: JITMEET }, JSON.stringify(value));
const jsonOf = (frame) => JSON.parse(child(frame.el, 'json-message').getText());

/** Messages of a component to this client, as JSON. Their sender has to be the address that disco names, to the letter. */
const isFrom = (client, host) => (frame) =>
  isMessage(frame) && frame.el.attrs.from === `${host}.${client.server.domain}` && !frame.el.attrs.type && child(frame.el, 'json-message');
const told = (client, host) => client.log.filter(isFrom(client, host)).map(jsonOf);
const expectTold = async (client, host, fits, what) => jsonOf(await client.expect((frame) => isFrom(client, host)(frame) && fits(jsonOf(frame)), what));

test('components', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_LOOPS: '2' } });

  await t.test('the domain names each by its address', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    const query = child(await host.disco(), 'query');
    const named = new Map(
      childrenOf(query, 'identity')
        .filter((identity) => identity.attrs.category === 'component')
        .map((identity) => [identity.attrs.type, identity.attrs.name]),
    );
    for (const [type, label] of [['av_moderation', 'avmoderation'], ['polls', 'polls'], ['speakerstats', 'speakerstats'], ['room_metadata', 'metadata']]) {
      assert.equal(named.get(type), `${label}.${server.domain}`);
    }
  });

  await t.test('metadata comes before one’s own presence, and whole to all when a moderator changes it', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    const guest = await guestIn(server, room);
    const own = guest.log.findIndex((frame) => isPresence(frame) && codes(frame.el).includes('110'));
    const first = guest.log.findIndex(isFrom(guest, 'metadata'));
    assert.ok(first >= 0 && first < own, 'metadata before the self-presence');
    assert.equal(child(guest.log[first].el, 'json-message').attrs.room, guest.roomJid(room));

    const set = (client, key, data) =>
      toComponent(client, 'metadata', el('room_metadata', { xmlns: JITMEET, room: client.roomJid(room) }, JSON.stringify({ key, data, type: 'room_metadata' })));
    set(guest, 'whiteboard', { by: 'a guest' });
    await guest.barrier();
    set(host, 'whiteboard', { by: 'the host' });
    set(host, 'permissions', { groupChatRestricted: true });
    const { metadata } = await expectTold(guest, 'metadata', ({ metadata: all }) => all.permissions, 'the permissions');
    assert.deepEqual(metadata, { whiteboard: { by: 'the host' }, permissions: { groupChatRestricted: true } });
    guest.groupchat(room, 'may I?');
    const refused = await guest.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'error', 'a refusal');
    assert.equal(errorOf(refused.el).condition, 'not-allowed');
    host.groupchat(room, 'I may');
    await guest.expectBody('I may');
  });

  await t.test('AV moderation: switched on, who is not approved cannot unmute, who is approved can', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    const guest = await guestIn(server, room);
    toComponent(guest, 'avmoderation', el('av_moderation', { enable: 'true', mediaType: 'audio' }));
    await guest.barrier();
    toComponent(host, 'avmoderation', el('av_moderation', { enable: 'true', mediaType: 'audio' }));
    const on = await expectTold(guest, 'avmoderation', (said) => 'enabled' in said, 'that moderation is on');
    assert.deepEqual(on, { type: 'av_moderation', enabled: true, room: guest.roomJid(room), actor: `${guest.roomJid(room)}/${host.nick}`, mediaType: 'audio' });
    await guest.expect((frame) => isIq(frame) && child(frame.el, 'mute')?.getText() === 'true', 'the order to mute');
    assert.equal(errorOf(await guest.mute(room, guest.nick, 'audio', 'false')).condition, 'not-allowed');

    toComponent(host, 'avmoderation', el('av_moderation', { jidToWhitelist: `${host.roomJid(room)}/${guest.nick}`, mediaType: 'audio' }));
    await expectTold(guest, 'avmoderation', (said) => said.approved === true, 'the approval');
    assert.equal((await guest.mute(room, guest.nick, 'audio', 'false')).attrs.type, 'result');
    const { metadata } = told(guest, 'metadata').at(-1);
    assert.equal(metadata.startMuted.audio, true);
    assert.equal(told(guest, 'avmoderation').filter((said) => said.whitelists).length, 0, 'the lists are for moderators');
  });

  await t.test('polls: asked, answered, and shown to those who come later', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    const guest = await guestIn(server, room);
    toComponent(host, 'polls', json({ type: 'polls', command: 'new-poll', pollId: 'p1', question: 'Tea?', answers: [{ name: 'yes' }, { name: 'no' }] }), { type: 'chat' });
    const asked = await expectTold(guest, 'polls', (said) => said.command === 'new-poll', 'the poll');
    assert.equal(asked.senderId, host.nick);
    await expectTold(host, 'polls', (said) => said.command === 'new-poll', 'his own poll');
    toComponent(guest, 'polls', json({ type: 'polls', command: 'answer-poll', pollId: 'p1', answers: [true, false] }), { type: 'chat' });
    await expectTold(host, 'polls', (said) => said.command === 'answer-poll', 'the vote');
    const late = await guestIn(server, room, 'late');
    const old = await expectTold(late, 'polls', (said) => said.command === 'old-polls', 'the polls');
    assert.deepEqual(old.polls[0].answers[0].voters.map(({ id }) => id), [guest.nick]);
  });

  await t.test('speaker statistics go to who joins', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    toComponent(host, 'speakerstats', el('speakerstats', { xmlns: JITMEET, room: host.roomJid(room), silence: 'false' }));
    await host.barrier();
    const late = await guestIn(server, room, 'late');
    const { users } = await expectTold(late, 'speakerstats', () => true, 'the statistics');
    assert.deepEqual(Object.keys(users), [host.nick]);
  });

  await t.test('who is not inside, or names another room, is not heard', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    const elsewhere = await hostIn(server, fresh('parts'), 'stranger');
    const said = el('room_metadata', { xmlns: JITMEET, room: elsewhere.roomJid(room) }, JSON.stringify({ key: 'k', data: 1, type: 'room_metadata' }));
    toComponent(elsewhere, 'metadata', said);
    await elsewhere.barrier();
    await host.barrier();
    assert.ok(told(host, 'metadata').every(({ metadata }) => !('k' in metadata)));
  });

  await t.test('what is malformed disturbs nobody', async () => {
    const room = fresh('parts');
    const host = await hostIn(server, room);
    const guest = await guestIn(server, room);
    await host.barrier();
    const mark = guest.log.length;
    for (const address of ['avmoderation', 'polls', 'speakerstats', 'metadata']) {
      // One each: messages of a session have a rate.
      const sender = await hostIn(server, room, `sender to ${address}`);
      for (const payload of [
        el('json-message', { xmlns: JITMEET }, '{"type":'),
        el('json-message', { xmlns: JITMEET }, '[[[[]]]]'),
        el('json-message', { xmlns: JITMEET }, '{"type":"polls","command":"new-poll","pollId":{},"answers":{}}'),
        el('room_metadata', { xmlns: JITMEET, room: '@' }, 'x'),
        el('av_moderation', { enable: 'perhaps', mediaType: 'taste' }),
        el('faceLandmarks', { xmlns: JITMEET, timestamp: '-1' }),
        el('body', {}, 'hello'),
      ]) {
        toComponent(sender, address, payload);
      }
      await sender.barrier();
    }
    host.groupchat(room, 'still here');
    await guest.expectBody('still here');
    assert.deepEqual(guest.log.slice(mark).filter((frame) => isMessage(frame) && frame.el.attrs.type !== 'groupchat').map((frame) => frame.raw), []);
  });
});

test('a shared document is named where there is an Etherpad server', async (t) => {
  const server = await serve(t, { env: { ETHERPAD_PUBLIC_URL: 'https://pad.example/p/' } });
  const room = fresh('pad');
  const host = await hostIn(server, room);
  const focus = host.rosters.get(host.roomJid(room)).get('focus');
  assert.match(child(focus, 'etherpad', 'http://jitsi.org/jitmeet/etherpad').getText(), new RegExp(`^${room}_[0-9a-f-]{36}$`));
});
