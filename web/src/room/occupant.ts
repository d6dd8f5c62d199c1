// Who is in the room, as their latest presence says.

import type { Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { isVerified, readStanding, type Standing } from './access';

export const focusNick = 'focus';

export interface SourceState {
  muted: boolean;
  videoType: string;
}

export interface Occupant {
  nick: string; // the endpoint id
  jid: string | null; // the real address, from muc#user
  name: string;
  role: string;
  standing: Standing;
  verified: boolean; // the name is the credential's, not his own choice
  sources: Map<string, SourceState>;
  codecs: string[];
}

export const kMaxNameLength = 80;

export function readOccupant(presence: Element): Occupant {
  const item = presence.getChild('x', ns.mucUser)?.getChild('item');
  const identity = presence.getChild('identity')?.getChild('user')?.getChildText('name');
  const written = presence.getChildText('nick', ns.nick) ?? '';
  return {
    nick: resource(presence.attrs.from ?? ''),
    jid: item?.attrs.jid ?? null,
    name: (written.trim() || identity || '').slice(0, kMaxNameLength),
    role: item?.attrs.role ?? 'participant',
    standing: readStanding(presence),
    verified: isVerified(presence),
    sources: readSourceInfo(presence),
    codecs: (presence.getChildText('jitsi_participant_codecList') ?? '').split(',').filter((name) => name !== ''),
  };
}

function readSourceInfo(presence: Element): Map<string, SourceState> {
  const sources = new Map<string, SourceState>();
  const text = presence.getChildText('SourceInfo');
  const nick = resource(presence.attrs.from ?? '');
  if (text === null) {
    // Gateways and old clients say it without source names.
    sources.set(`${nick}-a0`, { muted: presence.getChildText('audiomuted') === 'true', videoType: '' });
    sources.set(`${nick}-v0`, { muted: presence.getChildText('videomuted') === 'true', videoType: presence.getChildText('videoType') ?? 'camera' });
    return sources;
  }
  try {
    const info: unknown = JSON.parse(text);
    for (const [name, state] of Object.entries(info as Record<string, { muted?: unknown; videoType?: unknown }>)) {
      sources.set(name, { muted: state.muted === true, videoType: typeof state.videoType === 'string' ? state.videoType : 'camera' });
    }
  } catch {
    // Another client's broken JSON must not cost us the occupant.
  }
  return sources;
}

export function displayName(occupant: Occupant): string {
  return occupant.name || `Guest ${occupant.nick.slice(0, 4)}`;
}

export function resource(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? '' : jid.slice(slash + 1);
}

export function bare(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? jid : jid.slice(0, slash);
}
