// What this client can do, as its disco#info answers and its caps hash (XEP-0115) say it. Neither data channels nor
// SSRC rewriting are in it: the focus then offers a WebSocket and names every source.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';

export const features = [
  'http://jabber.org/protocol/caps',
  'http://jabber.org/protocol/disco#info',
  'http://jitsi.org/json-encoded-sources',
  'http://jitsi.org/receive-multiple-video-streams',
  'http://jitsi.org/source-name',
  'http://jitsi.org/tcc',
  'urn:ietf:rfc:4588',
  'urn:xmpp:jingle:1',
  'urn:xmpp:jingle:apps:dtls:0',
  'urn:xmpp:jingle:apps:rtp:1',
  'urn:xmpp:jingle:apps:rtp:audio',
  'urn:xmpp:jingle:apps:rtp:video',
  'urn:xmpp:jingle:transports:ice-udp:1',
  'urn:xmpp:ping',
] as const;

export const capsNode = 'https://jitsi.org/jitsi-meet';

export function discoInfo(node: string | undefined): Element {
  return xml('query', { xmlns: ns.discoInfo, node }, features.map((name) => xml('feature', { var: name })));
}

// XEP-0115 §5.1 without identities or forms: sorted features, each followed by '<'.
export function capsString(names: readonly string[]): string {
  return [...names].sort().map((name) => `${name}<`).join('');
}

// SHA-1 of that, in base64. Written down, as browsers hash only on HTTPS pages; a test holds it against the list.
export const capsVersion = 'XTaPVA5puGGGyQyajt48ReTY1ZA=';
