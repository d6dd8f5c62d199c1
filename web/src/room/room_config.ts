// The settings of a room that moderators may change, as its owner form (XEP-0045 §10.2) has them. What the form does not hold, the server
// does not offer, and is null here.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { fieldValue } from './room_info';

const secret = 'muc#roomconfig_roomsecret';
const locked = 'muc#roomconfig_passwordprotectedroom';
const membersOnly = 'muc#roomconfig_membersonly';
const guestsToo = 'allowUnauthenticatedAccess'; // Jitsi's name; the opposite of "accounts only"
const maxUsers = 'muc#roomconfig_maxusers';
const sharers = 'x-conclave_may_share_screen';
const recorders = 'x-conclave_may_record';

// Who may do something here, as far as the server can say it without looking at a person.
export const circles = ['everybody', 'moderators', 'owners', 'nobody'] as const;
export type Circle = (typeof circles)[number];

export interface RoomSettings {
  locked: boolean | null;
  lobby: boolean | null;
  accountsOnly: boolean | null;
  capacity: number | 'none' | null; // people at the most
  mayShareScreen: Circle | null; // these two cannot be changed here
  mayRecord: Circle | null;
}

export const kMaxPasswordLength = 64; // UTF-16 units; the server's limit is 256 bytes

export function askSettings(): Element {
  return xml('query', { xmlns: ns.mucOwner });
}

export function readSettings(reply: Element): RoomSettings {
  const form = reply.getChild('query', ns.mucOwner)?.getChild('x', ns.dataForms);
  const flag = (name: string): boolean | null => {
    const value = fieldValue(form, name);
    return value === null ? null : value === '1' || value === 'true';
  };
  const guests = flag(guestsToo);
  return {
    locked: fieldValue(form, secret) === null ? null : flag(locked) ?? false,
    lobby: flag(membersOnly),
    accountsOnly: guests === null ? null : !guests,
    capacity: readCapacity(fieldValue(form, maxUsers)),
    mayShareScreen: readCircle(fieldValue(form, sharers)),
    mayRecord: readCircle(fieldValue(form, recorders)),
  };
}

function readCircle(value: string | null): Circle | null {
  return circles.find((one) => one === value) ?? null;
}

function readCapacity(value: string | null): RoomSettings['capacity'] {
  if (value === null) return null;
  const people = Number(value);
  return Number.isInteger(people) && people > 0 ? people : 'none';
}

export type Change =
  | { kind: 'password'; password: string } // empty: takes it away
  | { kind: 'lobby'; on: boolean }
  | { kind: 'accounts-only'; on: boolean }
  | { kind: 'capacity'; people: number | 'none' };

// Only what changes is sent; the server keeps the rest. But some servers take a form without these two for "off": they are repeated.
export function submitChange(change: Change, now: RoomSettings): Element {
  const fields: Record<string, string> = { FORM_TYPE: 'http://jabber.org/protocol/muc#roomconfig', 'muc#roomconfig_whois': 'anyone' };
  if (now.locked === true) fields[locked] = '1';
  if (now.lobby !== null) fields[membersOnly] = String(now.lobby);
  switch (change.kind) {
    case 'password':
      fields[secret] = change.password;
      fields[locked] = change.password === '' ? '0' : '1';
      break;
    case 'lobby':
      fields[membersOnly] = String(change.on);
      break;
    case 'accounts-only':
      fields[guestsToo] = change.on ? '0' : '1';
      break;
    case 'capacity':
      fields[maxUsers] = String(change.people);
      break;
  }
  return xml('query', { xmlns: ns.mucOwner }, xml('x', { xmlns: ns.dataForms, type: 'submit' },
    Object.entries(fields).map(([name, value]) => xml('field', { var: name }, xml('value', {}, value)))));
}
