import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ticket } from './connection/ticket';
import { logIn } from './login';
import { parseXml } from './testing/parse_xml';

const ready = (ticket: string) => `<iq type="result"><conference xmlns="http://jitsi.org/protocol/focus" ready="true" focusjid="focus@auth" identity="alice" ${ticket && `session-id="${ticket}"`}/></iq>`;
const error = (condition: string, name = 'StanzaError', text = '') =>
  Object.assign(new Error(condition), { name, condition, text, element: parseXml(`<error><${condition} xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error>`) });

// A log-in whose connection opens or fails, and whose focus gives the answers in turn.
async function loginWith(opening: Error | null, answers: (string | Error)[], kept: string | null = null) {
  const storage = new Map<string, string>();
  const ticket = new Ticket({ getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value), removeItem: (key) => void storage.delete(key) });
  if (kept !== null) ticket.keep(kept);
  const shown: (string | undefined)[] = [];
  let closed = 0;
  const outcome = await logIn({
    open: () => ({
      open: () => (opening === null ? Promise.resolve() : Promise.reject(opening)),
      request: (_to, _type, payload) => {
        shown.push(payload.attrs['session-id']);
        const answer = answers.shift() ?? '';
        return typeof answer === 'string' ? Promise.resolve(parseXml(answer)) : Promise.reject(answer);
      },
      close: () => Promise.resolve(void ++closed),
    }),
    credentials: { account: 'alice', password: 'pass' }, focus: 'focus', roomJid: 'r@m', ticket,
  });
  assert.equal(closed, 1, 'the second connection is closed in every case');
  return { outcome, ticket, shown };
}

test('S21 the account’s connection brings a ticket', async () => {
  const { outcome, ticket } = await loginWith(null, [ready('t1')]);
  assert.deepEqual(outcome, { kind: 'ticket' });
  assert.equal(ticket.sessionId(), 't1');
});
test('S21 a wrong password is said plainly, and nothing is kept', async () => {
  const { outcome, ticket } = await loginWith(error('not-authorized', 'SASLError'), []);
  assert.deepEqual(outcome, { kind: 'failed', sentence: 'The account name or the password is wrong.' });
  assert.equal(ticket.sessionId(), null);
});
test('S21 being slowed down is said plainly', async () => {
  const { outcome } = await loginWith(error('temporary-auth-failure', 'SASLError', 'Too many attempts.'), []);
  assert.ok(outcome.kind === 'failed' && /too many attempts/i.test(outcome.sentence));
});
test('an account server that cannot be asked is no wrong password', async () => {
  const { outcome } = await loginWith(error('temporary-auth-failure', 'SASLError', 'The directory does not answer'), []);
  assert.ok(outcome.kind === 'failed' && /directory does not answer/.test(outcome.sentence) && !/wrong/.test(outcome.sentence));
});
test('a stale ticket is forgotten and asked without', async () => {
  const { outcome, shown } = await loginWith(null, [error('not-acceptable'), ready('t2')], 'stale');
  assert.deepEqual(outcome, { kind: 'ticket' });
  assert.deepEqual(shown, ['stale', undefined]);
});
test('an account that must wait itself has bought no ticket', async () => {
  const { outcome } = await loginWith(null, [error('not-authorized')], 'old');
  assert.deepEqual(outcome, { kind: 'no-ticket' });
});
test('no network is not the account’s fault', async () => {
  const { outcome } = await loginWith(new Error('refused'), []);
  assert.ok(outcome.kind === 'failed' && /network/.test(outcome.sentence));
});
