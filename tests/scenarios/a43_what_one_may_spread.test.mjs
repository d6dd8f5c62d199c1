// A43, A5, A53: what one person inside may spread to all others, and leave behind for those who come later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guestIn, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { child, el, isMessage } from '../support/xmpp.mjs';

const JITMEET = 'http://jitsi.org/jitmeet';
const poll = (client, text) =>
  client.send(el('message', { to: `polls.${client.server.domain}`, type: 'chat' }, el('json-message', { xmlns: JITMEET }, text)));

test('A43 one guest’s polls keep no newcomer out', { timeout: 60_000 }, async (t) => {
  const server = await serve(t);
  const room = fresh('polls');
  const host = await hostIn(server, room);
  const eve = await guestIn(server, room, '"'.repeat(160));
  const answers = (choices, each) => Array(choices).fill(each);
  for (const choices of [180, 20]) {
    for (let i = 0; i < 10; i++) {
      const pollId = `${choices}-${i}`;
      poll(eve, JSON.stringify({ type: 'polls', command: 'new-poll', pollId, question: '?', answers: answers(choices, choices > 20 ? '' : 'x') }));
      poll(eve, JSON.stringify({ type: 'polls', command: 'answer-poll', pollId, answers: answers(choices, true) }));
    }
  }
  eve.groupchat(room, 'that was all');
  await host.expect((frame) => frame.raw.includes('that was all'), 'what she said last', 30_000);
  const late = await guestIn(server, room, 'late');
  await late.barrier();
  const old = late.log.filter((frame) => isMessage(frame) && frame.raw.includes('old-polls'));
  assert.equal(old.length, 1);
  assert.ok(old[0].raw.length < 129 * 1024, `a newcomer is sent ${old[0].raw.length} bytes of polls in one stanza`);
  const { polls } = JSON.parse(child(old[0].el, 'json-message').getText());
  assert.ok(polls.length > 0 && polls.every((one) => one.answers.length === 20), 'polls of few choices are taken, the others are not');
});

test('A43 a burst of large presences throws nobody out', { timeout: 60_000 }, async (t) => {
  const server = await serve(t);
  const room = fresh('big');
  const host = await hostIn(server, room);
  const guests = [];
  for (let i = 0; i < 20; i++) guests.push(await guestIn(server, room, `g${i}`));
  // Six bytes each as they are written: 30 KB, 8 times at once by the rate of presences, from all 4.8 MB. The last is a usual one.
  const large = (guest) => guest.presence(room, { first: false, children: [el('stats-id', {}, '"'.repeat(5_000))] });
  for (let i = 0; i < 7; i++) for (const guest of guests) guest.send(large(guest));
  for (const guest of guests) guest.send(guest.presence(room, { first: false, children: [el('stats-id', {}, 'usual')] }));
  for (const { nick } of guests) await host.expectPresence(room, nick, (presence) => String(presence).includes('usual'), 'the usual one', 30_000);
  await host.barrier();
});

test('A53 what JSON can say and XML cannot is not written', async (t) => {
  const server = await serve(t);
  const room = fresh('fffe');
  const host = await hostIn(server, room);
  const guest = await guestIn(server, room);
  await participantIn(server, room, 'Eve', { user: { name: 'Eve \ufffe' } });
  poll(guest, '{"type":"polls","command":"new-poll","pollId":"p","question":"a\\ufffeb","answers":["x","y"]}');
  poll(guest, '{"type":"polls","command":"new-poll","pollId":"q","question":"fine","answers":["x","y"]}');
  await guest.barrier();
  const late = await guestIn(server, room, 'late');
  for (const client of [host, late]) {
    await client.expect((frame) => frame.raw.includes('fine'), 'the other poll');
    for (const { raw } of client.log) assert.doesNotMatch(raw, /[\ufffe\uffff]/);
  }
});

for (const who of ['guest', 'host']) {
  test(`A5 deeply nested JSON of a ${who} disturbs nobody`, async (t) => {
    const server = await serve(t);
    const room = fresh('deep');
    const people = { host: await hostIn(server, room), guest: await guestIn(server, room) };
    const text = `{"key":"a","data":${'['.repeat(16_000)}${']'.repeat(16_000)}}`;
    people[who].send(el('message', { to: `metadata.${server.domain}` }, el('room_metadata', { xmlns: JITMEET, room: people[who].roomJid(room) }, text)));
    await people[who].barrier();
    await people.host.barrier();
  });
}
