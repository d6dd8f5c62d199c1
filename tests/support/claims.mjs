// What scenarios assert again and again, in the words of access.md.
import assert from 'node:assert/strict';
import { parse } from 'ltx';
import { notStarted } from './admin.mjs';
import { NS, codes, errorOf, itemOf, child, isMessage, isPresence } from './xmpp.mjs';

/** The W2 answer (access.md 4.6): IQ error auth/not-authorized, to be asked again. */
export function assertWaits(asked, who = 'the asker') {
  assert.equal(asked.reply.attrs.type, 'error', `${who} waits (W2: IQ error), but was answered ${asked.reply}`);
  assert.equal(asked.error.type, 'auth', `${who} waits with type auth: ${asked.reply}`);
  assert.equal(asked.error.condition, 'not-authorized', `${who} waits with not-authorized: ${asked.reply}`);
  assert.equal(asked.sessionInvalid, false, `no session-invalid: ${asked.reply}`);
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
