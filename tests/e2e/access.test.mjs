// Who comes in and what he sees of it, in real browsers with their storage: guests and passwords, waiting, roles and rights, walk-in rooms,
// personal links. The wire behind it is tests/scenarios.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notStarted } from '../support/admin.mjs';
import { chromiumPeople, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';
import { eventually } from '../support/waiting.mjs';

const hostToken = (server, room, name = 'Ada') => server.token(room, 'mod', { user: { name } });
const standings = (state) => Object.fromEntries(state.occupants.map(({ name, standing }) => [name, standing]));

test('S2 e2e: a guest meets no password prompt, but that of a room that has one', { timeout: 240000 }, async (t) => {
  const server = await webServer(t);
  const room = 'weekly-planning';
  const [host, guest] = await chromiumPeople(t, ['Ada', 'Gina']);

  await t.test('before the meeting he waits, and nothing asks him for a password', async () => {
    await guest.open(server, room);
    await guest.sees('waiting');
    assert.equal(await guest.count('[data-testid="password-input"], [data-testid="login-password"]'), 0);
    assert.match(await guest.text('[data-testid="waiting-text"]'), /host/);
  });

  await t.test('with the host he is in, and nothing has asked him', async () => {
    await host.open(server, room, { token: hostToken(server, room) });
    await guest.inMeeting(2);
    assert.equal(await guest.count('[data-testid="password-input"]'), 0);
  });

  await t.test('the host sets a password; whoever comes then is asked, once per wrong try, and told', async () => {
    await host.inMeeting(2);
    await host.click('open-settings');
    await host.type('settings-password', 'open sesame');
    await host.click('settings-password-set');
    await host.sees('settings-locked', { attributes: '[data-locked="true"]' });
    await host.click('settings-close');
    await guest.reload();
    await guest.sees('password');
    assert.equal(await guest.count('[data-testid="password-problem"]'), 0, 'no wrong one was given yet');
    await guest.type('password-input', 'open simsim');
    await guest.click('password-send');
    await guest.sees('password-problem');
    assert.match(await guest.text('[data-testid="password-problem"]'), /not the password/);
    await guest.page.evaluate(() => document.querySelector('[data-testid="password-input"]').select());
    await guest.type('password-input', 'open sesame');
    await guest.click('password-send');
    await guest.inMeeting(2);
  });

  await t.test('the password is taken away again', async () => {
    await host.click('open-settings');
    await host.click('settings-password-clear');
    await host.sees('settings-locked', { attributes: '[data-locked="false"]' });
    await host.press('Escape');
    await host.sees('settings', { gone: true });
    await guest.reload();
    await guest.inMeeting(2);
  });
  assert.deepEqual([...host.uncaught(), ...guest.uncaught()], []);
});

test('S4 e2e: guests wait for the host and get in by themselves, as guests', { timeout: 240000 }, async (t) => {
  const server = await webServer(t);
  const room = fresh('s4');
  const [host, one, two] = await chromiumPeople(t, ['Ada', 'Gina', 'Gus']);
  for (const guest of [one, two]) {
    await guest.open(server, room);
    await guest.sees('waiting');
  }
  assert.ok(await notStarted(server, room), 'waiting is not starting');
  await host.open(server, room, { token: hostToken(server, room) });
  for (const person of [host, one, two]) await person.inMeeting(3);
  for (const guest of [one, two]) assert.equal((await guest.state()).standing, 'guest');
  await host.is('host among guests', (state) => state.standing === 'host' && Object.values(standings(state)).every((each) => each === 'guest'));
});

test('S11 e2e: only who may act is shown the acts, badges say who is who, and the server’s no is told', { timeout: 240000 }, async (t) => {
  const server = await webServer(t);
  const room = fresh('s11');
  const [host, pat, gina] = await chromiumPeople(t, ['Ada', 'Pat', 'Gina']);
  await host.open(server, room, { token: hostToken(server, room) });
  await host.inMeeting(1);
  await pat.open(server, room, { token: server.token(room, 'part', { user: { name: 'Pat' } }) });
  await gina.open(server, room);
  for (const person of [host, pat, gina]) await person.inMeeting(3);
  for (const person of [host, pat, gina]) await person.click('toolbar-participants');
  const row = async (viewer, name, what) => `[data-endpoint="${await viewer.nickOf(name)}"] ${what}`;

  await t.test('everybody sees the same roles, and which names are verified', async () => {
    await gina.is('among them', (state) => standings(state).Ada === 'host' && standings(state).Pat === 'participant');
    await pat.is('among them', (state) => standings(state).Ada === 'host' && standings(state).Gina === 'guest');
    await gina.sees('participant', { attributes: await row(gina, 'Ada', '[data-testid="role-badge"][data-standing="host"]') });
    await gina.sees('participant', { attributes: await row(gina, 'Ada', '[data-testid="verified"]') });
    await host.sees('participant', { attributes: await row(host, 'Gina', '[data-testid="role-badge"][data-standing="guest"]') });
    assert.equal(await host.count(`[data-testid="participant"]${await row(host, 'Gina', '[data-testid="verified"]')}`), 0);
    assert.ok((await host.state()).why.length > 10, 'and the host reads why he is one');
  });

  await t.test('guest and participant are shown no act over others', async () => {
    for (const person of [pat, gina]) {
      for (const act of ['participant-mute', 'participant-kick', 'participant-grant', 'participant-revoke', 'open-settings', 'leave-for-all']) {
        assert.equal(await person.count(`[data-testid="${act}"]`), 0, `${person.name}: ${act}`);
      }
    }
  });

  await t.test('a grant gives the acts, but none against the host; a revocation takes them', async () => {
    await host.click('participant', await row(host, 'Gina', '[data-testid="participant-grant"]'));
    await gina.sees('own-moderator');
    await gina.sees('participant', { attributes: await row(gina, 'Pat', '[data-testid="participant-kick"]') });
    for (const act of ['participant-kick', 'participant-mute', 'participant-revoke']) {
      assert.equal(await gina.count(`[data-testid="participant"]${await row(gina, 'Ada', `[data-testid="${act}"]`)}`), 0, act);
    }
    await host.click('participant', await row(host, 'Gina', '[data-testid="participant-revoke"]'));
    await gina.sees('own-moderator', { gone: true });
    await gina.sees('participant-kick', { gone: true });
  });

  await t.test('who is kept out for good cannot come back, and reads so', async () => {
    const nick = await host.nickOf('Pat');
    await host.click('participant', `[data-endpoint="${nick}"] [data-testid="participant-kick"]`);
    await host.click('remove-for-good');
    await host.click('remove-confirm');
    await pat.sees('ended');
    assert.match(await pat.text('[data-testid="ended-text"]'), /cannot come back/);
    await pat.click('join-again');
    await pat.click('join');
    await pat.sees('error');
    assert.match(await pat.text('[data-testid="error-text"]'), /removed from this meeting/);
    await host.inMeeting(2);
  });
  assert.deepEqual([host, pat, gina].flatMap((person) => person.uncaught()), []);
});

test('S13 e2e: guests hold a meeting among themselves in a walk-in room, and nowhere else', { timeout: 240000 }, async (t) => {
  const server = await webServer(t, { env: { CONCLAVE_GUESTS: 'create', CONCLAVE_GUEST_ROOMS: 'walk-in-*' } });
  const room = fresh('walk-in');
  const [one, two, host] = await chromiumPeople(t, ['Gina', 'Gus', 'Ada']);
  await one.open(server, room);
  await one.inMeeting(1);
  await one.is('elected moderator', (state) => state.standing === 'moderator');
  await two.open(server, room);
  await two.inMeeting(2);
  assert.equal((await two.state()).standing, 'guest');

  await t.test('when the first goes, the next is elected', async () => {
    await one.click('toolbar-leave');
    await one.click('leave-alone');
    await two.is('elected', (state) => state.standing === 'moderator');
  });

  await t.test('elsewhere they wait', async () => {
    const board = fresh('board');
    await one.open(server, board);
    await one.sees('waiting');
    assert.ok(await notStarted(server, board));
  });

  await t.test('a host who enters is the moderator, and the elected one no longer', async () => {
    await host.open(server, room, { token: hostToken(server, room) });
    await host.is('host', (state) => state.standing === 'host');
    await two.is('a guest again', (state) => state.standing === 'guest');
  });
});

test('S14 e2e: the guest link holds no credential; a personal link opens one room under one name', { timeout: 240000 }, async (t) => {
  const server = await webServer(t);
  const room = 'board';
  const [host, gina] = await chromiumPeople(t, ['Ada', 'Gina']);
  await host.open(server, room, { token: hostToken(server, room) });
  await host.inMeeting(1);
  let link;

  await t.test('the guest link is the bare address', async () => {
    await host.click('open-invite');
    assert.equal(await host.value('guest-link'), `${server.publicUrl}/${room}`);
  });

  await t.test('the dialog keeps the keyboard inside and gives the focus back', async () => {
    for (let presses = 0; presses < 12; ++presses) {
      await host.press('Tab');
      const inside = await host.page.evaluate(() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null);
      assert.ok(inside, `after ${presses + 1} tabs`);
    }
    await host.press('Escape');
    await host.sees('invite', { gone: true });
    await host.page.focus('[data-testid="open-invite"]');
    await host.press('Enter');
    await host.sees('invite');
    await host.press('Escape');
    await host.sees('invite', { gone: true });
    assert.equal(await host.page.evaluate(() => document.activeElement.dataset.testid), 'open-invite');
  });

  await t.test('a personal link is made for a name and a role', async () => {
    await host.click('open-invite');
    await host.type('invite-name', 'Gina of the Board');
    await host.choose('invite-role', 'participant');
    await host.click('invite-make');
    await host.sees('personal-link');
    await host.screenshot('invite');
    link = await host.value('personal-link');
    assert.ok(link.startsWith(`${server.publicUrl}/${room}#jwt=`), link);
    server.issuer.keep(link.split('#jwt=')[1]);
    await host.click('invite-close');
  });

  await t.test('whoever has it comes in as that person; a reload without it too', async () => {
    const open = link.replace('#', '?autojoin=1#');
    await gina.page.goto(open, { waitUntil: 'load' });
    await gina.inMeeting(2);
    await host.is('with a verified participant', (state) => state.occupants.some(({ name, standing, verified }) => name === 'Gina of the Board' && standing === 'participant' && verified));
    assert.ok(!(await gina.page.url()).includes('jwt'));
    await gina.reload();
    await gina.inMeeting(2);
    assert.equal((await gina.state()).standing, 'participant');
    await gina.click('open-invite');
    assert.equal(await gina.value('guest-link'), `${server.publicUrl}/${room}`, 'and what she passes on holds nothing of it');
    assert.equal(await gina.count('[data-testid="invite-name"]'), 0, 'nor may she give such links');
  });

  await t.test('in another room it is refused in words, and the room is not started', async () => {
    const other = fresh('other');
    await gina.page.goto(link.replace(`/${room}#`, `/${other}?autojoin=1#`), { waitUntil: 'load' });
    await gina.sees('error');
    assert.match(await gina.text('[data-testid="error-text"]'), /another room/);
    assert.ok(await notStarted(server, other));
  });

  await t.test('one minute before a token ends, its holder is told', async () => {
    const [soon] = await chromiumPeople(t, ['Sam']);
    await soon.open(server, room, { token: server.token(room, 'part', { lifetime: 45, user: { name: 'Sam' } }) });
    await soon.inMeeting(2);
    await eventually('a notice about the end', async () => (await soon.page.evaluate(() => document.body.innerText)).includes('ends in a minute'), { timeout: 15000 });
  });
  assert.deepEqual([host, gina].flatMap((person) => person.uncaught()), []);
});
