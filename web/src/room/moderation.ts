// What a moderator can ask for. The server decides each time; these only write the stanzas.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { bare } from './occupant';

export type MediaKind = 'audio' | 'video' | 'desktop';

const muteNamespaces: Record<MediaKind, string> = { audio: ns.muteAudio, video: ns.muteVideo, desktop: ns.muteDesktop };

export function kick(nick: string): Element {
  return xml('query', { xmlns: ns.mucAdmin },
    xml('item', { nick, role: 'none' }, xml('reason', {}, 'A moderator has removed you from the meeting.')));
}

export function grantModerator(realJid: string): Element {
  return xml('query', { xmlns: ns.mucAdmin }, xml('item', { affiliation: 'owner', jid: bare(realJid) }));
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
