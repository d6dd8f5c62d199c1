import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Account } from './account';
import { Ticket } from './connection/ticket';
import type { LoginOutcome } from './login';

function accountWith(outcomes: LoginOutcome[], elsewhere: string | null = null, leave: string | null = null) {
  const storage = new Map<string, string>();
  const ticket = new Ticket({ getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value), removeItem: (key) => void storage.delete(key) });
  const seen: string[] = [];
  const account = new Account(ticket, leave === null ? null : { address: '/in', leave, name: '' }, {
    logIn: ({ account: name }) => {
      seen.push(`log in ${name}`);
      return Promise.resolve(outcomes.shift() ?? { kind: 'failed', sentence: 'nothing left' });
    },
    logOut: (sessionId) => {
      seen.push(`log out ${sessionId}`);
      return Promise.resolve(elsewhere);
    },
    onLoggedIn: (_, outcome) => seen.push(outcome),
    onLoggedOut: (where) => seen.push(`out ${where}`),
    onChanged: () => {},
  });
  return { account, ticket, seen, storage };
}

test('a wrong password keeps the form open with its sentence; the right one closes it', async () => {
  const { account, seen } = accountWith([{ kind: 'failed', sentence: 'Wrong.' }, { kind: 'ticket' }]);
  account.open();
  await account.logIn(' alice ', 'no');
  assert.deepEqual([account.form, account.problem], ['open', 'Wrong.']);
  await account.logIn('alice', 'yes');
  assert.deepEqual([account.form, account.problem], ['closed', '']);
  assert.deepEqual(seen, ['log in alice', 'log in alice', 'ticket']);
});
test('an empty form asks the server nothing', async () => {
  const { account, seen } = accountWith([]);
  account.open();
  await account.logIn('', '');
  assert.equal(account.form, 'open');
  assert.notEqual(account.problem, '');
  assert.deepEqual(seen, []);
});
test('one attempt at a time, and a cancelled one has no effect', async () => {
  const { account, seen } = accountWith([{ kind: 'ticket' }, { kind: 'ticket' }]);
  account.open();
  const first = account.logIn('alice', 'yes');
  const second = account.logIn('alice', 'yes');
  account.close();
  await Promise.all([first, second]);
  assert.deepEqual(seen, ['log in alice']);
});
test('logging out ends the ticket on the server and forgets it here', async () => {
  const { account, ticket, seen } = accountWith([], '/bye');
  ticket.keep('t1');
  account.named('alice');
  assert.equal(ticket.identity(), 'alice');
  await account.logOut();
  assert.deepEqual(seen, ['log out t1', 'out /bye']);
  assert.deepEqual([ticket.sessionId(), ticket.identity(), account.identity], [null, null, null]);
});
test('who came through single sign-on leaves it too, others do not', async () => {
  const { account, ticket, seen } = accountWith([], null, '/auth/logout');
  ticket.keep('t1');
  await account.logOut();
  account.leavesForSignOn();
  ticket.keep('t2');
  await account.logOut();
  await account.logOut();
  assert.deepEqual(seen, ['log out t1', 'out null', 'log out t2', 'out /auth/logout', 'out null']);
});
test('nobody is named before the server was asked, but by the ticket that is kept', () => {
  const { ticket, storage } = accountWith([]);
  ticket.keepIdentity('alice');
  assert.equal(ticket.identity(), null, 'a name without a ticket is nobody');
  ticket.keep('t1');
  assert.equal(ticket.identity(), 'alice');
  ticket.drop();
  assert.equal(storage.size, 0);
});
