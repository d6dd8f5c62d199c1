// STUN and TURN servers that the server names (XEP-0215). A server that names none is no failure.

import xml from '@xmpp/xml';
import { ns } from './namespaces';
import type { Stream } from './stream';

const kPatienceMs = 3_000;

export async function askIceServers(stream: Stream, domain: string): Promise<RTCIceServer[]> {
  try {
    const reply = await stream.request(domain, 'get', xml('services', { xmlns: ns.extdisco }), kPatienceMs);
    const services = reply.getChild('services', ns.extdisco)?.getChildren('service') ?? [];
    return services.flatMap(({ attrs }): RTCIceServer[] => {
      const { type, host, port, transport, username, password } = attrs;
      if ((type !== 'stun' && type !== 'turn' && type !== 'turns') || host === undefined) return [];
      const address = `${type}:${host}${port === undefined ? '' : `:${port}`}`;
      if (type === 'stun') return [{ urls: address }];
      if (username === undefined || password === undefined) return [];
      return [{ urls: transport === undefined ? address : `${address}?transport=${transport}`, username, credential: password }];
    });
  } catch {
    return [];
  }
}
