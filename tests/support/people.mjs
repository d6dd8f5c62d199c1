// The people of access.md 4.10: hosts, participants and guests, each with a browser storage of their own unless one is given.
import { randomBytes } from 'node:crypto';
import { Client } from './xmpp.mjs';

/** A room name that no other test uses. */
export const fresh = (prefix = 'r') => `${prefix}-${randomBytes(4).toString('hex')}`;

export function guest(server, room, name = 'guest', options = {}) {
  return Client.login(server, { room, name, ...options });
}

/** A connection with T(room, role). `options.claims`, `lifetime`, `user` shape the token. */
export function holder(server, room, role, name = role, options = {}) {
  const { claims, lifetime, until, user, ...rest } = options;
  const token = server.token(rest.tokenRoom ?? room, role, { claims, lifetime, until, user: { name, ...user } });
  return Client.login(server, { room, name, token, ...rest });
}

/** A host who has started the room. */
export async function hostIn(server, room, name = 'host', options = {}) {
  const host = await holder(server, room, 'mod', name, options);
  await host.enter(room);
  return host;
}

export async function guestIn(server, room, name = 'guest', options = {}) {
  const client = await guest(server, room, name, options);
  await client.enter(room);
  return client;
}

export async function participantIn(server, room, name = 'participant', options = {}) {
  const client = await holder(server, room, 'part', name, options);
  await client.enter(room);
  return client;
}

/** Says which clauses of a scenario a file leaves out, and why; ./test prints them. */
export function leftOut(context, clauses) {
  for (const clause of clauses) context.diagnostic(`left out: ${clause}`);
}
