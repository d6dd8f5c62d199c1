// The lobby as people see it: knocking, the list of those who ask, letting in, turning away, talking, and the host who is never locked out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPeople, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';
import { eventually } from '../support/waiting.mjs';

const hostToken = (server, room, name = 'Ada') => server.token(room, 'mod', { user: { name, id: 'ada' } });
const knocker = (name) => `[data-name="${name}"]`;

async function switchLobby(host, on) {
  await host.click('open-settings');
  await host.sees('settings-lobby');
  if (on) await host.screenshot('settings');
  const checked = () => host.page.evaluate(() => document.querySelector('[data-testid="settings-lobby"]')?.checked);
  if ((await checked()) !== on) await host.click('settings-lobby');
  await eventually(`the lobby is ${on ? 'on' : 'off'}`, async () => (await checked()) === on, { timeout: 10000 });
  await host.click('settings-close');
}

test('S14 e2e: guests knock, only a moderator lets them in, and an admitted one needs no second knock', { timeout: 300000 }, async (t) => {
  const server = await webServer(t);
  const room = 'board';
  const [host, pat, gina, gus, hal] = await chromiumPeople(t, ['Ada', 'Pat', 'Gina', 'Gus', 'Hal']);
  await host.open(server, room, { token: hostToken(server, room) });
  await host.inMeeting(1);
  await pat.open(server, room, { token: server.token(room, 'part', { user: { name: 'Pat' } }) });
  await pat.inMeeting(2);
  await switchLobby(host, true);

  await t.test('who opens the link now asks to join, and reads that he does', async () => {
    await gina.open(server, room);
    await gina.sees('knocking');
    assert.equal(await gina.text('[data-testid="knocking-name"]'), 'Gina');
    assert.equal(await gina.count('[data-testid="tile"]'), 0);
  });

  await t.test('the moderator is told, also with the list closed; the participant is not', async () => {
    await host.sees('knock-banner');
    assert.match(await host.text('[data-testid="knock-banner"]'), /Gina asks to join/);
    await host.click('banner-show');
    await host.sees('knocker', { attributes: knocker('Gina') });
    await pat.click('toolbar-participants');
    assert.equal(await pat.count('[data-testid="knocker"], [data-testid="knock-banner"]'), 0);
  });

  await t.test('they talk before anybody is let in', async () => {
    await host.click('knocker', `${knocker('Gina')} [data-testid="lobby-chat-open"]`);
    await host.type('lobby-chat-input', 'Who are you?');
    await host.click('lobby-chat-send');
    await gina.sees('lobby-message');
    assert.match(await gina.text('[data-testid="lobby-message"]'), /Who are you\?/);
    await gina.type('lobby-chat-input', 'Your aunt');
    await gina.click('lobby-chat-send');
    await gina.screenshot('knocking');
    await eventually('the answer is read', async () => (await host.page.evaluate(() => document.body.innerText)).includes('Your aunt'), { timeout: 10000 });
    await host.screenshot('lobby-panel');
  });

  await t.test('let in, she is in, as a guest', async () => {
    await host.click('knocker', `${knocker('Gina')} [data-testid="admit"]`);
    await gina.inMeeting(3);
    assert.equal((await gina.state()).standing, 'guest');
    await host.sees('knocker', { gone: true });
  });

  await t.test('a reload needs no second knock', async () => {
    await gina.reload();
    await gina.inMeeting(3);
    assert.equal(await host.count('[data-testid="knocker"]'), 0);
  });

  await t.test('turned away, one reads so', async () => {
    await gus.open(server, room);
    await gus.sees('knocking');
    await host.click('knocker', `${knocker('Gus')} [data-testid="refuse"]`);
    await gus.sees('error');
    assert.match(await gus.text('[data-testid="error-text"]'), /did not let you in/);
  });

  await t.test('several are let in at once', async () => {
    await gus.click('try-again');
    await hal.open(server, room);
    for (const person of [gus, hal]) await person.sees('knocking');
    for (const name of ['Gus', 'Hal']) await host.sees('knocker', { attributes: knocker(name) });
    await host.click('admit-all');
    for (const person of [gus, hal]) await person.inMeeting(5);
  });

  await t.test('with the lobby off nobody knocks any more', async () => {
    await switchLobby(host, false);
    await hal.click('toolbar-leave');
    await hal.page.evaluate(() => localStorage.clear());
    await hal.open(server, room);
    await hal.inMeeting(5);
  });
  assert.deepEqual([host, pat, gina, gus, hal].flatMap((person) => person.uncaught()), []);
});

test('S22 e2e: a host is never locked out by his own lobby', { timeout: 240000 }, async (t) => {
  const server = await webServer(t);
  const room = fresh('s22');
  const [host, phone, gina] = await chromiumPeople(t, ['Ada', 'Ada on the phone', 'Gina']);
  await host.open(server, room, { token: hostToken(server, room) });
  await host.inMeeting(1);
  await switchLobby(host, true);
  await gina.open(server, room);
  await gina.sees('knocking');

  await t.test('a reload, without the token, is no knock', async () => {
    await host.reload();
    await host.inMeeting(1);
    await host.is('host', (state) => state.standing === 'host');
  });

  await t.test('a second device of the same person neither', async () => {
    await phone.open(server, room, { token: hostToken(server, room) });
    await phone.inMeeting(2);
    assert.equal((await phone.state()).standing, 'host');
  });

  await t.test('and who knocked still knocks, and is let in from either', async () => {
    await gina.sees('knocking');
    for (const device of [host, phone]) await device.sees('knock-banner');
    await phone.click('banner-admit');
    await gina.inMeeting(3);
    for (const device of [host, phone]) await device.sees('knock-banner', { gone: true });
  });
});
