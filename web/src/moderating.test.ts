import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Moderating } from './moderating';
import type { Room } from './room/room';
import { parseXml } from './testing/parse_xml';

// A room with Gina in it, whose server gives the answers in turn: a reply, or a text to refuse with.
function moderatingWith(answers: string[], membersOnly = false) {
  const asked: string[] = [];
  const notices: string[] = [];
  const room = {
    jid: 'r@m', domain: 'meet', info: { locked: false, membersOnly, lobby: null },
    occupants: new Map([['g1', { nick: 'g1', jid: 'g1@meet/res' }]]),
    focusAddress: () => 'r@m/focus',
    stream: {
      send: (stanza: object) => asked.push(String(stanza)),
      request: (to: string, type: string, payload: object) => {
        asked.push(`${type} ${to} ${payload}`);
        const answer = answers.shift() ?? '<iq type="result"/>';
        return answer.startsWith('<') ? Promise.resolve(parseXml(answer)) : Promise.reject(Object.assign(new Error(answer), { condition: 'forbidden', text: answer, element: null }));
      },
    },
  } as unknown as Room;
  return { moderating: new Moderating(room, () => 'Gina', (text) => notices.push(text)), asked, notices };
}

test('a kick names the nick, a bar, a grant and a revocation the person', async () => {
  const { moderating, asked, notices } = moderatingWith([]);
  await moderating.kick('g1', 'Too loud');
  await moderating.bar('g1', '');
  await moderating.grant('g1');
  await moderating.revoke('g1');
  assert.match(asked[0] ?? '', /^set r@m .*<item nick="g1" role="none"><reason>Too loud<\/reason>/);
  assert.match(asked[1] ?? '', /<item affiliation="outcast" jid="g1@meet"\/>/);
  assert.match(asked[2] ?? '', /<item affiliation="owner" jid="g1@meet"\/>/);
  assert.match(asked[3] ?? '', /<item affiliation="none" jid="g1@meet"\/>/);
  assert.deepEqual(notices, []);
});
test('in a members-only room whom moderation is taken from stays a member', async () => {
  const { moderating, asked } = moderatingWith([], true);
  await moderating.revoke('g1');
  assert.match(asked[0] ?? '', /affiliation="member"/);
});
test('the server’s no becomes a notice with its reason, and its silence one without', async () => {
  const { moderating, notices } = moderatingWith(['This cannot be done to a host of the meeting']);
  await moderating.kick('g1', '');
  assert.deepEqual(notices, ['Gina could not be removed: This cannot be done to a host of the meeting.']);
});
test('whoever is gone already is asked nothing about', async () => {
  const { moderating, asked } = moderatingWith([]);
  await moderating.grant('nobody');
  assert.deepEqual(asked, []);
});
test('a link is read from the answer; a refusal is its sentence; nonsense is no link', async () => {
  const invitation = '<iq type="result"><invitation xmlns="https://conclave.invalid/protocol/invitation" token="a.b.c" name="Gina" role="participant" expires="2026-11-25T10:00:00Z"/></iq>';
  const { moderating } = moderatingWith([invitation, 'A guest may not do this (admit).', '<iq type="result"/>']);
  const wish = { name: 'Gina', role: 'participant', seconds: 60 } as const;
  const made = await moderating.invite(wish);
  assert.ok(typeof made !== 'string' && made.token === 'a.b.c');
  assert.equal(await moderating.invite(wish), 'No link could be made: A guest may not do this (admit).');
  assert.match(String(await moderating.invite(wish)), /no link/);
});
test('a change that is refused is told where it was made, not as a notice', async () => {
  const { moderating, notices } = moderatingWith(['This server has no lobbies.', '<iq type="result"/>']);
  const now = { locked: false, lobby: false, accountsOnly: false, capacity: 'none', mayShareScreen: null, mayRecord: null } as const;
  assert.equal(await moderating.change({ kind: 'lobby', on: true }, now), 'This could not be changed: This server has no lobbies.');
  assert.equal(await moderating.change({ kind: 'accounts-only', on: true }, now), null);
  assert.deepEqual(notices, []);
});
