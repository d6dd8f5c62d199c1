// What a moderator can ask for. The server decides each time; these only write the stanzas.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { bare } from './occupant';

export type MediaKind = 'audio' | 'video' | 'desktop';

const muteNamespaces: Record<MediaKind, string> = { audio: ns.muteAudio, video: ns.muteVideo, desktop: ns.muteDesktop };

export const kMaxReasonLength = 200;

// An empty reason is none.
export function kick(nick: string, reason: string): Element {
  return item({ nick, role: 'none' }, reason);
}

// Out, with all his devices, and not in again while this meeting lasts.
export function bar(realJid: string, reason: string): Element {
  return item({ affiliation: 'outcast', jid: bare(realJid) }, reason);
}

export function grantModerator(realJid: string): Element {
  return item({ affiliation: 'owner', jid: bare(realJid) });
}

// In a members-only room he stays a member, or he would have to knock again.
export function revokeModerator(realJid: string, membersOnly: boolean): Element {
  return item({ affiliation: membersOnly ? 'member' : 'none', jid: bare(realJid) });
}

function item(attributes: Record<string, string>, reason = ''): Element {
  return xml('query', { xmlns: ns.mucAdmin },
    xml('item', attributes, reason !== '' && xml('reason', {}, reason.slice(0, kMaxReasonLength))));
}

export function mute(kind: MediaKind, occupantJid: string, muted: boolean): Element {
  return xml('mute', { xmlns: muteNamespaces[kind], jid: occupantJid }, String(muted));
}

export function endForAll(domain: string): Element {
  return xml('message', { to: `endconference.${domain}` }, xml('end_conference'));
}

export function subject(room: string, text: string): Element {
  return xml('message', { to: room, type: 'groupchat' }, xml('subject', {}, text));
}
