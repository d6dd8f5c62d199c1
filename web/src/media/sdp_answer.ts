// The browser's answer, read for what the focus must learn from it, and given simulcast streams before it is applied.

import type { Description, Transport } from './jingle';
import type { Kind, SsrcGroup } from './source';

export interface Section {
  mid: string;
  kind: Kind;
  lines: string[];
  ssrcs: number[];
  groups: SsrcGroup[];
}

export function sections(sdp: string): Section[] {
  const found: Section[] = [];
  for (const block of sdp.split(/\r?\n(?=m=)/).slice(1)) {
    const lines = block.split(/\r?\n/).filter((line) => line !== '');
    const kind = /^m=(\w+)/.exec(lines[0] ?? '')?.[1];
    if (kind !== 'audio' && kind !== 'video') continue;
    found.push({
      mid: valueOf(lines, 'a=mid:') ?? '',
      kind,
      lines,
      ssrcs: [...new Set(all(lines, /^a=ssrc:(\d+) /).map(([, ssrc]) => Number(ssrc)))],
      groups: all(lines, /^a=ssrc-group:(\w+) (.*)$/).map(([, semantics = '', ssrcs = '']) =>
        ({ semantics, ssrcs: ssrcs.trim().split(/\s+/).map(Number) })),
    });
  }
  return found;
}

// `sdp` is the whole of it: browsers say some things once for all m-lines.
export function descriptionOf(section: Section, sdp: string): Description {
  const feedback = all(section.lines, /^a=rtcp-fb:(\d+) (\S+) ?(.*)$/);
  const formats = all(section.lines, /^a=fmtp:(\d+) (.*)$/);
  return {
    payloadTypes: all(section.lines, /^a=rtpmap:(\d+) ([^/]+)\/(\d+)(?:\/(\d+))?/).map(([, id = '', name = '', clockrate, channels]) => ({
      id: Number(id),
      name,
      clockrate: Number(clockrate),
      channels: Number(channels ?? 1),
      parameters: formats.filter(([, of]) => of === id).flatMap(([, , text = '']) => text.split(';').map(readParameter)),
      feedback: feedback.filter(([, of]) => of === id).map(([, , type = '', subtype = '']) => ({ type, subtype })),
    })),
    headerExtensions: all(section.lines, /^a=extmap:(\d+)(?:\/\w+)? (\S+)/).map(([, id, uri = '']) => ({ id: Number(id), uri })),
    extmapAllowMixed: /^a=extmap-allow-mixed\r?$/m.test(sdp),
  };
}

function readParameter(text: string): { name: string; value: string } {
  const equals = text.indexOf('=');
  return equals < 0 ? { name: '', value: text.trim() } : { name: text.slice(0, equals).trim(), value: text.slice(equals + 1) };
}

export function transportOf(sdp: string): Transport {
  const lines = sdp.split(/\r?\n/);
  return {
    ufrag: valueOf(lines, 'a=ice-ufrag:') ?? '',
    pwd: valueOf(lines, 'a=ice-pwd:') ?? '',
    fingerprints: all(lines, /^a=fingerprint:(\S+) (\S+)/).slice(0, 1).map(([, hash = '', value = '']) =>
      ({ hash, value, setup: valueOf(lines, 'a=setup:') ?? 'active' })),
    candidates: [], // the bridge learns our address from our checks
    webSocket: null,
  };
}

// Three layers of one camera, as groups of SSRCs: SIM names them from the smallest up, FID pairs each with its
// retransmissions. COMPAT(chromium): only descriptions edited like this give simulcast without rids, which the
// dialect does not know.
export interface Simulcast {
  ssrcs: [number, number, number];
  retransmissions: [number, number, number];
}

export function simulcastOf(section: Section, random: () => number): Simulcast | null {
  const [first] = section.ssrcs;
  if (first === undefined) return null;
  const rtx = section.groups.find((group) => group.semantics === 'FID' && group.ssrcs[0] === first)?.ssrcs[1];
  if (rtx === undefined) return null;
  return { ssrcs: [first, random(), random()], retransmissions: [rtx, random(), random()] };
}

export function withSimulcast(sdp: string, mid: string, simulcast: Simulcast): string {
  const [head = '', ...blocks] = sdp.split(/\r?\n(?=m=)/);
  return [head, ...blocks.map((block) => {
    const lines = block.split(/\r?\n/).filter((line) => line !== '');
    if (!lines.includes(`a=mid:${mid}`) || lines.some((line) => line.startsWith('a=ssrc-group:SIM'))) return block.replace(/(\r?\n)+$/, '');
    const pattern = lines.filter((line) => line.startsWith(`a=ssrc:${simulcast.ssrcs[0]} `)).map((line) => line.slice(`a=ssrc:${simulcast.ssrcs[0]}`.length));
    const others = lines.filter((line) => !/^a=ssrc(-group)?:/.test(line));
    return [
      ...others,
      `a=ssrc-group:SIM ${simulcast.ssrcs.join(' ')}`,
      ...simulcast.ssrcs.map((ssrc, layer) => `a=ssrc-group:FID ${ssrc} ${simulcast.retransmissions[layer]}`),
      ...simulcast.ssrcs.flatMap((ssrc, layer) => [ssrc, simulcast.retransmissions[layer]]).flatMap((ssrc) => pattern.map((rest) => `a=ssrc:${ssrc}${rest}`)),
    ].join('\r\n');
  })].join('\r\n') + '\r\n';
}

function valueOf(lines: string[], prefix: string): string | null {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length) ?? null;
}

function all(lines: string[], pattern: RegExp): string[][] {
  return lines.map((line) => pattern.exec(line)).filter((match) => match !== null).map((match) => [...match]);
}
