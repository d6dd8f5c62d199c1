import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Stream } from './connection/stream';
import { Ticket } from './connection/ticket';
import { Entrance } from './entrance';
import type { Room } from './room/room';
import { parseXml } from './testing/parse_xml';

Object.assign(globalThis, { window: globalThis });

const ready = '<iq type="result"><conference xmlns="http://jitsi.org/protocol/focus" ready="true" focusjid="focus@auth" session-id="t2"/></iq>';
const refusal = (condition: string, text = '') => ({ condition, text, element: parseXml(`<error><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`) });

// An entrance whose server gives the answers in turn: a reply, or a condition to fail with, with its text behind a colon.
function entranceWith(answers: string[]) {
  const seen: string[] = [];
  const sent: string[] = [];
  const asked: string[] = [];
  const kept = new Map<string, string>();
  const ticket = new Ticket({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) });
  ticket.keep('t1');
  const stream = {
    request: (_to: string, _type: string, payload: { attrs: Record<string, string> }) => {
      asked.push(payload.attrs['session-id'] ?? 'none');
      const answer = answers.shift() ?? '';
      return answer.startsWith('<') ? Promise.resolve(parseXml(answer)) : Promise.reject(refusal(...(answer.split(': ') as [string, string?])));
    },
    send: (stanza: object) => sent.push(String(stanza)),
  } as unknown as Stream;
  const entrance: Entrance = new Entrance(
    { stream, ticket, focus: 'focus', roomJid: 'r@m', nick: 'n', token: null, own: () => ({ name: '', statsId: '', capsVersion: '', codecs: [], sources: {} }) },
    {
      makeRoom: (focusJid) => ({ join: (_own: unknown, password: string | null) => seen.push(`join ${focusJid} ${password}`) }) as unknown as Room,
      onIdentity: (identity) => identity !== null && seen.push(`is ${identity}`),
      onWaiting: (sentence) => seen.push(sentence.startsWith('The meeting has not started yet') ? 'waiting' : sentence),
      onKnocking: (sentence) => seen.push(`knocking: ${sentence}`),
      onLobbyMessage: () => seen.push('lobby message'),
      onPasswordWanted: (problem) => seen.push(`password ${problem}`),
      onNameWanted: () => seen.push('name'),
      onRefused: (sentence, loginHelps) => seen.push(loginHelps ? `${sentence} (log in)` : sentence),
    },
  );
  return { entrance, seen, sent, asked, ticket };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('somebody who waits for the host is asked for every two seconds, and then joins', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, seen } = entranceWith(['not-authorized', 'not-authorized', ready]);
  await entrance.enter();
  assert.deepEqual(seen, ['waiting']);
  mock.timers.tick(1_999);
  await turn();
  assert.deepEqual(seen, ['waiting']);
  mock.timers.tick(1);
  await turn();
  mock.timers.tick(2_000);
  await turn();
  assert.deepEqual(seen, ['waiting', 'waiting', 'join focus@auth null']);
  entrance.stop();
  mock.timers.reset();
});
test('a refused ticket is dropped and asked without, and the new one is kept', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, seen, asked, ticket } = entranceWith(['not-acceptable', ready]);
  await entrance.enter();
  mock.timers.tick(0);
  await turn();
  assert.deepEqual(asked, ['t1', 'none']);
  assert.deepEqual(seen, ['join focus@auth null']);
  assert.equal(ticket.sessionId(), 't2');
  entrance.stop();
  mock.timers.reset();
});
test('somebody who stops waiting is not asked for again', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, asked } = entranceWith(['not-authorized', ready]);
  await entrance.enter();
  entrance.stop();
  mock.timers.tick(60_000);
  await turn();
  assert.equal(asked.length, 1);
  mock.timers.reset();
});
test('a password is asked for, used, and reported if it was wrong', async () => {
  const { entrance, seen } = entranceWith([ready, ready]);
  await entrance.enter();
  entrance.takeJoinError({ kind: 'password' });
  entrance.usePassword('s3cret');
  await turn();
  entrance.takeJoinError({ kind: 'password' });
  entrance.stop();
  assert.deepEqual(seen.slice(0, 3), ['join focus@auth null', 'password ', 'join focus@auth s3cret']);
  assert.match(seen[3] ?? '', /not the password/);
});
test('too many passwords are said at the prompt, which stays', async () => {
  const { entrance, seen } = entranceWith([ready, ready]);
  await entrance.enter();
  entrance.usePassword('guess');
  await turn();
  entrance.takeJoinError({ kind: 'slowed', sentence: 'Too many.' });
  entrance.stop();
  assert.equal(seen.at(-1), 'password Too many.');
});
test('who waits reads the server’s own reason', async () => {
  const { entrance, seen } = entranceWith(['not-authorized: The host has left']);
  await entrance.enter();
  entrance.stop();
  assert.match(seen[0] ?? '', /^The host has left\. /);
});
test('S21 after a log-in it asks again at once, with the new ticket', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, asked, ticket, seen } = entranceWith(['not-authorized', ready.replace('session-id="t2"', 'session-id="t2" identity="alice"')]);
  await entrance.enter();
  ticket.keep('of alice');
  entrance.askAnew();
  mock.timers.tick(0);
  await turn();
  entrance.stop();
  assert.deepEqual(asked, ['t1', 'of alice']);
  assert.deepEqual(seen, ['waiting', 'is alice', 'join focus@auth null']);
  mock.timers.reset();
});

const lobbyError = { kind: 'lobby', lobby: 'r@lobby', waitingForHost: false, sentence: '' } as const;

test('S14 who knocks says so once, is let in, and leaves the lobby', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, seen, sent } = entranceWith([ready, ready]);
  await entrance.enter();
  entrance.takeJoinError(lobbyError);
  entrance.takeJoinError(lobbyError);
  assert.equal(sent.filter((text) => text.includes('to="r@lobby/n"')).length, 1);
  entrance.take(parseXml('<message from="r@m"><x xmlns="http://jabber.org/protocol/muc#user"><invite from="mo"/></x></message>'));
  mock.timers.tick(0);
  await turn();
  entrance.stop();
  assert.match(sent.at(-1) ?? '', /type="unavailable" to="r@lobby\/n"/);
  assert.deepEqual(seen.map((text) => text.split(':')[0]), ['join focus@auth null', 'knocking', 'knocking', 'join focus@auth null']);
  mock.timers.reset();
});
test('S14 who is turned away hears it, and does not ask again', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, seen, asked } = entranceWith([ready, ready]);
  await entrance.enter();
  entrance.takeJoinError(lobbyError);
  entrance.take(parseXml('<presence type="unavailable" from="r@lobby/n"><x xmlns="http://jabber.org/protocol/muc#user"><item role="none"/><status code="307"/></x></presence>'));
  mock.timers.tick(60_000);
  await turn();
  assert.equal(seen.at(-1), 'A moderator did not let you in.');
  assert.equal(asked.length, 1);
  mock.timers.reset();
});
test('S4 who waits for the host in a lobby asks again by himself', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { entrance, seen, asked } = entranceWith([ready, ready]);
  await entrance.enter();
  entrance.takeJoinError({ ...lobbyError, waitingForHost: true, sentence: 'You come in when a host arrives.' });
  assert.match(seen.at(-1) ?? '', /^You come in when a host arrives\./);
  mock.timers.tick(4_000);
  await turn();
  entrance.stop();
  assert.equal(asked.length, 2);
  mock.timers.reset();
});
test('where an account would help, that is said', async () => {
  const { entrance, seen } = entranceWith([ready]);
  await entrance.enter();
  entrance.takeJoinError({ kind: 'refused', sentence: 'Accounts only.', ticketAtFault: false, loginHelps: true });
  assert.equal(seen.at(-1), 'Accounts only. (log in)');
});
