// S19 Revocation (access.md 4.8, 4.10). Other nodes belong to the cluster.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { audited, call, revoke, room as roomOf, occupant } from '../support/admin.mjs';
import { assertAdmittedAs, assertReady, assertResult, assertWaits } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { Server, run, serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

const SECOND = 1000;

const withId = (jti) => ({ claims: { jti } });

async function refusedAtSasl(server, room, token) {
  const client = await Client.open(server, { room, token });
  await client.start();
  const answer = await client.tryAuth();
  assert.equal(answer.el.name, 'failure', answer.raw);
  assert.ok(answer.el.getChild('not-allowed'), answer.raw);
}

async function becomesGuest(client, room, act) {
  const changed = client.expectPresence(room, client.nick, (presence) => presence.toString().includes('affiliation="none"'), 'he is a guest', SECOND);
  const begun = performance.now();
  await act();
  await changed;
  return performance.now() - begun;
}

test('S19 a moderator whose jti is revoked loses what it gave within a second, everywhere', async (t) => {
  const server = await serve(t);
  const room = fresh('s19');
  const host = await hostIn(server, room, 'host', withId('revoked-1'));
  const other = await holder(server, room, 'mod', 'other', withId('kept-1'));
  await other.enter(room);
  const { token } = host.options;

  await t.test('S19 running stream: a guest within 1 s, and everybody sees it', async () => {
    const seen = other.expectPresence(room, host.nick, (presence) => presence.toString().includes('affiliation="none"'), 'the other sees it', SECOND);
    const took = await becomesGuest(host, room, () => revoke(server, { jti: 'revoked-1', note: 'left the company' }));
    assert.ok(took < SECOND, `${took} ms`);
    await seen;
    const shown = occupant(await roomOf(server, room), host.nick);
    assert.equal(shown.kind, 'guest', JSON.stringify(shown));
  });

  await t.test('S19 his acts are refused from then on', async () => {
    const answer = await host.kick(room, other.nick, 'revenge');
    assert.equal(answer.attrs.type, 'error', String(answer));
    assert.equal(await host.role(room, other.nick), 'moderator');
  });

  await t.test('S19 other holders are untouched', async () => {
    await other.barrier();
    assert.equal(other.role(room), 'moderator');
    const again = await other.reload();
    assertReady(await again.ask(room));
    assertAdmittedAs(await again.join(room), 'moderator');
  });

  await t.test('S19 A10 a new connection with the token is refused', () => refusedAtSasl(server, room, token));

  await t.test('S19 resumption: with the token refused, with the id alone no better than a guest', async () => {
    await assert.rejects(host.resume(), /SASL/);
    const resumed = await host.resume({ token: undefined });
    assert.equal(resumed.resumed.el.name, 'resumed', resumed.resumed.raw);
    assertWaits(await resumed.ask(fresh('s19-new'), { token: undefined }));
  });

  await t.test('S19 A21 the ticket gives nothing any more', async () => {
    const again = await Client.login(server, { room: fresh('x'), storage: host.storage, name: 'with the ticket' });
    const asked = await again.askAgainWhenInvalid(room, { token: undefined });
    assertReady(asked);
    assertAdmittedAs(await again.join(room), 'guest');
    assertWaits(await again.ask(fresh('s19-absent'), { token: undefined }));
  });

  await t.test('S19 it is in the audit log, with the note nowhere near a credential', async () => {
    const entries = await eventually('the revocation is in the audit log', async () => {
      const found = await audited(server);
      return found.some((entry) => entry.act === 'revoke') && found;
    });
    assert.ok(entries.some((entry) => entry.act === 'login' && entry.reason === 'token-revoked'), JSON.stringify(entries.slice(-5)));
    assert.ok(!JSON.stringify(entries).includes(token.split('.')[2]));
  });
});

test('S19 every name of a credential can be revoked: token, hash, subject, key, ticket; and taken back', async (t) => {
  const server = await serve(t);

  await t.test('the token itself', async () => {
    const room = fresh('s19');
    const host = await hostIn(server, room, 'ada');
    await becomesGuest(host, room, async () => {
      const made = await revoke(server, { token: host.options.token });
      assert.equal(made.kind, 'token_hash');
      assert.ok(made.until > Date.now() / 1000, 'it is forgotten when the token has expired anyway');
    });
    await refusedAtSasl(server, room, host.options.token);
  });

  await t.test('the subject, and only what was issued before', async () => {
    const room = fresh('s19');
    const host = await hostIn(server, room, 'bea');
    const { subject } = occupant(await roomOf(server, room), host.nick);
    const made = await revoke(server, { subject, issued_before: Math.floor(Date.now() / 1000) + 1 });
    await refusedAtSasl(server, room, host.options.token);
    const later = server.token(room, 'mod', { user: { name: 'bea' }, claims: { iat: made.issued_before + 1 } });
    const again = await Client.login(server, { room, token: later, name: 'bea, later' });
    await again.enter(room);
    assertAdmittedAs({ self: again.rosters.get(again.roomJid(room)).get(again.nick), item: again.item(room), frame: {} }, 'moderator');
  });

  await t.test('the ticket alone: whoever acts by it', async () => {
    const room = fresh('s19');
    const host = await hostIn(server, room, 'cleo');
    const again = await host.reload();
    assertReady(await again.ask(room));
    assertAdmittedAs(await again.join(room), 'moderator');
    await becomesGuest(again, room, () => revoke(server, { ticket: again.storage.sessionId }));
    const asked = await again.ask(room);
    assert.ok(asked.sessionInvalid, String(asked.reply));
    const byToken = await holder(server, room, 'mod', 'cleo');
    await byToken.enter(room);
    assert.equal(byToken.role(room), 'moderator', 'the token still counts');
  });

  await t.test('the ticket of a guest: what a meeting gave him is gone with it', async () => {
    const room = fresh('s19');
    const host = await hostIn(server, room, 'dora');
    const gus = await guestIn(server, room, 'gus');
    assertResult(await host.grant(room, gus.jid), 'the grant');
    const again = await gus.reload();
    assertReady(await again.ask(room));
    assertAdmittedAs(await again.join(room), 'moderator');
    await becomesGuest(again, room, () => revoke(server, { ticket: again.storage.sessionId }));
    assert.ok((await again.ask(room)).sessionInvalid);
    await host.barrier();
    assert.equal(host.role(room), 'moderator', 'nobody else loses anything');
  });

  await t.test('taken back: it counts again', async () => {
    const room = fresh('s19');
    const token = server.token(room, 'mod', withId('twice'));
    const made = await revoke(server, { jti: 'twice' });
    await refusedAtSasl(server, room, token);
    assert.equal((await call(server, 'DELETE', `/revocations/${made.id}`)).status, 200);
    const client = await Client.login(server, { room, token });
    await client.enter(room);
    assert.equal((await call(server, 'DELETE', `/revocations/${made.id}`)).status, 404);
  });
});

test('S19 where guests may not be, the revoked one is removed', async (t) => {
  const server = await serve(t, { env: { ENABLE_GUESTS: '0' } });
  const room = fresh('s19');
  const host = await hostIn(server, room, 'host', withId('gone'));
  const other = await holder(server, room, 'mod', 'other');
  await other.enter(room);
  const out = other.expectGone(room, host.nick, SECOND);
  await revoke(server, { jti: 'gone' });
  await out;
});

test('S19 a revocation survives a restart', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'conclave-revoked-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const room = fresh('s19');
  const first = await Server.start({ dataDir: data });
  const token = first.token(room, 'mod', withId('kept-over-restart'));
  await revoke(first, { jti: 'kept-over-restart' });
  await first.stop();
  const stored = JSON.parse(readFileSync(join(data, 'revocations.json'), 'utf8'));
  assert.equal(stored.revocations.length, 1);

  const second = await Server.start({ dataDir: data });
  await refusedAtSasl(second, room, token);
  await second.stop();

  await t.test('a damaged list stops the start: what was revoked must not be forgotten', async () => {
    writeFileSync(join(data, 'revocations.json'), '{"revocations": [');
    const { code, stderr } = await run(['serve'], { env: { ...first.env } });
    assert.equal(code, 78, stderr);
    assert.match(stderr, /revocations\.json/);
  });
});

test('S19 conclave revoke does it from the command line', async (t) => {
  const server = await serve(t);
  server.env.CONCLAVE_ADMIN_URL = `http://${server.host}:${server.http}`;
  const room = fresh('s19');
  const host = await hostIn(server, room, 'host', withId('by-command'));
  await becomesGuest(host, room, async () => {
    const { code, stdout, stderr } = await server.cli(['revoke', '--jti', 'by-command', '--lasts', '30 days', '--note', 'lost laptop']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Revoked: [0-9a-f]{20} {2}jti by-command {2}until \d+ {2}\(lost laptop\)$/m);
  });
  const listed = await server.cli(['revoke', '--list']);
  assert.match(listed.stdout, /jti by-command/);
  const id = listed.stdout.slice(0, 20);
  assert.equal((await server.cli(['revoke', '--take-back', id])).code, 0);
  assert.equal((await server.cli(['revoke', '--list'])).stdout, 'Nothing is revoked.\n');
  const nonsense = await server.cli(['revoke', '--jti', 'a', '--subject', 'b']);
  assert.equal(nonsense.code, 1);
  assert.match(nonsense.stderr, /exactly one/);
  const guestStill = await guest(server, room);
  await guestStill.barrier();
});
