// Becoming somebody in the browser: logging in from the waiting screen, all kinds of people in one meeting, logging out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, withAccounts } from '../support/account.mjs';
import { notStarted } from '../support/admin.mjs';
import { chromiumPeople, firefoxPerson, hasRoute, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';

/** Types name and password into the form that is open. */
async function fillIn(person, { name, password }) {
  for (const [field, text] of [['login-name', name], ['login-password', password]]) {
    await person.sees(field);
    await person.page.evaluate((id) => document.querySelector(`[data-testid="${id}"]`).select(), field);
    await person.type(field, text);
  }
  await person.click('login-send');
}

async function logInFromTheWaitingScreen(person, server, room, alice) {
  await person.open(server, room);
  await person.sees('waiting', { timeout: 30000 });
  await person.click('login-open');
  await fillIn(person, alice);
  await person.inMeeting(1, 40000);
  await person.is('the host', (state) => state.standing === 'host' && state.identity === 'Alice');
}

test('S21 e2e: log in from the waiting screen', { timeout: 300000 }, async (t) => {
  const server = await webServer(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice', { displayName: 'Alice' });
  const room = 'weekly-planning';
  const [host, guest] = await chromiumPeople(t, ['Somebody', 'Gina']);

  await t.test('a wrong password is said plainly; he stays a guest who waits, and nothing is started', async () => {
    await guest.open(server, room);
    await guest.sees('waiting');
    await host.open(server, room);
    await host.sees('waiting');
    await host.screenshot('waiting');
    await host.click('login-open');
    await host.screenshot('log-in');
    await fillIn(host, { name: 'alice', password: 'not hers' });
    await host.sees('login-problem');
    assert.match(await host.text('[data-testid="login-problem"]'), /name or the password is wrong/);
    assert.equal(await host.page.evaluate(() => localStorage.getItem('conclaveIdentity')), null);
    assert.ok(await notStarted(server, room));
  });

  await t.test('with the right one he is the host, and the guest who waited gets in by himself', async () => {
    await fillIn(host, alice);
    for (const person of [host, guest]) await person.inMeeting(2);
    await host.is('the host', (state) => state.standing === 'host' && state.identity === 'Alice');
    assert.equal((await guest.state()).standing, 'guest');
  });

  await t.test('a reload, without a password, comes back as the host', async () => {
    await host.reload();
    await host.inMeeting(2);
    await host.is('the host', (state) => state.standing === 'host');
  });

  await t.test('neither the password nor its ticket stands in the address bar', async () => {
    const url = await host.page.url();
    assert.ok(!url.includes('?') && !url.includes('#'), url);
  });

  await t.test('who is inside as a guest logs in where he stands', async () => {
    const bob = await addAccount(server, 'bob', { displayName: 'Bob' });
    await guest.click('toolbar-participants');
    await guest.click('login-open');
    await fillIn(guest, bob);
    await guest.is('a host', (state) => state.standing === 'host');
    await guest.inMeeting(2);
  });

  await t.test('after logging out one is a guest again, also after a reload', async () => {
    await host.click('toolbar-participants');
    await host.click('logout');
    await host.sees('join');
    assert.equal(await host.count('[data-testid="identity"]'), 0);
    await host.click('join');
    await host.inMeeting(2);
    await host.is('a guest', (state) => state.standing === 'guest' && state.identity === null);
    await host.reload();
    await host.inMeeting(2);
    await host.is('a guest', (state) => state.standing === 'guest');
  });
  assert.deepEqual([host, guest].flatMap((person) => person.uncaught()), []);
});

test('S21 e2e: wrong passwords in a row are slowed down, and said to be', { timeout: 300000 }, async (t) => {
  const server = await webServer(t, { env: withAccounts() });
  await addAccount(server, 'alice');
  const [guesser] = await chromiumPeople(t, ['Mallory']);
  await guesser.open(server, fresh('s21'));
  await guesser.click('login-open');
  for (let guess = 1; guess <= 5; ++guess) {
    await fillIn(guesser, { name: 'alice', password: `guess ${guess}` });
    await guesser.sees('login-problem');
    await guesser.sees('login-send', { attributes: ':not([disabled])' });
  }
  await fillIn(guesser, { name: 'alice', password: 'guess 6' });
  await guesser.sees('login-slow', { timeout: 20000 });
  await guesser.sees('login-problem', { timeout: 40000 });
});

test('S3 e2e: an account, a token and a guest in one meeting', { timeout: 240000 }, async (t) => {
  const server = await webServer(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice', { displayName: 'Alice' });
  const room = fresh('s3');
  const [account, token, guest] = await chromiumPeople(t, ['Somebody', 'Tom', 'Gina']);
  await logInFromTheWaitingScreen(account, server, room, alice);
  await token.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Tom' } }) });
  await guest.open(server, room);
  for (const person of [account, token, guest]) await person.inMeeting(3);
  for (const person of [account, token, guest]) {
    await person.is('among two hosts and a guest', (state) => [...state.occupants.map(({ standing }) => standing), state.standing].sort().join() === 'guest,host,host');
  }
  await guest.is('told who is verified', ({ occupants }) => occupants.every(({ verified }) => verified));
  const whys = await Promise.all([account, token, guest].map(async (person) => (await person.state()).why));
  assert.equal(new Set(whys).size, 3, `each reads a reason of his own: ${whys.join(' | ')}`);
});

test('S21 e2e: the same in Firefox', { timeout: 240000 }, async (t) => {
  assert.ok(hasRoute, 'Firefox needs tests/support/in_namespace (./test e2e does it)');
  const server = await webServer(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice', { displayName: 'Alice' });
  const fritz = await firefoxPerson(t, 'Fritz');
  await logInFromTheWaitingScreen(fritz, server, fresh('s21'), alice);
  assert.deepEqual(fritz.uncaught(), []);
});
