// What we say about ourselves. A presence is the full state: each one carries everything again.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { capsNode } from './features';
import type { SourceState } from './occupant';

export interface OwnPresence {
  name: string;
  statsId: string;
  capsVersion: string;
  codecs: string[];
  sources: Record<string, SourceState>;
}

export function presenceOf(occupantJid: string, own: OwnPresence, join?: { password: string | null }): Element {
  return xml('presence', { to: occupantJid },
    join && xml('x', { xmlns: ns.muc }, join.password !== null && xml('password', {}, join.password)),
    xml('stats-id', {}, own.statsId),
    xml('c', { xmlns: ns.caps, hash: 'sha-1', node: capsNode, ver: own.capsVersion }),
    xml('jitsi_participant_codecList', {}, own.codecs.join(',')),
    xml('SourceInfo', {}, JSON.stringify(sourceInfo(own.sources))),
    own.name !== '' && xml('nick', { xmlns: ns.nick }, own.name),
  );
}

// Audio has no video type on the wire.
function sourceInfo(sources: Record<string, SourceState>): Record<string, { muted: boolean; videoType?: string }> {
  return Object.fromEntries(Object.entries(sources).map(([name, { muted, videoType }]) =>
    [name, videoType === '' ? { muted } : { muted, videoType }]));
}
