// S23 Same person twice (access.md 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertResult } from '../support/claims.mjs';
import { goIn, knock } from '../support/lobby.mjs';
import { fresh, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { itemOf } from '../support/xmpp.mjs';

const SAME = { user: { id: 'pat-1', name: 'Pat' } };

async function twoDevices(server) {
  const room = fresh('s23');
  const host = await hostIn(server, room);
  const laptop = await holder(server, room, 'part', 'Pat', SAME);
  const phone = await holder(server, room, 'part', 'Pat', SAME);
  for (const device of [laptop, phone]) assertAdmittedAs(await goIn(device, room), 'participant');
  return { room, host, laptop, phone };
}
const isRole = (client, room, nick, role) => client.expectPresence(room, nick, (presence) => itemOf(presence)?.role === role, role);

test('S23 the same person twice', async (t) => {
  const server = await serve(t);

  await t.test('two occupants, both with the role', async () => {
    const { room, host, laptop, phone } = await twoDevices(server);
    await host.barrier();
    assert.deepEqual(host.nicks(room), [host.nick, laptop.nick, phone.nick].sort());
  });

  await t.test('granting and revoking on one device touches that one only', async () => {
    const { room, host, laptop, phone } = await twoDevices(server);
    for (const device of [laptop, phone]) {
      assertResult(await host.grant(room, device.jid), 'grant');
      await isRole(host, room, device.nick, 'moderator');
    }
    assertResult(await host.grant(room, phone.jid, 'none'), 'revoke');
    await isRole(host, room, phone.nick, 'participant');
    await host.barrier();
    assert.equal(host.role(room, laptop.nick), 'moderator');
  });

  await t.test('kicking one device leaves the other inside; both knock when they come again', async () => {
    const { room, host, laptop, phone } = await twoDevices(server);
    assertResult(await host.kick(room, laptop.nick), 'kick');
    await laptop.expectGone(room, laptop.nick);
    phone.groupchat(room, 'I stay');
    await host.expectBody('I stay');
    const again = await laptop.reload({ token: laptop.options.token });
    assert.ok(!(await knock(again, room)).waits, 'the kicked person knocks');
    await host.barrier();
    assert.ok(host.nicks(room).includes(phone.nick), 'the other device is inside still');
  });

  await t.test('barring touches both, and every device to come', async () => {
    const { room, host, laptop, phone } = await twoDevices(server);
    assertResult(await host.admin(room, { affiliation: 'outcast', jid: laptop.jid.split('/')[0] }, 'out'), 'bar');
    for (const device of [laptop, phone]) await device.expectGone(room, device.nick);
    const tablet = await holder(server, room, 'part', 'Pat', SAME);
    await tablet.ask(room);
    const joined = await tablet.join(room);
    assert.equal(`${joined.error?.type}/${joined.error?.condition}`, 'cancel/not-allowed', String(joined.presence));
    assert.ok(joined.error.children.includes('barred'), String(joined.presence));
  });

  await t.test('equal user ids in two tenants are two persons', async () => {
    const { room, host, laptop } = await twoDevices(server);
    assertResult(await host.admin(room, { affiliation: 'outcast', jid: laptop.jid.split('/')[0] }), 'bar');
    const namesake = await holder(server, room, 'part', 'Pat', { ...SAME, claims: { sub: '*' } });
    assertAdmittedAs(await goIn(namesake, room), 'participant');
  });
});
