// What somebody is in a room, and what he himself may do there: as our server says it in presence, or as well as it can be told from
// affiliation and role where another server does not.

import type { Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';

export const standings = ['host', 'moderator', 'participant', 'guest', 'visitor', 'service'] as const;
export type Standing = (typeof standings)[number];

// The server's words for rights (its capabilities), those that this client has buttons for.
export const rights = ['admit', 'deny', 'kick', 'bar', 'mute', 'grant', 'revoke', 'set_password', 'set_lobby', 'room_settings', 'metadata', 'end', 'invite', 'share_screen', 'record'] as const;
export type Right = (typeof rights)[number];

export function readStanding(presence: Element): Standing {
  const said = presence.getChild('access', ns.access)?.attrs.role;
  const known = standings.find((one) => one === said);
  if (known !== undefined) return known;
  const item = presence.getChild('x', ns.mucUser)?.getChild('item');
  if (item?.attrs.role === 'moderator') return 'moderator';
  if (item?.attrs.role === 'visitor') return 'visitor';
  return item?.attrs.affiliation === 'member' ? 'participant' : 'guest';
}

// From one's own presence. Hiding a button is not a check: the server decides each time.
export function readRights(presence: Element): Set<Right> {
  const said = presence.getChild('access', ns.access)?.attrs.can;
  if (said !== undefined) {
    const words = new Set(said.split(' '));
    return new Set(rights.filter((right) => words.has(right)));
  }
  const moderates = presence.getChild('x', ns.mucUser)?.getChild('item')?.attrs.role === 'moderator';
  return new Set(moderates ? rights.filter((right) => right !== 'invite') : ['share_screen']);
}

// Why one has the role that one has, in the server's words; empty if it does not say.
export function readWhy(presence: Element): string {
  return presence.getChild('access', ns.access)?.text().trim() ?? '';
}

// The name comes from a credential that the server has checked: it alone writes this element.
export function isVerified(presence: Element): boolean {
  return presence.getChild('identity')?.getChild('user') !== undefined;
}
