// Recording and live streaming with an attached recorder (signalling.md 6.13), scripted over the TCP port; and who gets in
// as a service (access.md A47).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { fresh, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Jibri, JIBRI, TcpClient, xml } from '../support/tcp_client.mjs';
import { child, el, errorOf, isPresence } from '../support/xmpp.mjs';

const secret = () => randomBytes(16).toString('hex');

async function setUp(t, env = {}) {
  const passwords = { JIBRI_RECORDER_PASSWORD: secret(), JIBRI_XMPP_PASSWORD: secret() };
  const server = await serve(t, { env: { CONCLAVE_LOOPS: '2', ...passwords, ...env } });
  server.passwords = Object.values(passwords);
  const attach = (nick) => Jibri.start(t, server, { password: passwords.JIBRI_XMPP_PASSWORD, nick });
  // The recorder's browser.
  const browser = (address = `hidden.${server.domain}`) =>
    TcpClient.start(t, server, { domain: address, username: 'recorder', password: passwords.JIBRI_RECORDER_PASSWORD });
  return { server, attach, browser };
}

const ask = (client, room, action, attrs = {}) =>
  client.iq('set', `${client.roomJid(room)}/focus`, el('jibri', { xmlns: JIBRI, action, recording_mode: 'file', ...attrs }));

/** What focus says of recording in its presence. */
const statusOf = (frame) => child(frame.el, 'jibri-recording-status', JIBRI)?.attrs;
const expectStatus = async (client, room, status) =>
  statusOf(
    await client.expect((frame) => isPresence(frame) && frame.el.attrs.from === `${client.roomJid(room)}/focus` && statusOf(frame)?.status === status, `recording ${status}`),
  );
const refusedWith = (answer, condition) => {
  assert.equal(answer.attrs.type, 'error', String(answer));
  assert.equal(errorOf(answer).condition, condition, String(answer));
};

test('recording by an attached recorder', async (t) => {
  const { server, attach, browser } = await setUp(t);

  await t.test('nobody is attached: service-unavailable', async () => {
    const room = fresh('rec');
    const host = await hostIn(server, room);
    refusedWith(await ask(host, room, 'start'), 'service-unavailable');
    refusedWith(await ask(host, room, 'stop'), 'item-not-found');
  });

  const jibri = await attach('jibri-1');
  assert.equal(jibri.joined.attrs.type, undefined, String(jibri.joined));

  await t.test('asked, pending, on, stopped; all are told, who comes later too', async () => {
    const room = fresh('rec');
    const host = await hostIn(server, room, 'host', { user: { id: 'u-1' } });
    const guest = await guestIn(server, room);
    const forged = JSON.stringify({ file_recording_metadata: { share: true, initiator: { id: 'somebody else' } } });
    const asked = ask(host, room, 'start', { app_data: forged });
    const order = await jibri.order('start');
    const wish = order.getChild('jibri', JIBRI).attrs;
    assert.equal(order.attrs.from, `${jibri.brewery}/focus`);
    assert.equal(wish.room, host.roomJid(room));
    assert.equal(wish.recording_mode, 'file');
    const data = JSON.parse(wish.app_data).file_recording_metadata;
    assert.equal(data.share, true);
    assert.notEqual(data.initiator.id, 'somebody else');
    assert.ok(data.conference_details.session_id);
    const id = child(await asked, 'jibri', JIBRI).attrs.session_id;
    assert.equal(id, wish.session_id);
    jibri.answer(order, { status: 'pending' });
    assert.equal((await expectStatus(guest, room, 'pending')).session_id, id);
    refusedWith(await ask(host, room, 'start'), 'unexpected-request');
    await jibri.say('busy');
    assert.equal((await jibri.report(order, { status: 'on' })).attrs.type, 'result');
    const on = await expectStatus(guest, room, 'on');
    assert.equal(on.initiator, `${host.roomJid(room)}/${host.nick}`);
    const late = await guestIn(server, room, 'late');
    assert.equal((await expectStatus(late, room, 'on')).session_id, id);

    const other = fresh('rec');
    const second = await hostIn(server, other);
    refusedWith(await ask(second, other, 'start'), 'resource-constraint');

    assert.equal((await ask(host, room, 'stop')).attrs.type, 'result');
    await jibri.order('stop');
    assert.equal((await expectStatus(guest, room, 'off')).initiator, `${host.roomJid(room)}/${host.nick}`);
    await jibri.say('idle');
  });

  await t.test('a stream has an id, a file has none; nonsense is refused', async () => {
    const room = fresh('rec');
    const host = await hostIn(server, room);
    for (const attrs of [{ streamid: 'x' }, { recording_mode: 'stream' }, { recording_mode: 'tape' }, { app_data: '[1' }]) {
      refusedWith(await ask(host, room, 'start', attrs), 'bad-request');
    }
    refusedWith(await ask(host, room, 'pause'), 'bad-request');
    const asked = ask(host, room, 'start', { recording_mode: 'stream', streamid: 'key-of-the-stream', you_tube_broadcast_id: 'b' });
    const order = await jibri.order('start');
    assert.equal(order.getChild('jibri', JIBRI).attrs.streamid, 'key-of-the-stream');
    assert.equal((await asked).attrs.type, 'result');
    await jibri.report(order, { status: 'on' });
    assert.equal((await expectStatus(host, room, 'on')).recording_mode, 'stream');
    await jibri.report(order, { status: 'off', failure_reason: 'error', should_retry: 'false' });
    assert.equal((await expectStatus(host, room, 'off')).failure_reason, 'error');
    assert.ok(!server.output.includes('key-of-the-stream'));
  });

  await t.test('who may: moderators, and by list of features who has it', async () => {
    const room = fresh('rec');
    const host = await hostIn(server, room);
    const guest = await guestIn(server, room);
    refusedWith(await ask(guest, room, 'start'), 'forbidden');
    refusedWith(await ask(guest, room, 'stop'), 'forbidden');
    const without = await holder(server, room, 'mod', 'without', { claims: { context: { user: { name: 'w', moderator: true }, features: { livestreaming: true } } } });
    await without.enter(room);
    refusedWith(await ask(without, room, 'start'), 'forbidden');
    const asked = ask(host, room, 'start');
    const order = await jibri.order('start');
    assert.equal((await asked).attrs.type, 'result');
    await jibri.report(order, { status: 'on' });
    refusedWith(await ask(without, room, 'stop'), 'forbidden');
    await ask(host, room, 'stop');
    await jibri.order('stop');
    await jibri.say('idle');
  });

  await t.test('A47 the recorder’s browser walks in where it was called, hidden, and nowhere else', async () => {
    const [room, other] = [fresh('rec'), fresh('rec')];
    const host = await hostIn(server, room);
    const elsewhere = await hostIn(server, other);
    const walker = await browser();
    const early = await walker.join(`${room}@${server.muc}`, 'recorder');
    assert.equal(early.attrs.type, 'error');
    const asked = ask(host, room, 'start');
    const order = await jibri.order('start');
    await asked;
    const inside = await walker.join(`${room}@${server.muc}`, 'recorder');
    assert.equal(inside.attrs.type, undefined, String(inside));
    const seen = await host.expect((frame) => isPresence(frame) && frame.el.attrs.from === `${host.roomJid(room)}/recorder`, 'the recorder');
    assert.match(child(child(seen.el, 'x'), 'item').attrs.jid, new RegExp(`^recorder@hidden.${server.domain}/`));
    // One recorder was called, so a second one is not let in; nor is the first one elsewhere.
    const second = await browser();
    assert.equal((await second.join(`${room}@${server.muc}`, 'two')).attrs.type, 'error');
    const intruder = await walker.join(`${other}@${server.muc}`, 'recorder');
    assert.equal(intruder.attrs.type, 'error');
    assert.ok(intruder.getChild('error').getChild('service-not-called'), String(intruder));
    await jibri.report(order, { status: 'on' });
    await ask(host, room, 'stop');
    await jibri.order('stop');
    await jibri.say('idle');
    await walker.stop();
    const back = await browser();
    assert.equal((await back.join(`${room}@${server.muc}`, 'recorder')).attrs.type, 'error', 'not called any more');
    await elsewhere.barrier();
  });

  let left = jibri;
  await t.test('when one fails another is asked, and when one is gone the room is told', async () => {
    const second = await attach('jibri-2');
    const room = fresh('rec');
    const host = await hostIn(server, room);
    const asked = ask(host, room, 'start');
    const orders = new Map([jibri, second].map((one) => [one, one.order('start')]));
    const first = await Promise.any([...orders].map(async ([one, order]) => (await order) && one));
    const order = await orders.get(first);
    assert.equal((await asked).attrs.type, 'result');
    const other = first === jibri ? second : jibri;
    await first.say('busy');
    first.answer(order, { status: 'off', failure_reason: 'busy', should_retry: 'true' });
    const again = await orders.get(other);
    assert.equal(again.getChild('jibri', JIBRI).attrs.session_id, order.getChild('jibri', JIBRI).attrs.session_id);
    await other.report(again, { status: 'on' });
    await expectStatus(host, room, 'on');
    await other.stop();
    assert.equal((await expectStatus(host, room, 'off')).failure_reason, 'error');
    await first.say('idle');
    left = first;
  });

  await t.test('the recorder stops when the meeting is over', async () => {
    const room = fresh('rec');
    const host = await hostIn(server, room);
    const asked = ask(host, room, 'start');
    const order = await left.order('start');
    await asked;
    await host.close();
    assert.equal((await left.order('stop')).getChild('jibri', JIBRI).attrs.session_id, order.getChild('jibri', JIBRI).attrs.session_id);
  });
});

test('A47 nobody but the account of recorders gets into their room', async (t) => {
  const { server, attach, browser } = await setUp(t);
  const brewery = `jibribrewery@internal-muc.${server.domain}`;
  const jibri = await attach('jibri-1');
  assert.equal((await jibri.client.join(`jibribrewery@internal-muc.${server.domain}`, 'jibri-1')).attrs.type, undefined, 'again');
  const recorder = await browser();
  assert.equal((await recorder.join(brewery, 'me')).attrs.type, 'error');
  const room = fresh('rec');
  const guest = await guestIn(server, room).catch(() => undefined);
  await guest?.close();
  const host = await hostIn(server, room);
  refusedWith(await host.iq('set', `${brewery}/jibri-1`, el('jibri', { xmlns: JIBRI, action: 'start' })), 'service-unavailable');
  refusedWith(await host.iq('set', `${brewery}/focus`, el('jibri', { xmlns: JIBRI, status: 'on', session_id: 'x' })), 'service-unavailable');
  // Nor does a recorder's word count for a session that it was not asked for.
  const answer = await jibri.client.iq('set', `${brewery}/focus`, xml('jibri', { xmlns: JIBRI, status: 'on', session_id: 'x' }));
  assert.equal(answer.attrs.type, 'result');
  const twice = await TcpClient.start(t, server, { domain: `auth.${server.domain}`, username: 'jibri', password: server.passwords[1] });
  assert.equal((await twice.join(brewery, 'jibri-1')).getChild('error').getChild('conflict')?.name, 'conflict');
  assert.equal((await twice.join(brewery, 'focus')).attrs.type, 'error');
});

test('a recorder that says nothing in time is not waited for', async (t) => {
  const { server, attach } = await setUp(t, { JIBRI_PENDING_TIMEOUT: '1' });
  const jibri = await attach('jibri-1');
  const room = fresh('rec');
  const host = await hostIn(server, room);
  const asked = ask(host, room, 'start');
  await jibri.order('start');
  await asked;
  assert.equal((await expectStatus(host, room, 'off')).failure_reason, 'error');
  await jibri.order('stop');
});
