// A personal guest link: the server mints a token for one room, one name, one role, for somebody whom a moderator wants in. What it allows
// is the server's decision; the link is as good as a key, so it goes to one person.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';

export const invitedRoles = ['participant', 'moderator'] as const;
export type InvitedRole = (typeof invitedRoles)[number];

export interface Invitation {
  token: string;
  name: string;
  role: InvitedRole;
  expires: Date; // may be sooner than was asked for
}

export function askInvitation(wish: { name: string; role: InvitedRole; seconds: number }): Element {
  return xml('invitation', { xmlns: ns.invitation, name: wish.name, role: wish.role, seconds: String(wish.seconds) });
}

// Null: the reply is not one.
export function readInvitation(reply: Element): Invitation | null {
  const found = reply.getChild('invitation', ns.invitation);
  const { token, name, role, expires } = found?.attrs ?? {};
  const known = invitedRoles.find((one) => one === role);
  const end = new Date(expires ?? '');
  if (token === undefined || token === '' || known === undefined || Number.isNaN(end.getTime())) return null;
  return { token, name: name ?? '', role: known, expires: end };
}

// The guest link: an address and nothing else. Whatever stands in the address bar, a credential above all, stays out of it.
export function guestLink(origin: string, tenant: string | null, room: string): string {
  const path = [tenant, room].filter((part) => part !== null).map(encodeURIComponent).join('/');
  return `${origin}/${path}`;
}

// In the fragment, which reaches neither logs nor the Referer header.
export function personalLink(origin: string, tenant: string | null, room: string, token: string): string {
  return `${guestLink(origin, tenant, room)}#jwt=${token}`;
}
