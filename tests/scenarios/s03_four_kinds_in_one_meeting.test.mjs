// S3 (access.md 4.10): an account, a token, two people of a directory and a guest in one meeting, each with exactly his rights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, logIn } from '../support/account.mjs';
import { explain, slugOf } from '../support/admin.mjs';
import { ROLES, assertAdmittedAs, rolesSeenBy } from '../support/claims.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { HOST_GROUP, Slapd, passwordOf } from '../support/slapd.mjs';
import { Client } from '../support/xmpp.mjs';

const EXPECTED = {
  alice: { role: 'moderator', slug: 'host-by-account' },
  token: { role: 'moderator', slug: 'host-by-claim' },
  bob: { role: 'moderator', slug: 'host-by-ldap' },
  carol: { role: 'participant', slug: 'role-claim-participant' },
  guest: { role: 'guest', slug: 'guest-may-join' },
};

const inDirectory = (uid) => ({ name: uid, password: passwordOf(uid), mechanism: 'PLAIN' });

async function fourKinds(context) {
  const slapd = await Slapd.start(context);
  const server = await serve(context, { env: { AUTH_TYPE: 'jwt,internal,ldap', ...slapd.settings({ CONCLAVE_LDAP_HOST_GROUP: HOST_GROUP }) } });
  server.passwords = ['bob', 'carol'].map(passwordOf);
  // The directory has an alice too, with another password: the local account comes first.
  const alice = await addAccount(server, 'alice', { role: 'host' });
  const come = {
    alice: (room) => logIn(server, room, { ...alice, mechanism: 'PLAIN' }),
    token: (room) => holder(server, room, 'mod', 'token'),
    bob: (room) => logIn(server, room, inDirectory('bob')),
    carol: (room) => logIn(server, room, inDirectory('carol')),
    guest: (room) => guest(server, room, 'guest'),
  };
  return { server, come };
}

for (const order of [
  ['alice', 'token', 'bob', 'carol', 'guest'],
  ['bob', 'guest', 'carol', 'token', 'alice'],
  ['token', 'carol', 'guest', 'alice', 'bob'],
]) {
  test(`S3 four kinds in one meeting: ${order.join(', ')}`, async (context) => {
    const { server, come } = await fourKinds(context);
    const room = fresh('y');
    const people = {};
    for (const name of order) {
      people[name] = await come[name](room);
      assertAdmittedAs(await people[name].enter(room), EXPECTED[name].role);
    }

    const expected = Object.fromEntries(order.map((name) => [people[name].nick, `${ROLES[EXPECTED[name].role].affiliation}/${ROLES[EXPECTED[name].role].role}`]));
    for (const client of Object.values(people)) {
      await client.barrier();
      const { focus, ...seen } = rolesSeenBy(client, room);
      assert.deepEqual(seen, Object.fromEntries(Object.entries(expected).sort()), `${client.name} sees the same roles as everybody`);
    }
    for (const name of order) {
      const explained = await explain(server, room, people[name].nick);
      assert.equal(slugOf(explained.reason), EXPECTED[name].slug, `${name}: ${JSON.stringify(explained)}`);
    }
  });
}

test('S3 with a directory PLAIN is offered beside ANONYMOUS and no SCRAM: the directory needs the clear password', async (context) => {
  const { server } = await fourKinds(context);
  const client = await Client.open(server, { room: fresh('y') });
  await client.start();
  assert.deepEqual([...client.mechanisms].sort(), ['ANONYMOUS', 'PLAIN']);
  await client.auth('ANONYMOUS');
});
