// S25 New settings without a restart (access.md 4.10): by the admin API and by SIGHUP; a file with an error changes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertReady, assertRoomMismatch } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { policy, reload, withFile } from '../support/rewritable.mjs';
import { Issuer } from '../support/token.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

async function isLetIn(server, room) {
  const client = await guest(server, room, 'newcomer');
  const asked = await client.ask(room);
  if (!asked.ready) return false;
  const joined = await client.join(room);
  await client.close();
  return !joined.error;
}

test('S25 GUESTS from join to deny: the next decision uses it, who is inside stays', async (t) => {
  const { server, write } = await withFile(t, policy('join'));
  const room = fresh('s25');
  const host = await hostIn(server, room);
  const inside = await guestIn(server, room, 'inside');
  assert.equal(await isLetIn(server, room), true);
  write(policy('deny'));
  assert.equal((await reload(server)).status, 200);
  assert.equal(await isLetIn(server, room), false);
  await inside.barrier();
  assert.equal(inside.role(room), 'participant');
  assert.deepEqual(new Set(host.nicks(room)), new Set([host.nick, inside.nick]));
});

test('S25 SIGHUP does the same', async (t) => {
  const { server, write } = await withFile(t, policy('join'));
  const room = fresh('s25');
  await hostIn(server, room);
  write(policy('deny'));
  server.child.kill('SIGHUP');
  await eventually('the log says what changed', () => /settings reloaded.*CONCLAVE_GUESTS/.test(server.output));
  assert.equal(await isLetIn(server, room), false);
});

test('S25 a file with an error is named with its line, and the old settings stay in force', async (t) => {
  const { server, write } = await withFile(t, policy('join'));
  const room = fresh('s25');
  await hostIn(server, room);
  write('[policy]\nauth = ["token"]\nguests = "yes"\n');
  const answer = await reload(server);
  assert.equal(answer.status, 422);
  assert.match(JSON.stringify(answer.body ?? answer), /conclave\.toml:3/);
  assert.equal(await isLetIn(server, room), true);
});

test('S25 rooms that match a pattern have switches of their own, and a reload changes them', async (t) => {
  const { server, write } = await withFile(t, policy('join', '\n[[rooms]]\nmatch = "staff-*"\nguests = "deny"\n'));
  const [open, staff] = [fresh('open'), fresh('staff')];
  await hostIn(server, open);
  await hostIn(server, staff);
  assert.equal(await isLetIn(server, open), true);
  assert.equal(await isLetIn(server, staff), false);
  write(policy('join'));
  assert.equal((await reload(server)).status, 200);
  assert.equal(await isLetIn(server, staff), true);
});

test('several issuers side by side, each with its own secret; neither speaks for the other', async (t) => {
  const school = new Issuer({ app: 'school', secret: 'the-secret-of-the-school-has-more-than-32-bytes' });
  const clinic = new Issuer({ app: 'clinic', secret: 'the-secret-of-the-clinic-has-more-than-32-bytes' });
  const issuers = [school, clinic].map((one) => `[[issuer]]\nname = "${one.app}"\nsecret = "${one.secret}"\n`).join('\n');
  const { server } = await withFile(t, policy('join', `\n${issuers}`));
  for (const issuer of [school, clinic]) {
    const room = fresh(issuer.app);
    const client = await Client.login(server, { room, token: issuer.token(room, 'mod') });
    assertReady(await client.ask(room));
    assertAdmittedAs(await client.join(room), 'moderator');
  }
  const room = fresh('crossed');
  const crossed = new Issuer({ app: 'clinic', secret: school.secret });
  const stranger = await Client.open(server, { room, token: crossed.token(room, 'mod') });
  await stranger.start();
  assert.equal((await stranger.tryAuth()).el.name, 'failure', 'A6 another issuer’s name under this one’s key');
});

test('a room that is defined before it starts: password from the first second, capacity', async (t) => {
  const room = fresh('defined');
  const { server } = await withFile(t, policy('join', `\n[[room]]\nname = "${room}"\npassword = "sesame-of-the-board"\ncapacity = 2\n`));
  const host = await holder(server, room, 'mod');
  assertReady(await host.ask(room));
  assertAdmittedAs(await host.join(room), 'moderator');
  const visitor = await guest(server, room);
  assertReady(await visitor.ask(room));
  const without = await visitor.join(room);
  assert.equal(`${without.error?.type}/${without.error?.condition}`, 'auth/not-authorized');
  assertAdmittedAs(await visitor.join(room, { password: 'sesame-of-the-board' }), 'guest');
  const third = await guest(server, room, 'third');
  const full = await third.join(room, { password: 'sesame-of-the-board' });
  assert.equal(full.error?.condition, 'service-unavailable');
});

test('the scope of a token holds whatever the settings become', async (t) => {
  const { server, write } = await withFile(t, policy('join'));
  const [a, b] = [fresh('a'), fresh('b')];
  const client = await holder(server, b, 'mod', 'T(a,mod)', { tokenRoom: a });
  write(policy('create'));
  assert.equal((await reload(server)).status, 200);
  await client.ask(b);
  assertRoomMismatch(await client.join(b));
});
