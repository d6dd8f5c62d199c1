// The remote description that the browser gets: the focus' Jingle offer written as SDP (RFC 8866), one m-line per slot.

import type { Description, HeaderExtension, Offer, PayloadType, Transport } from './jingle';
import type { Slot } from './slots';
import type { Source } from './source';

// Streams are told apart by SSRC, which signalling names; a mid that another sender wrote into a packet must not
// overrule that (RFC 8843 §9.2 looks at the mid first).
const midExtension = 'urn:ietf:params:rtp-hdrext:sdes:mid';

// The encoder takes the first codec. VP8 costs the least and has simulcast everywhere.
const codecPreference = ['VP8', 'H264', 'VP9', 'AV1'];

export function sdpOffer(offer: Offer, slots: readonly Slot[], version: number): string {
  const bundled = slots.filter((slot) => slot.direction !== 'rejected').map((slot) => slot.mid);
  const lines = [
    'v=0',
    `o=- ${sessionId(offer.sid)} ${version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${bundled.join(' ')}`,
    'a=msid-semantic: WMS *',
  ];
  if ([...offer.descriptions.values()].some((description) => description.extmapAllowMixed)) lines.push('a=extmap-allow-mixed');
  for (const slot of slots) {
    const description = offer.descriptions.get(slot.kind);
    if (description !== undefined) lines.push(...mediaLines(slot, description, offer.transport));
  }
  return lines.join('\r\n') + '\r\n';
}

function mediaLines(slot: Slot, description: Description, transport: Transport): string[] {
  const payloads = preferred(description.payloadTypes);
  const rejected = slot.direction === 'rejected';
  const lines = [
    `m=${slot.kind} ${rejected ? 0 : 9} UDP/TLS/RTP/SAVPF ${payloads.map((payload) => payload.id).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    `a=ice-ufrag:${transport.ufrag}`,
    `a=ice-pwd:${transport.pwd}`,
    'a=ice-options:trickle',
    ...transport.fingerprints.map(({ hash, value }) => `a=fingerprint:${hash} ${value}`),
    `a=setup:${transport.fingerprints[0]?.setup ?? 'actpass'}`,
    `a=mid:${slot.mid}`,
    ...description.headerExtensions.filter(({ uri }) => uri !== midExtension).map(extmapLine),
    `a=${rejected ? 'inactive' : slot.direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...payloads.flatMap(payloadLines),
  ];
  if (slot.source !== null) lines.push(...sourceLines(slot.source));
  if (!rejected) lines.push(...transport.candidates.map(candidateLine));
  return lines;
}

function preferred(payloads: PayloadType[]): PayloadType[] {
  const rank = (payload: PayloadType): number => {
    const place = codecPreference.indexOf(payload.name.toUpperCase());
    return place < 0 ? codecPreference.length : place;
  };
  return [...payloads].sort((a, b) => rank(a) - rank(b));
}

function extmapLine({ id, uri }: HeaderExtension): string {
  return `a=extmap:${id} ${uri}`;
}

function payloadLines(payload: PayloadType): string[] {
  const channels = payload.channels > 1 ? `/${payload.channels}` : '';
  const lines = [`a=rtpmap:${payload.id} ${payload.name}/${payload.clockrate}${channels}`];
  const parameters = payload.parameters.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).filter((text) => text !== '');
  if (parameters.length > 0) lines.push(`a=fmtp:${payload.id} ${parameters.join(';')}`);
  for (const { type, subtype } of payload.feedback) {
    lines.push(`a=rtcp-fb:${payload.id} ${type}${subtype === '' ? '' : ` ${subtype}`}`);
  }
  return lines;
}

function sourceLines(source: Source): string[] {
  const [stream = '', track = ''] = source.msid.split(' ');
  const msid = `${word(stream) || word(source.name)} ${word(track) || word(source.name)}`;
  return [
    `a=msid:${msid}`,
    ...source.groups.filter(({ semantics }) => semantics === 'FID').map(({ ssrcs }) => `a=ssrc-group:FID ${ssrcs.join(' ')}`),
    ...source.ssrcs.flatMap((ssrc) => [`a=ssrc:${ssrc} cname:${word(source.owner)}`, `a=ssrc:${ssrc} msid:${msid}`]),
  ];
}

export function candidateLine(attributes: Record<string, string>): string {
  const a = attributes;
  let line = `a=candidate:${a.foundation ?? '1'} ${a.component ?? '1'} ${a.protocol ?? 'udp'} ${a.priority ?? '1'} ${a.ip ?? ''} ${a.port ?? ''} typ ${a.type ?? 'host'}`;
  if (a['rel-addr'] !== undefined && a['rel-port'] !== undefined) line += ` raddr ${a['rel-addr']} rport ${a['rel-port']}`;
  if (a.protocol?.toLowerCase() === 'tcp' && a.tcptype !== undefined) line += ` tcptype ${a.tcptype}`;
  return `${line} generation ${a.generation ?? '0'}`;
}

// What another client wrote goes into our description: nothing of it may end a line or a field.
function word(text: string): string {
  return text.replace(/[^\w.@-]/g, '');
}

// o= wants a number; a sid is free text.
function sessionId(sid: string): string {
  let hash = 7n;
  for (const char of sid) hash = (hash * 31n + BigInt(char.codePointAt(0) ?? 0)) & 0x7fffffffffffffffn;
  return hash.toString();
}
