import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Stream } from './connection/stream';
import { Ticket } from './connection/ticket';
import { Entrance } from './entrance';
import type { Room } from './room/room';
import { parseXml } from './testing/parse_xml';

Object.assign(globalThis, { window: globalThis });

const ready = '<iq type="result"><conference xmlns="http://jitsi.org/protocol/focus" ready="true" focusjid="focus@auth" session-id="t2"/></iq>';
const refusal = (condition: string) => ({ condition, text: '', element: parseXml(`<error><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`) });

// An entrance whose server gives the answers in turn: a reply, or a condition to fail with.
function entranceWith(answers: string[]) {
  const seen: string[] = [];
  const asked: string[] = [];
  const kept = new Map<string, string>();
  const ticket = new Ticket({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) });
  ticket.keep('t1');
  const stream = {
    request: (_to: string, _type: string, payload: { attrs: Record<string, string> }) => {
      asked.push(payload.attrs['session-id'] ?? 'none');
      const answer = answers.shift() ?? '';
      return answer.startsWith('<') ? Promise.resolve(parseXml(answer)) : Promise.reject(refusal(answer));
    },
    send: () => {},
  } as unknown as Stream;
  const entrance: Entrance = new Entrance(
    { stream, ticket, focus: 'focus', roomJid: 'r@m', nick: 'n', token: null, own: () => ({ name: '', statsId: '', capsVersion: '', codecs: [], sources: {} }) },
    {
      makeRoom: (focusJid) => ({ join: (_own: unknown, password: string | null) => seen.push(`join ${focusJid} ${password}`) }) as unknown as Room,
      onWaiting: () => seen.push('waiting'),
      onPasswordWanted: (wrong) => seen.push(`password ${wrong}`),
      onNameWanted: () => seen.push('name'),
      onRefused: (sentence) => seen.push(sentence),
    },
  );
  return { entrance, seen, asked, ticket };
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
  assert.deepEqual(seen, ['join focus@auth null', 'password false', 'join focus@auth s3cret', 'password true']);
});
