// A real slapd (Debian's package) for scenarios: its own folder, ports, CA and certificate; people alice, bob and carol, a group of
// hosts. Nothing of the machine's own configuration is read. Stopped by its process id. src/ldap/test_slapd.h is the same for unit tests.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server.mjs';
import { within } from './waiting.mjs';

const SLAPD = ['/usr/sbin/slapd', '/usr/bin/slapd', '/usr/local/libexec/slapd'].find(existsSync);
const BASE = 'dc=example,dc=org';
export const HOST_GROUP = `cn=hosts,ou=Groups,${BASE}`;
export const ADMIN = `cn=admin,${BASE}`; // may bind and search
export const passwordOf = (uid) => `${uid}-password-in-the-directory`;
export const dnOf = (uid) => `uid=${uid},ou=People,${BASE}`;

function run(program, args) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${error ?? stderr}`);
}

const person = (uid, name) => `dn: ${dnOf(uid)}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${name}
sn: ${name}
displayName: ${name}
mail: ${uid}@example.org
userPassword: ${passwordOf(uid)}
`;

const PEOPLE = `dn: ${BASE}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=People,${BASE}
objectClass: organizationalUnit
ou: People

dn: ou=Groups,${BASE}
objectClass: organizationalUnit
ou: Groups

${person('alice', 'Alice of the directory')}
${person('bob', 'Bob the Host')}
${person('carol', 'Carol')}
dn: ${HOST_GROUP}
objectClass: groupOfNames
cn: hosts
member: ${dnOf('bob')}

dn: ou=Elsewhere,${BASE}
objectClass: referral
objectClass: extensibleObject
ou: Elsewhere
ref: ldap://127.0.0.1:1/ou=Elsewhere,${BASE}
`;

export class Slapd {
  output = '';

  /** A directory that runs; its certificate is for 127.0.0.1, not for localhost. `adminPassword` is ADMIN's. Stopped when the test is over. */
  static async start(context, { adminPassword = 'admin-password' } = {}) {
    if (!SLAPD) throw new Error('there is no slapd: install the Debian package of that name (./test does)');
    const slapd = new Slapd();
    slapd.adminPassword = adminPassword;
    slapd.folder = mkdtempSync(join(tmpdir(), 'conclave-slapd-'));
    mkdirSync(join(slapd.folder, 'db'));
    slapd.port = await freePort();
    slapd.tlsPort = await freePort();
    slapd.#certificate();
    slapd.#write('slapd.conf', slapd.#configuration());
    slapd.#write('people.ldif', PEOPLE);
    run(SLAPD, ['-T', 'add', '-f', slapd.file('slapd.conf'), '-l', slapd.file('people.ldif')]);
    context.after(async () => {
      await slapd.stop();
      rmSync(slapd.folder, { recursive: true, force: true });
    });
    await slapd.run();
    return slapd;
  }

  file(name) {
    return join(this.folder, name);
  }

  get url() {
    return `ldap://127.0.0.1:${this.port}`;
  }

  get tlsUrl() {
    return `ldaps://127.0.0.1:${this.tlsPort}`;
  }

  get ca() {
    return this.file('ca.pem');
  }

  /** The settings of a server that asks this directory, over TLS. */
  settings(extra = {}) {
    return { LDAP_URL: this.tlsUrl, LDAP_BASE: BASE, LDAP_FILTER: 'uid=%u', LDAP_TLS_CACERT_FILE: this.ca, CONCLAVE_LDAP_TIMEOUT: '2', ...extra };
  }

  #write(name, text) {
    writeFileSync(this.file(name), text, { mode: 0o600 });
  }

  #certificate() {
    const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const of = (name) => ['-keyout', this.file(`${name}.key`), '-out', this.file(`${name}.${name === 'ca' ? 'pem' : 'csr'}`)];
    run('openssl', ['req', '-x509', ...keys, '-days', '2', '-subj', '/CN=Test CA', ...of('ca')]);
    run('openssl', ['req', ...keys, '-subj', '/CN=slapd.test', ...of('server')]);
    this.#write('names', 'subjectAltName=IP:127.0.0.1\n');
    run('openssl', ['x509', '-req', '-in', this.file('server.csr'), '-CA', this.ca, '-CAkey', this.file('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', this.file('names'), '-out', this.file('server.pem')]);
  }

  #configuration() {
    return `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${this.file('pid')}
TLSCACertificateFile ${this.ca}
TLSCertificateFile ${this.file('server.pem')}
TLSCertificateKeyFile ${this.file('server.key')}
# As careless as a directory may be: a name with an empty password is let in, as nobody.
allow bind_anon_cred bind_anon_dn
referral ldap://127.0.0.1:1/
database mdb
suffix "${BASE}"
rootdn "${ADMIN}"
rootpw ${this.adminPassword}
directory ${this.file('db')}
access to attrs=userPassword by anonymous auth by * none
access to * by * read
`;
  }

  /** Begins to serve; in the foreground, so that it ends with us, and telling what it is asked. */
  async run() {
    const urls = `ldap://127.0.0.1:${this.port}/ ldaps://127.0.0.1:${this.tlsPort}/`;
    this.child = spawn(SLAPD, ['-d', 'stats', '-f', this.file('slapd.conf'), '-h', urls], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.ended = once(this.child, 'close');
    const starting = new Promise((done, fail) => {
      this.child.stderr.on('data', (chunk) => {
        this.output += chunk;
        if (this.output.includes('slapd starting')) done();
      });
      this.ended.then(([code]) => fail(new Error(`slapd ended with ${code}: ${this.output}`)));
    });
    await within(10000, starting, () => `"slapd starting"; it said ${this.output}`);
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await this.ended;
  }

  /** How many binds it was asked for, as whom; anonymous ones not counted. */
  binds() {
    return [...this.output.matchAll(/BIND dn="([^"]+)" method=128/g)].map((found) => found[1]);
  }
}

/** A listener that accepts and never says a word. `url(scheme)` is its address. */
export async function silentServer(context) {
  const sockets = new Set();
  const listener = createServer((socket) => sockets.add(socket.on('error', () => {}))).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return { sockets, url: (scheme = 'ldap') => `${scheme}://127.0.0.1:${listener.address().port}` };
}

/**
 * Somebody between us and the directory who answers STARTTLS with "no such thing", hoping to hear the password in clear text.
 * `heard` is all that clients sent.
 */
export async function strippingServer(context) {
  const heard = [];
  const refusal = (id) => Buffer.from([0x30, 0x0c, 0x02, 0x01, id, 0x78, 0x07, 0x0a, 0x01, 0x02, 0x04, 0x00, 0x04, 0x00]);
  const listener = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      heard.push(data);
      socket.write(refusal(data[4]));
    });
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  context.after(() => listener.close());
  return { heard, url: `ldap://127.0.0.1:${listener.address().port}` };
}
