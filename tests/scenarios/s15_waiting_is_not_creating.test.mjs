// S15 Waiting is not creating (access.md 4.10).
// Left out: the five minutes (a waiter's twenty requests stand for sixty).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, metric, room as roomOf } from '../support/admin.mjs';
import { BookingService } from '../support/booking_service.mjs';
import { assertNotStarted, assertWaitsFor } from '../support/claims.mjs';
import { fresh, guest, leftOut } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';

const WAITING = /^conclave_(\w+_)?waiting(_\w+)?$/;

test('S15 waiting is not creating', async (t) => {
  leftOut(t, ['S15: five minutes of waiting (twenty requests instead)']);
  const booking = await BookingService.start(t);
  const server = await serve(t, { env: booking.settings() });
  const q = fresh('q');
  const waiter = await guest(server, q);

  await t.test('however often he asks, the room is not started', async () => {
    for (let round = 0; round < 20; round++) await assertWaitsFor(waiter, q);
    await assertNotStarted(server, q);
    assert.equal(await metric(server, /^conclave_rooms(_open)?$/), 0, 'room counts stay 0');
    assert.deepEqual(booking.asked, [], 'the booking server saw no request');
  });

  await t.test('the metric of waiting people is 1; the admin API lists him as waiting, and no room', async () => {
    assert.equal(await metric(server, WAITING), 1, 'metric waiting');
    const { json } = await call(server, 'GET', '/rooms');
    assert.deepEqual([json.rooms, json.waiting_for, json.waiting], [[], [{ name: q, waiting: 1 }], 1], JSON.stringify(json));
  });

  await t.test('he leaves and it is 0', async () => {
    await waiter.close();
    await eventually('metric waiting is 0', async () => (await metric(server, WAITING)) === 0);
    assert.equal(await roomOf(server, q), undefined);
  });

  await t.test('sixty requests for sixty rooms start nothing, and one stream cannot wait for all of them', async () => {
    const greedy = await guest(server, q, 'greedy');
    for (let index = 0; index < 60; index++) await assertWaitsFor(greedy, `${q}-${index}`);
    assert.equal(await metric(server, /^conclave_rooms(_open)?$/), 0);
    assert.equal(await metric(server, WAITING), 1, 'who asks for another room waits for that one alone');
    await greedy.close();
    await eventually('metric waiting is 0', async () => (await metric(server, WAITING)) === 0);
  });
});
