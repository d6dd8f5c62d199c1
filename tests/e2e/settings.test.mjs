// What a host reads and sets in the room's settings, and what somebody is told who may not.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chromiumPeople, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';
import { userOf } from '../support/token.mjs';

const ada = { name: 'Ada', id: 'ada' };
const hostToken = (server, room) => server.token(room, 'mod', { user: ada });
const listing = (server, room, features) => server.token(room, 'mod', { claims: { context: { user: userOf('mod', ada), features } } });

/** A server with a room that is defined before it starts, in a file. */
async function serverWithRooms(t, text) {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-rooms-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'conclave.toml');
  writeFileSync(path, text);
  return webServer(t, { env: { CONCLAVE_CONFIG_FILE: path } });
}

const who = (circle, self) => ({ attributes: `[data-circle="${circle}"][data-self="${self}"]` });

test('S14 e2e: the settings say who may share and who may record, in this room and by one’s own credential', { timeout: 240000 }, async (t) => {
  const server = await serverWithRooms(t, '[[room]]\nname = "silent"\nrecord = "nobody"\n');
  const [host] = await chromiumPeople(t, ['Ada']);

  await t.test('where nothing else is said: everybody shares, moderators record', async () => {
    const room = fresh('plain');
    await host.open(server, room, { token: hostToken(server, room) });
    await host.inMeeting(1);
    await host.click('open-settings');
    await host.sees('settings-may-share', who('everybody', true));
    await host.sees('settings-may-record', who('moderators', true));
    assert.match(await host.text('[data-testid="settings-may-share"]'), /share a screen.*Everybody/s);
    assert.match(await host.text('[data-testid="settings-may-record"]'), /record.*moderators/s);
  });

  await t.test('in a room that is defined so, nobody records', async () => {
    await host.open(server, 'silent', { token: hostToken(server, 'silent') });
    await host.inMeeting(1);
    await host.click('open-settings');
    await host.sees('settings-may-record', who('nobody', false));
  });

  await t.test('a host whose token lists rights, and recording not among them, reads that it is not his', async () => {
    const room = fresh('listed');
    await host.open(server, room, { token: listing(server, room, { 'screen-sharing': true }) });
    await host.inMeeting(1);
    await host.click('open-settings');
    await host.sees('settings-may-share', who('everybody', true));
    await host.sees('settings-may-record', who('moderators', false));
    assert.match(await host.text('[data-testid="settings-may-record"]'), /not you/);
  });
  assert.deepEqual(host.uncaught(), []);
});

test('S11 e2e: who may no longer set anything is told why, with the settings open before him', { timeout: 240000 }, async (t) => {
  const server = await webServer(t);
  const room = fresh('s11');
  const [host, gina] = await chromiumPeople(t, ['Ada', 'Gina']);
  await host.open(server, room, { token: hostToken(server, room) });
  await host.inMeeting(1);
  await gina.open(server, room);
  for (const person of [host, gina]) await person.inMeeting(2);
  await host.click('toolbar-participants');
  const row = `[data-endpoint="${await host.nickOf('Gina')}"]`;
  await host.click('participant', `${row} [data-testid="participant-grant"]`);
  await gina.click('open-settings');
  await gina.sees('settings-capacity');
  await host.click('participant', `${row} [data-testid="participant-revoke"]`);
  await gina.sees('own-moderator', { gone: true });
  await gina.sees('settings-problem');
  assert.match(await gina.text('[data-testid="settings-problem"]'), /settings could not be read: .*guest may not/i);
  await gina.sees('settings-capacity', { gone: true });
});
