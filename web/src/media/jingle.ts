// A Jingle session-initiate of the focus as plain values, and the answers we write.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { readSources, sourceElements, type Kind, type Source } from './source';

export interface PayloadType {
  id: number;
  name: string;
  clockrate: number;
  channels: number;
  parameters: { name: string; value: string }[];
  feedback: { type: string; subtype: string }[];
}

export interface HeaderExtension {
  id: number;
  uri: string;
}

export interface Description {
  payloadTypes: PayloadType[];
  headerExtensions: HeaderExtension[];
  extmapAllowMixed: boolean;
}

export interface Fingerprint {
  hash: string;
  setup: string;
  value: string;
}

export interface Transport {
  ufrag: string;
  pwd: string;
  fingerprints: Fingerprint[];
  candidates: Record<string, string>[];
  webSocket: string | null;
}

export interface Offer {
  sid: string;
  initiator: string;
  responder: string;
  bridgeSession: string | null;
  descriptions: Map<Kind, Description>;
  transport: Transport;
  sources: Source[];
}

export type Unreadable = { unreadable: string };

export function readOffer(jingle: Element): Offer | Unreadable {
  const sid = jingle.attrs.sid;
  if (sid === undefined || sid === '') return { unreadable: 'no sid' };
  const descriptions = new Map<Kind, Description>();
  let transport: Transport | null = null;
  for (const content of jingle.getChildren('content')) {
    const description = content.getChild('description', ns.rtp);
    const kind = description?.attrs.media;
    if (description !== undefined && (kind === 'audio' || kind === 'video')) descriptions.set(kind, readDescription(description));
    const element = content.getChild('transport', ns.iceUdp);
    // Everything is bundled: the first transport counts.
    if (element !== undefined) transport ??= readTransport(element);
  }
  if (descriptions.size === 0) return { unreadable: 'neither audio nor video' };
  if (transport === null) return { unreadable: 'no transport' };
  if (transport.ufrag === '' || transport.fingerprints.length === 0) return { unreadable: 'no ICE credentials or no fingerprint' };
  return {
    sid,
    initiator: jingle.attrs.initiator ?? '',
    responder: jingle.attrs.responder ?? '',
    bridgeSession: jingle.getChild('bridge-session', ns.focus)?.attrs.id ?? null,
    descriptions,
    transport,
    sources: readSources(jingle),
  };
}

function readDescription(description: Element): Description {
  return {
    payloadTypes: description.getChildren('payload-type').map((element) => ({
      id: Number(element.attrs.id),
      name: element.attrs.name ?? '',
      clockrate: Number(element.attrs.clockrate),
      channels: Number(element.attrs.channels ?? 1),
      parameters: element.getChildren('parameter').map(({ attrs }) => ({ name: attrs.name ?? '', value: attrs.value ?? '' })),
      feedback: element.getChildren('rtcp-fb', ns.rtcpFeedback).map(({ attrs }) => ({ type: attrs.type ?? '', subtype: attrs.subtype ?? '' })),
    })),
    headerExtensions: description.getChildren('rtp-hdrext', ns.headerExtensions).map(({ attrs }) => ({ id: Number(attrs.id), uri: attrs.uri ?? '' })),
    extmapAllowMixed: description.getChild('extmap-allow-mixed', ns.headerExtensions) !== undefined,
  };
}

function readTransport(element: Element): Transport {
  return {
    ufrag: element.attrs.ufrag ?? '',
    pwd: element.attrs.pwd ?? '',
    fingerprints: element.getChildren('fingerprint', ns.dtls).map((each) => ({
      hash: each.attrs.hash ?? 'sha-256',
      setup: each.attrs.setup ?? 'actpass',
      value: each.text().trim(),
    })),
    candidates: element.getChildren('candidate').map(({ attrs }) => attrs),
    webSocket: element.getChild('web-socket')?.attrs.url ?? null,
  };
}

// What our answer says, per kind and for the one transport.
export interface Answer {
  transport: Transport;
  kinds: { kind: Kind; description: Description; sources: Source[] }[];
}

export function sessionAccept(offer: Offer, answer: Answer): Element {
  return jingleElement('session-accept', offer,
    xml('group', { xmlns: ns.grouping, semantics: 'BUNDLE' }, answer.kinds.map(({ kind }) => xml('content', { name: kind }))),
    ...answer.kinds.map(({ kind, description, sources }) =>
      xml('content', { creator: 'responder', name: kind, senders: 'both' },
        xml('description', { xmlns: ns.rtp, media: kind },
          description.payloadTypes.map(payloadElement),
          description.headerExtensions.map(({ id, uri }) => xml('rtp-hdrext', { xmlns: ns.headerExtensions, id: String(id), uri })),
          description.extmapAllowMixed && xml('extmap-allow-mixed', { xmlns: ns.headerExtensions }),
          xml('rtcp-mux'),
          sources.flatMap(sourceElements)),
        transportElement(answer.transport))),
  );
}

export function sourceChange(action: 'source-add' | 'source-remove', offer: Offer, source: Source): Element {
  return jingleElement(action, offer,
    xml('content', { creator: 'responder', name: source.kind, senders: 'both' },
      xml('description', { xmlns: ns.rtp, media: source.kind }, sourceElements(source))));
}

export function sessionTerminate(offer: Offer, condition: string, text: string, restart: boolean): Element {
  return jingleElement('session-terminate', offer,
    xml('reason', {}, xml(condition), xml('text', {}, text)),
    offer.bridgeSession !== null && xml('bridge-session', { xmlns: ns.focus, id: offer.bridgeSession, restart: String(restart) }));
}

function jingleElement(action: string, offer: Offer, ...children: (Element | false)[]): Element {
  return xml('jingle', {
    xmlns: ns.jingle, action, sid: offer.sid,
    initiator: offer.initiator || undefined,
    responder: offer.responder || undefined,
  }, ...children);
}

function payloadElement(payload: PayloadType): Element {
  return xml('payload-type', {
    id: String(payload.id), name: payload.name, clockrate: String(payload.clockrate),
    channels: payload.channels > 1 ? String(payload.channels) : undefined,
  },
    payload.parameters.map(({ name, value }) => xml('parameter', { name: name || undefined, value })),
    payload.feedback.map(({ type, subtype }) => xml('rtcp-fb', { xmlns: ns.rtcpFeedback, type, subtype: subtype || undefined })));
}

function transportElement(transport: Transport): Element {
  return xml('transport', { xmlns: ns.iceUdp, ufrag: transport.ufrag, pwd: transport.pwd },
    transport.fingerprints.map(({ hash, setup, value }) => xml('fingerprint', { xmlns: ns.dtls, hash, setup }, value)),
    transport.candidates.map((attributes) => xml('candidate', attributes)));
}
