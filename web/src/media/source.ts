// A source is one camera, microphone or screen of an endpoint: a name and the SSRCs that carry it. Read from Jingle in
// both of its forms, elements and compact JSON.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { resource } from '../room/occupant';

export type Kind = 'audio' | 'video';

export interface SsrcGroup {
  semantics: string; // FID (a stream and its retransmissions) or SIM (simulcast, lowest resolution first)
  ssrcs: number[];
}

export interface Source {
  owner: string; // endpoint id; `jvb` for the bridge's own
  name: string;
  kind: Kind;
  videoType: 'camera' | 'desktop' | '';
  msid: string;
  ssrcs: number[];
  groups: SsrcGroup[];
}

export const bridgeOwner = 'jvb';

export function readSources(jingle: Element): Source[] {
  const json = jingle.getChild('json-message', ns.jitmeet);
  return [...readElements(jingle), ...(json === undefined ? [] : readCompact(json.text()))];
}

function readElements(jingle: Element): Source[] {
  const found: Source[] = [];
  for (const content of jingle.getChildren('content')) {
    const description = content.getChild('description', ns.rtp);
    const kind = description?.attrs.media ?? content.attrs.name;
    if (description === undefined || (kind !== 'audio' && kind !== 'video')) continue;
    const sources: Source[] = [];
    for (const element of description.getChildren('source', ns.sources)) {
      const ssrc = readSsrc(element.attrs.ssrc);
      if (ssrc === null) continue;
      const info = element.getChild('ssrc-info', ns.jitmeet)?.attrs.owner ?? '';
      const msid = element.getChildren('parameter').find((each) => each.attrs.name === 'msid')?.attrs.value ?? '';
      const name = element.attrs.name ?? (msid === '' ? String(ssrc) : msid);
      add(sources, {
        owner: resource(info) || info || ownerOf(name),
        name, kind, msid,
        videoType: videoTypeOf(kind, element.attrs.videoType),
        ssrcs: [ssrc],
        groups: [],
      });
    }
    for (const element of description.getChildren('ssrc-group', ns.sources)) {
      const ssrcs = element.getChildren('source').map((each) => readSsrc(each.attrs.ssrc)).filter((ssrc) => ssrc !== null);
      addGroup(sources, { semantics: element.attrs.semantics ?? '', ssrcs });
    }
    found.push(...sources);
  }
  return found;
}

interface CompactSource { s?: unknown; n?: unknown; m?: unknown; v?: unknown }

function readCompact(text: string): Source[] {
  let owners: Record<string, unknown>;
  try {
    owners = (JSON.parse(text) as { sources?: Record<string, unknown> }).sources ?? {};
  } catch {
    return [];
  }
  const found: Source[] = [];
  for (const [owner, lists] of Object.entries(owners)) {
    if (!Array.isArray(lists)) continue;
    const [video = [], videoGroups = [], audio = [], audioGroups = []] = lists as unknown[][];
    found.push(...readCompactKind(owner, 'video', video, videoGroups), ...readCompactKind(owner, 'audio', audio, audioGroups));
  }
  return found;
}

function readCompactKind(owner: string, kind: Kind, list: unknown[], groups: unknown[]): Source[] {
  const sources: Source[] = [];
  for (const each of list as CompactSource[]) {
    const ssrc = readSsrc(each.s);
    if (ssrc === null) continue;
    const msid = typeof each.m === 'string' ? each.m : '';
    add(sources, {
      owner, kind, msid,
      name: typeof each.n === 'string' ? each.n : msid || String(ssrc),
      videoType: videoTypeOf(kind, each.v === 'd' ? 'desktop' : 'camera'),
      ssrcs: [ssrc],
      groups: [],
    });
  }
  for (const [semantics, ...ssrcs] of groups as [string, ...number[]][]) {
    addGroup(sources, { semantics: semantics === 's' ? 'SIM' : 'FID', ssrcs });
  }
  return sources;
}

function add(sources: Source[], next: Source): void {
  const known = sources.find((source) => source.name === next.name);
  if (known === undefined) sources.push(next);
  else known.ssrcs.push(...next.ssrcs.filter((ssrc) => !known.ssrcs.includes(ssrc)));
}

function addGroup(sources: Source[], group: SsrcGroup): void {
  sources.find((source) => group.ssrcs.some((ssrc) => source.ssrcs.includes(ssrc)))?.groups.push(group);
}

function readSsrc(value: unknown): number | null {
  const ssrc = Number(value);
  return Number.isInteger(ssrc) && ssrc > 0 && ssrc <= 0xffffffff ? ssrc : null;
}

function ownerOf(name: string): string {
  return /^(.+)-[av]\d+(\.[^.]+)?$/.exec(name)?.[1] ?? '';
}

function videoTypeOf(kind: Kind, written: string | undefined): Source['videoType'] {
  if (kind === 'audio') return '';
  return written?.startsWith('desktop') === true ? 'desktop' : 'camera';
}

// Our own sources are always written as elements, the only form the focus reads.
export function sourceElements(source: Source): Element[] {
  return [
    ...source.ssrcs.map((ssrc) =>
      xml('source', { xmlns: ns.sources, ssrc: String(ssrc), name: source.name, videoType: source.videoType || undefined },
        xml('parameter', { name: 'msid', value: source.msid }))),
    ...source.groups.map((group) =>
      xml('ssrc-group', { xmlns: ns.sources, semantics: group.semantics },
        group.ssrcs.map((ssrc) => xml('source', { xmlns: ns.sources, ssrc: String(ssrc) })))),
  ];
}
