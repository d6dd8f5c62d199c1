// Secrets that are easy to find again: they go in through some entrance, and whatever comes out anywhere is searched for them, plain and in the encodings
// that a careless line would use.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from './server.mjs';
import { within } from './waiting.mjs';
import { Client } from './xmpp.mjs';

let serial = 0;
export const canary = (kind) => `canary${++serial}${kind}${Math.random().toString(36).slice(2, 12)}Zq7`;

/** Every form in which a secret might stand somewhere. */
function forms(secret) {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(secret)].filter((form) => form.length >= 12);
}

/** The files that the server itself wrote, without those whose very purpose is to hold a secret. */
function written(folder) {
  const holders = new Set(['admin-token', 'jwt-secret', 'key.pem', 'cert.pem']);
  return readdirSync(folder, { recursive: true })
    .filter((name) => !holders.has(name) && !/\.(db|sqlite)(-\w+)?$/.test(name) && statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
}

export class Canaries {
  seeded = new Map(); // what it is → the text
  toOthers = []; // answers, and what people other than the holder of a secret were sent
  own = new Set(); // of seeded: what may be told

  seed(what, text = canary(what.replace(/\W/g, ''))) {
    this.seeded.set(what, text);
    return text;
  }

  /** A server that says all it can say, and is not judged for how it ends. */
  async server(t, env) {
    const server = await Server.start({ env: { CONCLAVE_LOG_LEVEL: 'debug', ...env }, keepData: true });
    t.after(() => {
      server.child.kill('SIGKILL');
      rmSync(server.folder, { recursive: true, force: true });
    });
    return server;
  }

  async crash(server) {
    server.child.kill('SIGABRT');
    await within(15000, Promise.race([server.ended, once(server.child, 'exit')]), 'end after SIGABRT');
    for (const client of server.clients) client.vanish();
  }

  assertNowhere(server) {
    const places = [['the log', server.output], ...this.toOthers.map((text, index) => [`answer ${index}`, text]), ...written(server.dataDir)];
    const found = [];
    for (const [what, secret] of this.seeded) {
      if (!secret || this.own.has(what)) continue;
      for (const [place, text] of places) if (forms(secret).some((form) => text.includes(form))) found.push(`${what} in ${place}`);
    }
    assert.ok(server.output.length > 500, 'there is a log to search');
    assert.ok(places.some(([place, text]) => place === 'audit.log' && text.includes('"login"')), 'there is an audit log to search');
    assert.deepEqual(found, [], `of ${this.seeded.size} canaries`);
  }
}

/** Opens a stream and tries one mechanism; whatever comes of it. */
export async function tryLogin(server, options, mechanism, payload) {
  const client = await Client.open(server, options).catch(() => undefined);
  if (!client) return undefined;
  await client.start().catch(() => {});
  await client.tryAuth(mechanism, payload).catch(() => {});
  return client;
}
