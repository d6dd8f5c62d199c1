// Personal links: a token that the server mints for one room, one name, one role, on the word of somebody inside who may give one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountCommand, addAccount, logIn, withAccounts } from '../support/account.mjs';
import { occupant, revoke, room as roomOf } from '../support/admin.mjs';
import { assertAdmittedAs, assertForbidden, assertNotStarted, assertReady, assertResult, assertRoomMismatch } from '../support/claims.mjs';
import { fresh, guest, guestIn, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { clockReaches } from '../support/waiting.mjs';
import { Client, child, el, errorOf, find } from '../support/xmpp.mjs';

const LINKS = 'https://conclave.invalid/protocol/invitation';

/** The answer to a wish, and what it minted. Tokens that exist are looked for in what the server prints when it stops (A15). */
async function invite(client, room, { name = 'Gina', role = 'participant', seconds = 3600 } = {}) {
  const reply = await client.iq('set', client.roomJid(room), el('invitation', { xmlns: LINKS, name, role, seconds: String(seconds) }));
  const made = child(reply, 'invitation', LINKS)?.attrs;
  if (reply.attrs.type === 'result') client.server.issuer.keep(made.token);
  return { reply, ...made };
}

const come = (server, room, token, options = {}) => Client.login(server, { room, name: 'invited', token, ...options });
const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('personal links: one room, one name, one role, an end', async (t) => {
  const server = await serve(t);

  await t.test('who has one comes in under that name and role, and everybody sees it', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    const { reply, token, expires } = await invite(host, room, { seconds: 600 });
    assertResult(reply, 'an invitation');
    assert.ok(Math.abs(Date.parse(expires) - Date.now() - 600_000) < 10_000, expires);
    const gina = await come(server, room, token);
    assertReady(await gina.ask(room));
    assertAdmittedAs(await gina.join(room, { nickname: 'Somebody else' }), 'participant');
    await host.barrier();
    const seen = host.rosters.get(host.roomJid(room)).get(gina.nick);
    assert.equal(find(seen, 'name')?.getText(), 'Gina', String(seen));
  });

  await t.test('it opens that room only, whatever the state of another', async () => {
    const [room, open, absent] = [fresh('link'), fresh('other'), fresh('absent')];
    const host = await hostIn(server, room);
    await hostIn(server, open, 'other host');
    for (const role of ['participant', 'moderator']) {
      const { token } = await invite(host, room, { role });
      for (const other of [open, absent]) {
        const visitor = await come(server, other, token);
        await visitor.ask(other);
        assertRoomMismatch(await visitor.join(other));
      }
      await assertNotStarted(server, absent);
    }
  });

  await t.test('guests and participants are refused, as forbidden, and learn no token', async () => {
    const room = fresh('link');
    await hostIn(server, room);
    for (const enter of [guestIn, participantIn]) {
      const actor = await enter(server, room);
      for (const role of ['participant', 'moderator']) {
        const { reply, token } = await invite(actor, room, { role });
        assertForbidden(reply, `a ${role}’s link`);
        assert.equal(errorOf(reply).condition, 'forbidden');
        assert.equal(token, undefined);
      }
    }
  });

  await t.test('so is whoever is not inside, also where there is no room', async () => {
    const room = fresh('link');
    const stranger = await guest(server, room);
    assertForbidden((await invite(stranger, room)).reply, 'by somebody outside');
    await hostIn(server, room);
    assertForbidden((await invite(stranger, room)).reply, 'by somebody outside');
  });

  await t.test('a moderator of this meeting gives no moderator’s link, and a participant’s only for a while', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    const made = await participantIn(server, room);
    assertResult(await host.grant(room, made.jid), 'the grant');
    assertForbidden((await invite(made, room, { role: 'moderator' })).reply, 'a moderator’s link');
    const { token } = await invite(made, room, { seconds: 7 * 24 * 3600 });
    const { iat, exp } = claims(token);
    assert.ok(exp - iat <= 2 * 3600, `${exp - iat} s`);
  });

  await t.test('a guest gives none, not even one who was made moderator', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    const made = await guestIn(server, room);
    assertResult(await host.grant(room, made.jid), 'the grant');
    const { reply } = await invite(made, room);
    assertForbidden(reply, 'a guest’s link');
    assert.match(errorOf(reply).text, /Guests give no personal links/);
  });

  await t.test('a link ends with the credential of who gave it', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room, 'host', { lifetime: 120 });
    const { token } = await invite(host, room, { role: 'moderator', seconds: 24 * 3600 });
    assert.ok(claims(token).exp <= claims(host.options.token).exp + 60, 'no longer than the inviter’s own, leeway included');
  });

  await t.test('a moderator’s link makes a host of that room, who starts it, and gives no links himself', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    const { token } = await invite(host, room, { name: 'Hal', role: 'moderator' });
    const hal = await come(server, room, token);
    assertReady(await hal.ask(room));
    assertAdmittedAs(await hal.join(room), 'moderator');
    assertForbidden((await invite(hal, room)).reply, 'an invitation by the invited');
  });

  await t.test('S19 a link is revoked with its giver: by his subject or his jti, running or shown anew', async () => {
    for (const name of ['subject', 'jti']) {
      const room = fresh('link');
      const keeper = await hostIn(server, room, 'keeper');
      const host = await hostIn(server, room, `giver-${name}`, { claims: { jti: fresh('giver') } });
      const { token } = await invite(host, room);
      assert.ok(!JSON.stringify(claims(token)).includes(occupant(await roomOf(server, room), host.nick).subject), 'the link does not tell his subject');
      const gina = await come(server, room, token);
      await gina.ask(room);
      assertAdmittedAs(await gina.join(room), 'participant');
      const lost = keeper.expectPresence(room, gina.nick, (presence) => presence.toString().includes('affiliation="none"'), 'the invited is a guest');
      const value = name === 'jti' ? claims(host.options.token).jti : occupant(await roomOf(server, room), host.nick).subject;
      await revoke(server, { [name]: value });
      await lost;
      await assert.rejects(come(server, room, token), /not-allowed|SASL/);
    }
  });

  await t.test('S19 an account that is locked takes the links it gave with it, for good', async () => {
    const accounts = await serve(t, { env: withAccounts() });
    const alice = await addAccount(accounts, 'alice', { role: 'host' });
    const room = fresh('link');
    const keeper = await hostIn(accounts, room, 'keeper');
    const host = await logIn(accounts, room, alice);
    await host.enter(room);
    const { token } = await invite(host, room);
    const gina = await come(accounts, room, token);
    await gina.enter(room);
    const lost = keeper.expectPresence(room, gina.nick, (presence) => presence.toString().includes('affiliation="none"'), 'the invited is a guest');
    assert.equal((await accountCommand(accounts, ['lock', 'alice'])).code, 0);
    await lost;
    await assert.rejects(come(accounts, room, token), /not-allowed|SASL/);
    assert.equal((await accountCommand(accounts, ['unlock', 'alice'])).code, 0);
    const again = await logIn(accounts, room, alice);
    await again.enter(room);
    await assert.rejects(come(accounts, room, token), /not-allowed|SASL/, 'what was given before stays gone');
  });

  await t.test('a link ends when it says', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    const { token, expires } = await invite(host, room, { seconds: 1 });
    await clockReaches(Date.parse(expires));
    await assert.rejects(come(server, room, token), /not-allowed|SASL/);
  });

  await t.test('a meeting that removed the giver, or took moderation from him, takes none of his links', async () => {
    for (const [what, act] of [
      ['kicked', (host, room, giver) => host.kick(room, giver.nick)],
      ['demoted', (host, room, giver) => host.grant(room, giver.jid, 'member')],
    ]) {
      const room = fresh('link');
      const host = await hostIn(server, room);
      const giver = await participantIn(server, room);
      assertResult(await host.grant(room, giver.jid), 'the grant');
      const { token } = await invite(giver, room);
      assertResult(await act(host, room, giver), what);
      const gina = await come(server, room, token);
      await gina.ask(room);
      const joined = await gina.join(room);
      assert.equal(`${joined.error?.type}/${joined.error?.condition}`, 'cancel/not-allowed', what);
      assert.match(joined.error.text, /Whoever gave you this link/);
    }
  });

  await t.test('what is no wish is a bad request', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    for (const wish of [{ name: '' }, { name: 'x'.repeat(257) }, { role: 'host' }, { role: '' }, { seconds: 0 }, { seconds: 'soon' }]) {
      assert.equal(errorOf((await invite(host, room, wish)).reply).condition, 'bad-request', JSON.stringify(wish));
    }
  });

  await t.test('a changed or foreign token is refused at SASL', async () => {
    const room = fresh('link');
    const host = await hostIn(server, room);
    const { token } = await invite(host, room);
    const [head, body] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims(token), room: '*' })).toString('base64url');
    // With the secret of another issuer of this server: no issuer's key signs for another.
    const { sign } = await import('../support/token.mjs');
    for (const bad of [`${head}.${forged}.${token.split('.')[2]}`, `${head}.${body}.AAAA`, sign(JSON.parse(Buffer.from(head, 'base64url')), claims(token), server.issuer.secret)]) {
      await assert.rejects(come(server, room, bad));
    }
  });
});
