// The meeting of two once with Firefox: alone with a Chromium, so that each browser is checked against the other's codecs and ICE.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPerson, firefoxPerson, hasRoute, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';

const NEEDS = 'Firefox gathers candidates only with a default route and an address that is not loopback: run through tests/support/in_namespace (./test e2e does)';

test('e2e: a guest in Firefox and a host in Chromium see and hear each other', { timeout: 240000 }, async (t) => {
  assert.ok(hasRoute, NEEDS);
  const server = await webServer(t);
  const room = fresh('fox');
  const guest = await firefoxPerson(t, 'Fritz');
  const host = await chromiumPerson(t, 'Ada', { colour: 'red' });
  await guest.open(server, room);
  await guest.sees('waiting', { timeout: 30000 });
  await host.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
  await host.inMeeting(2, 40000);
  await guest.inMeeting(2, 40000);
  await guest.grows('frames', 30, 40000);
  await host.grows('frames', 30, 40000);
  await guest.seesColour(await host.nick(), 'red', 40000);
  await host.grows('audioPackets', 50, 40000);
  await guest.grows('audioEnergy', 0.0005, 40000);
  await host.grows('audioEnergy', 0.0005, 40000);
  await guest.screenshot('firefox');
  assert.deepEqual(guest.uncaught(), []);
});

test('e2e: a meeting of two with Firefox on both sides', { timeout: 240000 }, async (t) => {
  assert.ok(hasRoute, NEEDS);
  const server = await webServer(t);
  const room = fresh('fox');
  const host = await firefoxPerson(t, 'Ada');
  const guest = await firefoxPerson(t, 'Fritz');
  await host.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
  await host.inMeeting(1, 40000);
  await guest.open(server, room);
  for (const person of [host, guest]) await person.inMeeting(2, 40000);
  for (const person of [host, guest]) {
    await person.grows('frames', 30, 40000);
    await person.grows('audioEnergy', 0.0005, 40000);
  }
});
