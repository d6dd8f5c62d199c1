// What scenarios assert again and again, in the words of access.md.
import assert from 'node:assert/strict';
import { parse } from 'ltx';
import { notStarted } from './admin.mjs';
import { NS, codes, errorOf, itemOf, child, isMessage, isPresence } from './xmpp.mjs';

/** The W2 answer (access.md 4.6, ENABLE_LOBBY=0): IQ error auth/not-authorized, to be asked again. */
export function assertWaitsW2(asked, who = 'the asker') {
  assert.equal(asked.reply.attrs.type, 'error', `${who} waits (W2: IQ error), but was answered ${asked.reply}`);
  assert.equal(asked.error.type, 'auth', `${who} waits with type auth: ${asked.reply}`);
  assert.equal(asked.error.condition, 'not-authorized', `${who} waits with not-authorized: ${asked.reply}`);
  assert.equal(asked.sessionInvalid, false, `no session-invalid: ${asked.reply}`);
}

/** The request of somebody who waits by W1: ready, but nothing is given with it. Says little alone: assertWaitsFor says it all. */
export function assertWaits(asked, who = 'the asker') {
  assert.ok(asked.ready, `${who} waits (W1: ready, the door says the rest), but was answered ${asked.reply}`);
  assert.equal(asked.conference.identity, undefined, `${who} is nobody here: ${asked.reply}`);
}

/** The door's answer to somebody who has to go to the lobby, in both forms (signalling.md 5.14); returns the lobby's address. */
export function assertSentToLobby(joined, who = 'the joiner') {
  assert.ok(joined.error, `${who} is sent to the lobby, but is inside: ${joined.self}`);
  const { type, condition, code, elements } = joined.error;
  assert.equal(`${type}/${condition}`, 'auth/registration-required', `${who}: ${joined.presence}`);
  assert.equal(code, '407', String(joined.presence));
  const lobby = elements.find((each) => each.name === 'lobbyroom');
  assert.equal(lobby?.attrs.xmlns, NS.jitmeet, `<lobbyroom xmlns="${NS.jitmeet}"/> in the error of ${joined.presence}`);
  const old = joined.presence.children.find((each) => each.name === 'lobbyroom');
  assert.equal(old?.getText(), lobby.getText(), `<lobbyroom/> for older clients in ${joined.presence}`);
  return lobby.getText();
}

/** Waits for a host by W1: the request is ready and starts nothing, the door says registration-required with <waiting-for-host/>. */
export async function assertWaitsFor(client, room, options) {
  assertWaits(await client.ask(room, options), client.name);
  const joined = await client.join(room);
  const lobby = assertSentToLobby(joined, client.name);
  assert.ok(joined.error.children.includes('waiting-for-host'), `<waiting-for-host/> in ${joined.presence}`);
  return lobby;
}

export function assertReady(asked) {
  assert.ok(asked.ready, `conference request ready="true", but it was answered ${asked.reply}`);
}

export async function assertNotStarted(server, room) {
  assert.ok(await notStarted(server, room), `${room} is not started`);
}

/** The join was refused by scope: cancel/not-allowed with room-mismatch in the jitmeet namespace. */
export function assertRoomMismatch(joined) {
  assert.ok(joined.error, `the join is refused, but the presence was ${joined.self}`);
  const { type, condition, elements } = joined.error;
  assert.equal(`${type}/${condition}`, 'cancel/not-allowed', String(joined.presence));
  const mismatch = elements.find((each) => each.name === 'room-mismatch');
  assert.equal(mismatch?.attrs.xmlns, NS.jitmeet, `<room-mismatch xmlns="${NS.jitmeet}"/> in ${joined.presence}`);
}

export const ROLES = {
  moderator: { affiliation: 'owner', role: 'moderator' },
  participant: { affiliation: 'member', role: 'participant' },
  guest: { affiliation: 'none', role: 'participant' },
};

/** Self-presence carries the affiliation and role of access.md 4.4, status 110 and never 201. */
export function assertAdmittedAs(joined, kind) {
  assert.ok(!joined.error, `admitted as ${kind}, but refused: ${joined.presence}`);
  const { affiliation, role } = joined.item ?? {};
  assert.deepEqual({ affiliation, role }, ROLES[kind], `admitted as ${kind}: ${joined.frame.raw}`);
  assert.ok(codes(joined.self).includes('110'), `status 110 in ${joined.frame.raw}`);
  assert.ok(!codes(joined.self).includes('201'), `no status 201 in ${joined.frame.raw}`);
}

/** An IQ was refused for lack of a right. */
export function assertForbidden(answer, act) {
  assert.ok(answer, `${act}: an answer, but the stream ended`);
  assert.equal(answer.attrs.type, 'error', `${act} is refused, but was answered ${answer}`);
  assert.ok(['forbidden', 'not-allowed'].includes(errorOf(answer).condition), `${act}: forbidden or not-allowed, but ${answer}`);
}

export function assertResult(answer, act) {
  assert.ok(answer, `${act}: an answer, but the stream ended`);
  assert.equal(answer.attrs.type, 'result', `${act} succeeds, but was answered ${answer}`);
}

/** Nothing of a room ever reached this client: no occupant, no message, no metadata. */
export function assertHeardNothingOf(client, room) {
  const jid = client.roomJid(room);
  const heard = client.log.filter((frame) => (isPresence(frame) || isMessage(frame)) && frame.el.attrs.type !== 'error' && frame.raw.includes(jid));
  assert.deepEqual(heard.map((frame) => frame.raw), [], `${client.name} hears nothing of ${room}`);
}

/** What a set of clients see of a room now: nick → role, for comparison before and after. Call after a barrier. */
export function rolesSeenBy(client, room) {
  const roster = client.rosters.get(client.roomJid(room)) ?? new Map();
  return Object.fromEntries([...roster].map(([nick, presence]) => [nick, `${itemOf(presence)?.affiliation}/${itemOf(presence)?.role}`]).sort());
}

export const reasonOf = (presence) => {
  const x = child(presence, 'x', NS.mucUser);
  return (child(child(x, 'item'), 'reason') ?? child(child(x, 'destroy'), 'reason'))?.getText();
};

/** An element's text without namespaces that are inherited anyway: two elements of one meaning are equal. */
export function canonical(element, inherited) {
  const copy = parse(String(element));
  const strip = (each, outer) => {
    const own = each.attrs.xmlns ?? outer;
    if (own === outer) delete each.attrs.xmlns;
    for (const inner of each.children) if (typeof inner !== 'string') strip(inner, own);
  };
  strip(copy, inherited);
  return String(copy);
}
