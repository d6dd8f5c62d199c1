// From one device to another (signalling.md 5.13): the second takes the place of the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { child, codes, el } from '../support/xmpp.mjs';

const SAME = { user: { id: 'pat-1', name: 'Pat' } };
const flip = { children: [el('flip_device')] };

test('flip between devices', async (t) => {
  const server = await serve(t, { env: { ENABLE_LOBBY: '1' } });

  await t.test('the laptop is out, and is told that the meeting goes on elsewhere; the telephone was asked for nothing', async () => {
    const room = fresh('flip');
    const host = await hostIn(server, room);
    const laptop = await holder(server, room, 'part', 'Pat', SAME);
    await laptop.enter(room);
    const phone = await holder(server, room, 'part', 'Pat', SAME);
    await phone.enter(room, flip);
    const gone = (await laptop.expectGone(room, laptop.nick)).el;
    assert.ok(child(gone, 'flip_device'), String(gone));
    assert.deepEqual(codes(gone).sort(), ['110', '307']);
    await host.expectGone(room, laptop.nick);
    await host.barrier();
    assert.deepEqual(host.nicks(room), [host.nick, phone.nick].sort());
    assert.equal(child(host.rosters.get(host.roomJid(room)).get(phone.nick), 'flip_device'), undefined);
  });

  await t.test('a granted moderator stays one', async () => {
    const room = fresh('flip');
    const host = await hostIn(server, room);
    const laptop = await holder(server, room, 'part', 'Pat', SAME);
    await laptop.enter(room);
    await host.grant(room, laptop.jid);
    const phone = await holder(server, room, 'part', 'Pat', SAME);
    assert.equal((await phone.enter(room, flip)).item.role, 'moderator');
  });

  await t.test('a guest, or somebody whose features lack it, puts nobody out', async () => {
    const room = fresh('flip');
    const host = await hostIn(server, room);
    const laptop = await holder(server, room, 'part', 'Pat', SAME);
    await laptop.enter(room);
    const guest = await guestIn(server, room, 'guest');
    const narrowed = await holder(server, room, 'part', 'Pat', { ...SAME, claims: { context: { user: { id: 'pat-1', name: 'Pat' }, features: { recording: true, flip: false } } } });
    await narrowed.enter(room, flip);
    await host.barrier();
    assert.ok(host.nicks(room).includes(laptop.nick));
    assert.ok(host.nicks(room).includes(guest.nick));
  });
});
