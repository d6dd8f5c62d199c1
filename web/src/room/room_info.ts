// What a room says about itself to those inside (disco#info): locked, with a lobby, and where that is.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';

export interface RoomInfo {
  locked: boolean;
  membersOnly: boolean;
  lobby: string | null; // address of the lobby room
}

export const kNothingKnown: RoomInfo = { locked: false, membersOnly: false, lobby: null };

export function askRoomInfo(): Element {
  return xml('query', { xmlns: ns.discoInfo });
}

export function readRoomInfo(reply: Element): RoomInfo {
  const query = reply.getChild('query', ns.discoInfo);
  const features = new Set(query?.getChildren('feature').map((feature) => feature.attrs.var));
  const membersOnly = features.has('muc_membersonly');
  const lobby = fieldValue(query?.getChild('x', ns.dataForms), 'muc#roominfo_lobbyroom');
  return { locked: features.has('muc_passwordprotected'), membersOnly, lobby: membersOnly ? lobby || null : null };
}

// The first value of a field (XEP-0004); null: there is no such field.
export function fieldValue(form: Element | undefined, name: string): string | null {
  const field = form?.getChildren('field').find((one) => one.attrs.var === name);
  return field === undefined ? null : field.getChildText('value') ?? '';
}
