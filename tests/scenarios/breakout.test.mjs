// Breakout rooms as stock clients make, fill and leave them (signalling.md 6.4), and who does not get in by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addBreakout, command, expectEvent, expectUpdate, named } from '../support/breakout.mjs';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, childrenOf, codes, el, errorOf, find, isIq, isPresence } from '../support/xmpp.mjs';

const removal = (presence) => find(presence, 'destroy');

for (const loops of ['1', '3']) {
  test(`breakout rooms, ${loops} loop${loops === '1' ? '' : 's'}`, async (t) => {
    const server = await serve(t, { env: { CONCLAVE_LOOPS: loops, ENABLE_LOBBY: '1', AUTO_PROMOTE: 'never' } });

    await t.test('the domain names the component, and the component can rename', async () => {
      const host = await hostIn(server, fresh('bo'));
      const identity = childrenOf(child(await host.disco(), 'query'), 'identity').find((each) => each.attrs.type === 'breakout_rooms');
      assert.equal(identity.attrs.name, `breakout.${server.domain}`);
      const info = child(await host.disco(identity.attrs.name, 'breakout_rooms'), 'query');
      assert.ok(childrenOf(info, 'feature').some((each) => each.attrs.var.endsWith('#rename')), String(info));
      assert.equal(info.attrs.node, 'breakout_rooms');
    });

    await t.test('made, named, filled, talked in, left, removed', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const bo = await guestIn(server, room, 'bo');
      const group = await addBreakout(host);
      assert.match(group, new RegExp(`^[0-9a-f-]{36}@breakout\\.${server.domain}$`));
      command(host, 'rename', { breakoutRoomJid: group, subject: 'Tea' });
      await expectUpdate(bo, (all) => named(all, 'Tea'));

      command(host, 'move-to-room', { participantJid: bo.jid, roomJid: group });
      const { roomJid } = await expectEvent(bo, 'move-to-room');
      assert.equal(roomJid, group);
      const inside = await bo.move(room, roomJid);
      assert.equal(inside.item.role, 'participant');
      const left = await host.expectGone(room, bo.nick);
      assert.equal(child(left.el, 'status').getText(), 'switch_room');
      const { rooms } = await expectUpdate(host, (all) => Object.keys(named(all, 'Tea')?.participants ?? {}).length === 1);
      assert.deepEqual(Object.keys(named(Object.values(rooms), 'Tea').participants), [`${group}/${bo.nick}`]);

      const info = await bo.disco(group);
      const fields = new Map(childrenOf(find(info, 'x'), 'field').map((field) => [field.attrs.var, child(field, 'value')?.getText()]));
      assert.equal(fields.get('muc#roominfo_isbreakout'), '1');
      assert.equal(fields.get('muc#roominfo_breakout_main_room'), bo.roomJid(room));

      assert.equal((await host.move(room, group)).item.role, 'moderator');
      host.groupchat(group, 'tea?');
      await bo.expectBody('tea?');
      command(host, 'remove', { breakoutRoomJid: group });
      const gone = await bo.expectGone(group, bo.nick);
      assert.equal(removal(gone.el).attrs.jid, bo.roomJid(room));
      assert.equal(find(gone.el, 'reason').getText(), 'Breakout room removed.');
      assert.ok(!(await bo.enter(room)).error);
      assert.equal((await host.enter(room)).item.role, 'moderator');
    });

    await t.test('asked for over HTTP the answer is ready, and the join decides', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const group = await addBreakout(host);
      const response = await fetch(`${server.webUrl}/conference-request/v1?room=${room}`, { method: 'POST', body: JSON.stringify({ room: group }) });
      assert.deepEqual([response.status, (await response.json()).focusJid], [200, `focus@auth.${server.domain}`]);
      await host.leave(room, host.nick, 'switch_room');
      assert.ok(!(await host.join(group)).error);
      assert.equal((await (await guest(server, room)).join(group)).error.condition, 'not-allowed');
    });

    await t.test('media: the focus invites in a breakout room as in the main room', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const bo = await guestIn(server, room, 'bo');
      const group = await addBreakout(host);
      await host.move(room, group);
      await bo.move(room, group);
      for (const client of [host, bo]) {
        await client.expect(
          (frame) => isIq(frame) && frame.el.attrs.from === `${group}/focus` && child(frame.el, 'jingle')?.attrs.action === 'session-initiate',
          'session-initiate in the breakout room',
        );
      }
    });

    await t.test('A29 who is not in the meeting does not enter, whatever he holds; nor with the nick of somebody on his way', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const bo = await guestIn(server, room, 'bo');
      const group = await addBreakout(host);
      for (const stranger of [await guest(server, room, 'stranger'), await holder(server, room, 'mod', 'late'), await guestIn(server, (await hostIn(server, fresh('bo'))).options.room, 'elsewhere')]) {
        await stranger.ask(group);
        const joined = await stranger.join(group);
        assert.equal(joined.error?.condition, 'not-allowed', `${stranger.name}: ${joined.presence ?? joined.self}`);
      }
      await bo.leave(room, bo.nick, 'switch_room');
      const thief = await guest(server, room, 'thief');
      await thief.ask(group);
      assert.equal((await thief.join(group, { nick: bo.nick })).error?.condition, 'not-allowed');
      assert.equal((await thief.join(room, { nick: bo.nick })).error?.condition, 'conflict');
      assert.ok(!(await bo.join(group)).error);
    });

    await t.test('A32 a guest in a breakout room kicks, grants and removes nobody there', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const bo = await guestIn(server, room, 'bo');
      const kay = await guestIn(server, room, 'kay');
      const group = await addBreakout(host);
      await bo.move(room, group);
      await kay.move(room, group);
      for (const item of [{ nick: kay.nick, role: 'none' }, { jid: bo.jid, affiliation: 'owner' }]) {
        assert.equal(errorOf(await bo.admin(group, item))?.condition, 'forbidden');
      }
      command(bo, 'remove', { breakoutRoomJid: group });
      command(bo, 'add', { subject: 'mine' });
      await bo.barrier();
      assert.equal((await kay.disco(group)).attrs.type, 'result');
    });

    await t.test('a kick, a grant and a password count in all rooms of the meeting', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const bo = await guestIn(server, room, 'bo');
      const group = await addBreakout(host);
      await bo.move(room, group);
      await host.iq(
        'set',
        host.roomJid(room),
        el('query', { xmlns: NS.mucOwner }, el('x', { xmlns: NS.form, type: 'submit' },
          el('field', { var: 'muc#roomconfig_roomsecret' }, el('value', {}, 's3cret')),
          el('field', { var: 'muc#roomconfig_passwordprotectedroom' }, el('value', {}, '1')))),
      );
      assert.ok(!(await bo.move(group, room)).error, 'who comes back is not asked for the password');
      const outside = await guest(server, room, 'outside');
      await outside.ask(room);
      assert.equal((await outside.join(room)).error.condition, 'not-authorized');
      assert.equal((await host.admin(room, { jid: bo.jid, affiliation: 'owner' })).attrs.type, 'result');
      assert.equal((await bo.move(room, group)).item.role, 'moderator');
      await host.move(room, group);
      assert.equal((await host.admin(group, { nick: bo.nick, role: 'none' })).attrs.type, 'result');
      await bo.expectGone(group, bo.nick);
      for (const door of [group, bo.roomJid(room)]) {
        bo.send(bo.presence(door));
        await bo.expect((frame) => isPresence(frame) && frame.el.attrs.type === 'error' && frame.el.attrs.from.startsWith(door), `refused at ${door}`);
      }
    });

    await t.test('the meeting lives while somebody is in a breakout room, and ends for all of them', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const part = await participantIn(server, room, 'part');
      const group = await addBreakout(host);
      await part.move(room, group);
      await host.leave(room);
      await part.barrier();
      assert.equal((await part.disco(group)).attrs.type, 'result');
      assert.equal((await host.enter(room)).item.role, 'moderator');
      part.send(el('message', { to: `endconference.${server.domain}` }, el('end_conference')));
      host.send(el('message', { to: `endconference.${server.domain}` }, el('end_conference')));
      const gone = await part.expectGone(group, part.nick);
      assert.equal(find(gone.el, 'reason').getText(), 'The meeting has been terminated');
      assert.equal(removal(gone.el).attrs.jid, undefined);
    });

    await t.test('rooms of a tenant: the main room stands in the list as the client writes it', async () => {
      const room = fresh('bo');
      const address = `${room}@conference.acme.${server.domain}`;
      const host = await holder(server, room, 'mod', 'host', { claims: { sub: 'acme' }, prefix: 'acme' });
      await host.enter(address);
      command(host, 'add', { subject: 'Group 1' });
      const { rooms } = await expectUpdate(host, (all) => named(all, 'Group 1'));
      assert.equal(rooms[room].jid, address);
      const group = named(Object.values(rooms), 'Group 1').jid;
      await host.move(address, group);
      assert.ok(codes((await host.move(group, address)).self).includes('110'));
    });

    await t.test('a session that ends in a breakout room is out, and the others are told', async () => {
      const room = fresh('bo');
      const host = await hostIn(server, room);
      const bo = await guestIn(server, room, 'bo');
      const group = await addBreakout(host);
      await bo.move(room, group);
      await host.move(room, group);
      await bo.close();
      await host.expectGone(group, bo.nick);
      assert.ok(host.log.every((frame) => !isPresence(frame) || frame.el.attrs.type !== 'error'));
    });
  });
}
