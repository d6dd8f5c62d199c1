// S25 A reload counts for what was bought before it: tickets of old settings, streams that have logged in, people inside if so asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, logIn } from '../support/account.mjs';
import { assertAdmittedAs, assertReady, assertWaitsFor } from '../support/claims.mjs';
import { fresh, guestIn } from '../support/people.mjs';
import { policy, reload, withFile } from '../support/rewritable.mjs';
import { Issuer } from '../support/token.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

const school = new Issuer({ app: 'school', secret: 'the-secret-of-the-school-has-more-than-32-bytes' });
const clinic = new Issuer({ app: 'clinic', secret: 'the-secret-of-the-clinic-has-more-than-32-bytes' });
const table = (issuer) => `[[issuer]]\nname = "${issuer.app}"\nsecret = "${issuer.secret}"\n`;

const holderOf = (server, issuer, room, role, name = `${role} of ${issuer.app}`) => Client.login(server, { room, name, token: issuer.token(room, role) });

async function inside(server, issuer, room, role) {
  const client = await holderOf(server, issuer, room, role);
  await client.enter(room);
  return client;
}

async function put(server, write, text, how) {
  write(text);
  const answer = await reload(server, how);
  assert.equal(answer.status, 200, answer.body);
  return answer.json;
}

test('S25 RELOAD=off: a ticket that was bought before carries nothing, and does again when it is taken back', async (t) => {
  const { server, write } = await withFile(t, policy('join', table(clinic)));
  const room = fresh('s25');
  const host = await inside(server, clinic, room, 'mod');
  const stays = await inside(server, clinic, room, 'part');
  assert.ok(host.storage.sessionId);
  await put(server, write, policy('join', `reload = "off"\n${table(clinic)}`));
  const again = await host.reload();
  assert.equal((await again.ask(room)).sessionInvalid, false, 'out of scope, silently');
  assertAdmittedAs(await again.join(room), 'guest');
  await put(server, write, policy('join', table(clinic)));
  const later = await again.reload({ storage: host.storage });
  assertReady(await later.ask(room));
  assertAdmittedAs(await later.join(room), 'moderator');
  await stays.barrier();
});

test('S25 an issuer that is gone: its tickets and its open streams are guests, who is inside stays as he is', async (t) => {
  const { server, write } = await withFile(t, policy('join', table(school) + table(clinic)));
  const room = fresh('s25');
  const host = await inside(server, school, room, 'mod');
  const other = await inside(server, clinic, room, 'mod');
  const early = await holderOf(server, school, room, 'mod', 'logged in before');
  await put(server, write, policy('join', table(clinic)));

  await t.test('S25 inside: nothing is taken', async () => {
    await host.barrier();
    assert.equal(host.role(room), 'moderator');
  });
  await t.test('S25 a stream that logged in before comes in as a guest', async () => {
    await early.ask(room);
    assertAdmittedAs(await early.join(room), 'guest');
    const elsewhere = fresh('s25');
    await assertWaitsFor(early, elsewhere);
  });
  await t.test('S25 his ticket is a guest’s', async () => {
    const again = await host.reload();
    await again.ask(room);
    assertAdmittedAs(await again.join(room), 'guest');
  });
  await t.test('S25 the other issuer’s is not touched', async () => {
    const again = await other.reload();
    assertReady(await again.ask(room));
    assertAdmittedAs(await again.join(room), 'moderator');
  });
});

test('S25 an issuer that is gone, and those inside decided anew: its holders are guests at once', async (t) => {
  const { server, write } = await withFile(t, policy('join', table(school) + table(clinic)));
  const room = fresh('s25');
  const host = await inside(server, school, room, 'mod');
  const other = await inside(server, clinic, room, 'mod');
  await put(server, write, policy('join', table(clinic)), 'anew');
  await eventually('the host of the issuer that is gone is a guest', async () => (await other.barrier(), other.role(room, host.nick) !== 'moderator'));
  assert.equal(other.role(room), 'moderator');
});

test('S25 GUESTS=deny, and those inside decided anew: guests are removed with a reason, by the call or by at_reload', async (t) => {
  for (const [how, more] of [['anew', ''], [undefined, 'at_reload = "anew"\n']]) {
    const { server, write } = await withFile(t, policy('join', table(clinic)));
    const room = fresh('s25');
    const host = await inside(server, clinic, room, 'mod');
    const guest = await guestIn(server, room, 'guest');
    await put(server, write, policy('deny', more + table(clinic)), how);
    await eventually('the guest is out', async () => (await host.barrier(), !host.nicks(room).includes(guest.nick)));
    assert.equal(host.role(room), 'moderator');
  }
});

test('S25 AUTH without password, and auto_login off: what an account bought before is worth nothing', async (t) => {
  const auth = (list, more = '') => `[policy]\nauth = [${list}]\nguests = "join"\n${more}${table(clinic)}`;
  const { server, write } = await withFile(t, auth('"token", "password"'));
  const alice = await addAccount(server, 'alice');
  const room = fresh('s25');
  await inside(server, clinic, room, 'mod');
  const host = await logIn(server, room, alice);
  await host.enter(room);

  await put(server, write, auth('"token", "password"', 'auto_login = false\n'));
  const kept = await host.reload();
  await kept.ask(room);
  assertAdmittedAs(await kept.join(room), 'guest');
  await kept.close();

  await put(server, write, auth('"token"'));
  const again = await Client.login(server, { room, storage: host.storage, name: 'alice again' });
  await again.ask(room);
  assertAdmittedAs(await again.join(room), 'guest');
});

test('S25 tokens are not looked at any more: an [[issuer]] is not believed, and it says so', async (t) => {
  const { server, write } = await withFile(t, policy('join', table(clinic)));
  const done = await put(server, write, `[policy]\nauth = ["password"]\n${table(clinic)}`);
  assert.ok(done.changed.includes('CONCLAVE_AUTH'), JSON.stringify(done));
  const room = fresh('s25');
  const stranger = await Client.open(server, { room, token: clinic.token(room, 'mod') });
  await stranger.start();
  assert.equal((await stranger.tryAuth()).el.name, 'failure');
});

test('S25 each setting that needs a restart is named until there is one, and no value is', async (t) => {
  const { server, write } = await withFile(t, policy('join', table(clinic)));
  const more = '[server]\nbind = "127.0.0.2"\nloops = 2\n[log]\nadmin_url = "http://127.0.0.1:1"\n[services]\nbridge_password = "canary-0123456789"\n';
  for (const text of [`${policy('join', table(clinic))}${more}`, `${policy('deny', table(clinic))}${more}`]) {
    const done = await put(server, write, text);
    // What the environment says wins over the file: CONCLAVE_BIND did not change.
    assert.deepEqual([...done.needs_restart].sort(), ['CONCLAVE_ADMIN_URL', 'CONCLAVE_LOOPS', 'JVB_AUTH_PASSWORD']);
    assert.ok(!JSON.stringify(done).includes('canary'));
  }
  const back = await put(server, write, policy('deny', table(clinic)));
  assert.deepEqual(back.needs_restart, []);
  server.child.kill('SIGHUP');
  await eventually('the log says that nothing changed', () => /settings reloaded.*nothing changed/.test(server.output));
  assert.ok(!server.output.includes('canary'));
});
