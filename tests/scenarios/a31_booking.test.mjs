// A31, A52 (access.md 5) and gate 6: a room that has to be booked is started only when the booking server agrees, once, by whatever path.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, revoke } from '../support/admin.mjs';
import { BookingService, deny } from '../support/booking_service.mjs';
import { assertNotStarted, assertReady, assertWaits, reasonOf } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';
import { child } from '../support/xmpp.mjs';

async function booked(context, env = {}) {
  const service = await BookingService.start(context);
  const server = await serve(context, { env: service.settings(env) });
  return { service, server };
}

const reservationError = (asked) => child(child(asked.reply, 'error'), 'reservation-error')?.attrs;

test('A31 a room is booked once, by whoever may start it, and given back at its end', async (context) => {
  const { service, server } = await booked(context);
  const room = fresh('booked');
  const waiting = await guest(server, room);
  assertWaits(await waiting.ask(room));
  assert.deepEqual(service.asked, [], 'who may not start a room books nothing');

  const [one, two] = await Promise.all(['one', 'two'].map((name) => holder(server, room, 'mod', name)));
  for (const asked of await Promise.all([one.ask(room), two.ask(room)])) assertReady(asked);
  assert.equal(service.posts().length, 1);
  const { path, form } = service.posts()[0];
  assert.equal(path, '/conference');
  assert.equal(form.name, room);
  assert.ok(form.mail_owner && form.start_time);

  await one.join(room);
  assertReady(await waiting.ask(room));
  assert.equal(service.posts().length, 1);
  await one.close();
  await eventually('the booking is given back', () => service.deletes().length === 1);
  assert.equal(service.bookings.size, 0);
});

test('A31 a join without a request starts nothing; the variants of a name are one booking', async (context) => {
  const { service, server } = await booked(context);
  const room = fresh('booked');
  const host = await holder(server, room, 'mod', 'host');
  assert.ok((await host.join(room)).error, 'a join alone is told to ask');
  await assertNotStarted(server, room);
  assert.deepEqual(service.posts(), []);
  assertReady(await host.ask(room));
  const same = await holder(server, room, 'mod', 'same');
  assertReady(await same.ask(room.toUpperCase()));
  assert.equal(service.posts().length, 1);
});

test('A31 what the booking server refuses is not started, and its words reach the person', async (context) => {
  const { service, server } = await booked(context);
  service.script = deny(403, 'Not on Sundays.');
  const room = fresh('booked');
  const host = await holder(server, room, 'mod', 'host');
  const asked = await host.ask(room);
  assert.equal(reservationError(asked)?.['error-code'], '403', String(asked.reply));
  assert.equal(asked.error.text, 'Not on Sundays.');
  await assertNotStarted(server, room);
});

test('A31 who is refused is refused for himself: the next person is asked for at once', async (context) => {
  const { service, server } = await booked(context);
  service.script = (response, { form }) => form.mail_owner === 'eve@meet.example' && deny(403, 'Not you.')(response);
  const room = fresh('booked');
  const person = (name) => holder(server, room, 'mod', name, { user: { email: `${name}@meet.example` } });
  const [eve, ada] = [await person('eve'), await person('ada')];
  assert.equal((await eve.ask(room)).error.text, 'Not you.');
  assert.equal((await eve.ask(room)).error.text, 'Not you.');
  assert.equal(service.posts().length, 1, 'what she was told is remembered');
  assertReady(await ada.ask(room));
  assert.deepEqual(service.posts().map((each) => each.form.mail_owner), ['eve@meet.example', 'ada@meet.example']);
  await ada.join(room);
  assertReady(await eve.ask(room));
});

test('A52 a booking server that fails, redirects or says nonsense: closed', async (context) => {
  const scripts = {
    redirect: (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    nonsense: (response) => response.writeHead(200).end('<html>'),
    huge: (response) => response.writeHead(200).end('x'.repeat(1_000_000)),
    refusal: (response) => response.destroy(),
  };
  const { service, server } = await booked(context, { CONCLAVE_BOOKING_TRIES: '1', CONCLAVE_BOOKING_TIMEOUT: '2' });
  for (const [name, script] of Object.entries(scripts)) {
    service.script = (response) => (script(response), true);
    const room = fresh(name);
    const host = await holder(server, room, 'mod', 'host');
    const asked = await host.ask(room);
    assert.ok(reservationError(asked), `${name}: ${asked.reply}`);
    await assertNotStarted(server, room);
  }
});

test('A31 a slow booking server holds up nobody but those who wait for it', async (context) => {
  const { service, server } = await booked(context);
  const calm = fresh('calm');
  const host = await hostIn(server, calm);
  let release;
  const held = new Promise((resolve) => (release = resolve));
  service.script = (response, asked) => {
    held.then(() => response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'slow', ...asked.form })));
    return true;
  };
  const room = fresh('slow');
  const other = await holder(server, room, 'mod', 'other');
  const asking = other.ask(room);
  await eventually('the booking server is asked', () => service.posts().length === 2);
  await host.barrier();
  await guestIn(server, calm);
  await assertNotStarted(server, room);
  release();
  assertReady(await asking);
});

/** The booking server keeps its next answer until `release`, then grants. */
function holdAnswer(service) {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  service.script = (response, asked) => {
    if (asked.method !== 'POST') return false;
    held.then(() => response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'held', ...asked.form })));
    return true;
  };
  return release;
}

test('A31 who leaves while his booking is asked for starts nothing, and the booking is given back', async (context) => {
  const { service, server } = await booked(context);
  const release = holdAnswer(service);
  const room = fresh('gone');
  const host = await holder(server, room, 'mod', 'host');
  host.ask(room).catch(() => {}); // never answered: he is gone
  await eventually('the booking server is asked', () => service.posts().length === 1);
  await host.close();
  await eventually('his session has ended', async () => (await call(server, 'GET', '/status')).json.sessions === 0);
  release();
  await eventually('the booking is given back', () => service.deletes().length === 1);
  await assertNotStarted(server, room);
});

test('A31 S19 a credential that is revoked while its booking is asked for starts nothing', async (context) => {
  const { service, server } = await booked(context);
  const release = holdAnswer(service);
  const room = fresh('revoked');
  const host = await holder(server, room, 'mod', 'host', { claims: { jti: 'revoked-meanwhile' } });
  const asking = host.ask(room);
  await eventually('the booking server is asked', () => service.posts().length === 1);
  await revoke(server, { jti: 'revoked-meanwhile' });
  release();
  assertWaits(await asking);
  await assertNotStarted(server, room);
  await eventually('the booking is given back', () => service.deletes().length === 1);
});

test('A31 the terms of a booking hold: password, people, and the end', async (context) => {
  const { service, server } = await booked(context);
  service.terms = { duration: 4, password: 'sesame', max_occupants: 2 };
  const room = fresh('terms');
  const host = await hostIn(server, room);
  const visitor = await guest(server, room);
  assertReady(await visitor.ask(room));
  assert.equal((await visitor.join(room)).error?.condition, 'not-authorized');
  assert.ok(!(await visitor.join(room, { password: 'sesame' })).error);
  const third = await guest(server, room, 'third');
  assert.equal((await third.join(room, { password: 'sesame' })).error?.condition, 'service-unavailable');
  const gone = await host.expectGone(room, host.nick, 8000);
  assert.equal(reasonOf(gone.el), 'Scheduled conference duration exceeded.');
  await eventually('the booking is given back', () => service.deletes().length === 1);
});
