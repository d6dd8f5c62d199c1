// What our own web client owes its user beside the meeting itself: a telephone's width, the keyboard, names for screen readers, the screen
// share, and a stream that comes back when the network broke it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPerson, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';
import { eventually } from '../support/waiting.mjs';

const PHONE = { width: 375, height: 667 };

/** Buttons that stand outside the window, and those without a name. */
const buttons = (person) =>
  person.page.evaluate(() => {
    const shown = [...document.querySelectorAll('button')].filter((button) => button.offsetParent !== null);
    const name = (button) => (button.getAttribute('aria-label') ?? button.textContent).trim();
    return {
      outside: shown.filter((button) => button.getBoundingClientRect().right > innerWidth + 1 || button.getBoundingClientRect().left < -1).map(name),
      nameless: shown.filter((button) => !name(button)).map((button) => button.outerHTML.slice(0, 80)),
      sideways: document.documentElement.scrollWidth - innerWidth,
    };
  });

test('e2e: the client at a telephone’s width, by keyboard, sharing a screen, after a break', { timeout: 200000 }, async (t) => {
  const server = await webServer(t);
  const room = fresh('client');
  const host = await chromiumPerson(t, 'Ada', { colour: 'red' });
  const guest = await chromiumPerson(t, 'Gina', { colour: 'green', ...PHONE });

  await t.test('before joining, nothing of a telephone’s page lies outside its window', async () => {
    await guest.open(server, room, { autojoin: false });
    await guest.sees('join');
    await guest.screenshot('prejoin-375');
    assert.deepEqual(await buttons(guest), { outside: [], nameless: [], sideways: 0 });
  });

  await t.test('nor in the meeting', async () => {
    await host.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
    await guest.click('join');
    await guest.inMeeting(2);
    await host.inMeeting(2);
    await guest.grows('frames', 10);
    await guest.screenshot('meeting-375');
    assert.deepEqual(await buttons(guest), { outside: [], nameless: [], sideways: 0 });
  });

  await t.test('nor in the dialogs and the list of people of a host who holds a telephone', async () => {
    await host.page.setViewportSize(PHONE);
    for (const [open, dialog] of [['open-settings', 'settings-password'], ['open-invite', 'invite-name']]) {
      await host.click(open);
      await host.sees(dialog);
      await host.screenshot(`${open}-375`);
      assert.deepEqual(await buttons(host), { outside: [], nameless: [], sideways: 0 }, open);
      await host.press('Escape');
      await host.sees(dialog, { gone: true });
    }
    await host.click('toolbar-participants');
    await host.click('participant-kick');
    await host.sees('remove-confirm');
    await host.screenshot('remove-375');
    assert.deepEqual(await buttons(host), { outside: [], nameless: [], sideways: 0 }, 'people and remove');
    await host.click('remove-close');
    await host.click('toolbar-participants');
    await host.page.setViewportSize({ width: 1280, height: 720 });
    await host.inMeeting(2);
  });

  await t.test('M mutes and is seen by the other, C opens the chat', async () => {
    const nick = await host.nick();
    await host.page.keyboard.press('m');
    await guest.sees('tile-muted');
    assert.ok(await guest.count(`[data-testid="tile"][data-endpoint="${nick}"] [data-testid="tile-muted"]`));
    await host.page.keyboard.press('m');
    await guest.sees('tile-muted', { gone: true });
    await host.page.keyboard.press('c');
    await host.sees('chat-input');
  });

  await t.test('the keyboard alone reaches every button of the toolbar', async () => {
    const reached = new Set();
    for (let presses = 0; presses < 40; ++presses) {
      await guest.page.keyboard.press('Tab');
      reached.add(await guest.page.evaluate(() => document.activeElement?.dataset?.testid ?? ''));
    }
    for (const name of ['mic', 'camera', 'chat', 'participants', 'leave']) assert.ok(reached.has(`toolbar-${name}`), `toolbar-${name}; reached ${[...reached]}`);
  });

  await t.test('a screen that is shared is a picture of its own at the other', async () => {
    await host.click('toolbar-screen');
    await guest.sees('tile', { attributes: '[data-source="desktop"][data-local="false"]' });
    const width = () => guest.page.evaluate(() => document.querySelector('[data-testid="tile"][data-source="desktop"] video')?.videoWidth ?? 0);
    await eventually('the shared screen is decoded', async () => (await width()) > 0, { timeout: 20000 });
    await host.click('toolbar-screen');
    await guest.sees('tile', { attributes: '[data-source="desktop"][data-local="false"]', gone: true });
  });

  await t.test('a stream that broke is resumed: the same person, still heard and read', async () => {
    const [nick, streams] = [await guest.nick(), await guest.streams()];
    await guest.cutStream();
    await eventually('another socket is opened', async () => (await guest.streams()) > streams, { timeout: 30000 });
    await eventually('and the stream is up again', async () => (await guest.state()).phase === 'joined' && !(await guest.state()).interrupted, { timeout: 30000 });
    assert.equal(await guest.nick(), nick, 'resumed, not joined anew');
    await host.inMeeting(2);
    await guest.click('toolbar-chat');
    await guest.type('chat-input', 'back again');
    await guest.click('chat-send');
    await host.sees('chat-message');
    await host.grows('audioEnergy', 0.0005);
  });

  await t.test('no page had an error of its own', () => {
    assert.deepEqual([...host.uncaught(), ...guest.uncaught()], []);
  });
});
