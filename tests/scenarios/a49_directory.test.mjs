// A49 (access.md 5): what can be done to, and by means of, an LDAP directory. Against a real slapd that is as careless as one may be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attempt, logIn } from '../support/account.mjs';
import { assertAdmittedAs } from '../support/claims.mjs';
import { assertNotHeldUp, roundTrips } from '../support/held_up.mjs';
import { fresh, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { HOST_GROUP, Slapd, dnOf, passwordOf, silentServer, strippingServer } from '../support/slapd.mjs';
import { eventually } from '../support/waiting.mjs';

async function serverFor(context, ldap) {
  const server = await serve(context, { env: { AUTH_TYPE: 'jwt,ldap', ...ldap } });
  server.passwords = ['alice', 'bob', 'carol'].map(passwordOf);
  return server;
}
const right = (uid) => ({ name: uid, password: passwordOf(uid) });

test('A49 a name that is filter syntax finds nobody', async (context) => {
  const slapd = await Slapd.start(context);
  const server = await serverFor(context, slapd.settings());
  for (const name of ['*', ')(uid=*', 'alice)(objectClass=*', '\\2a']) {
    const { result } = await attempt(server, { name, password: passwordOf('alice') });
    assert.equal(result, 'not-authorized', name);
  }
  assert.deepEqual(slapd.binds(), [], 'nobody was found, so nobody was tried');
  assert.equal((await attempt(server, right('alice'))).result, 'success');
});

test('A49 an empty password and a NUL never reach the directory', async (context) => {
  const slapd = await Slapd.start(context);
  const server = await serverFor(context, slapd.settings());
  for (const account of [
    { name: 'alice', password: '' },
    { name: 'alice', password: `${passwordOf('alice')}\0` },
    { name: 'alice\0', password: passwordOf('alice') },
  ]) {
    assert.notEqual((await attempt(server, account)).result, 'success', JSON.stringify(account));
  }
  assert.deepEqual(slapd.binds(), []);
});

test('A49 a referral to another host is not followed', async (context) => {
  const slapd = await Slapd.start(context);
  const elsewhere = await silentServer(context);
  const server = await serverFor(context, slapd.settings({ LDAP_BASE: 'ou=Elsewhere,dc=example,dc=org' }));
  assert.notEqual((await attempt(server, right('alice'))).result, 'success');
  assert.equal(elsewhere.sockets.size, 0);
  assert.deepEqual(slapd.binds(), []);
});

test('A49 a certificate for another name, or of an unknown CA, gets no password', async (context) => {
  const slapd = await Slapd.start(context);
  const wrongName = await serverFor(context, slapd.settings({ LDAP_URL: `ldaps://localhost:${slapd.tlsPort}` }));
  assert.equal((await attempt(wrongName, right('alice'))).result, 'temporary-auth-failure');
  const wrongNameAfterStartTls = await serverFor(context, slapd.settings({ LDAP_URL: `ldap://localhost:${slapd.port}`, LDAP_START_TLS: '1' }));
  assert.equal((await attempt(wrongNameAfterStartTls, right('alice'))).result, 'temporary-auth-failure');
  const unknownCa = await serverFor(context, slapd.settings({ LDAP_TLS_CACERT_FILE: undefined }));
  assert.equal((await attempt(unknownCa, right('alice'))).result, 'temporary-auth-failure');
  assert.deepEqual(slapd.binds(), []);
});

test('A49 STARTTLS that is stripped gets no password; one that is not, does', async (context) => {
  const slapd = await Slapd.start(context);
  const stripping = await strippingServer(context);
  const server = await serverFor(context, slapd.settings({ LDAP_URL: stripping.url, LDAP_START_TLS: '1' }));
  assert.equal((await attempt(server, right('alice'))).result, 'temporary-auth-failure');
  const heard = Buffer.concat(stripping.heard).toString('latin1');
  assert.ok(heard.includes('1.3.6.1.4.1.1466.20037'), 'it was asked for STARTTLS');
  assert.ok(!heard.includes('password') && !heard.includes('alice'), 'and heard nothing else');
  const good = await serverFor(context, slapd.settings({ LDAP_URL: slapd.url, LDAP_START_TLS: '1' }));
  assert.equal((await attempt(good, right('alice'))).result, 'success');
});

test('A49 when one directory server is down or hangs, the next is asked', async (context) => {
  const slapd = await Slapd.start(context);
  const silent = await silentServer(context);
  const server = await serverFor(context, slapd.settings({ LDAP_URL: `ldap://127.0.0.1:1 ${silent.url()} ${slapd.tlsUrl}`, CONCLAVE_LDAP_TIMEOUT: '1' }));
  assert.equal((await attempt(server, right('alice'))).result, 'success');
  assert.equal((await attempt(server, { name: 'alice', password: 'wrong' })).result, 'not-authorized');
});

test('S3 groups of the directory are roles: by member, and by a filter with the DN of the user', async (context) => {
  const slapd = await Slapd.start(context);
  for (const setting of [{ CONCLAVE_LDAP_HOST_GROUP: HOST_GROUP }, { CONCLAVE_LDAP_MODERATOR_FILTER: '(&(cn=hosts)(member=%D))' }]) {
    const server = await serverFor(context, slapd.settings(setting));
    const room = fresh('groups');
    const bob = await logIn(server, room, { ...right('bob'), mechanism: 'PLAIN' });
    assertAdmittedAs(await bob.enter(room), 'moderator');
    const carol = await logIn(server, room, { ...right('carol'), mechanism: 'PLAIN' });
    assertAdmittedAs(await carol.enter(room), 'participant');
  }
  assert.ok(slapd.binds().includes(dnOf('bob')));
});

test('A49 a directory that hangs holds up nobody else: p99 of a ping in another room is no 50 ms worse', async (context) => {
  const silent = await silentServer(context);
  const server = await serverFor(context, { LDAP_URL: silent.url(), LDAP_BASE: 'dc=example,dc=org', CONCLAVE_LDAP_TIMEOUT: '3' });
  const host = await hostIn(server, fresh('calm'));
  await host.barrier();
  const before = await roundTrips([host], 50);
  const logins = Array.from({ length: 12 }, (_, index) => attempt(server, { name: `user${index}`, password: 'a password that nobody can check' }));
  await eventually('the directory is asked', () => silent.sockets.size > 0);
  const during = await roundTrips([host], 100);
  assertNotHeldUp(context, before, during);
  for (const { result } of await Promise.all(logins)) assert.equal(result, 'temporary-auth-failure');
});
