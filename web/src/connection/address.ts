// Where the page is and where its server is: what the URL says, and what /config.js says.

import { normaliseRoom, normaliseTenant } from '../room/room_name';

export interface Config {
  hosts: { domain: string; muc: string; focus: string };
  websocket?: string;
  tokenAuthUrl?: string | null; // where single sign-on gives out tokens; with placeholders (sign_on.ts)
  tokenLogoutUrl?: string | null; // where single sign-on is left again
  loginName?: string; // what the organisation calls its single sign-on
  tokenLoginOnly?: boolean; // no accounts with a password here
}

export interface CompleteConfig {
  hosts: Config['hosts'];
  websocket: string;
  tokenAuthUrl: string | null;
  tokenLogoutUrl: string | null;
  loginName: string;
}

export interface PageAddress {
  tenant: string | null;
  room: string | null; // canonical name, not percent-encoded
  token: string | null;
  name: string | null;
  autojoin: boolean;
}

export function readPageAddress(location: { pathname: string; search: string; hash: string }): PageAddress {
  const segments = location.pathname.split('/').filter((segment) => segment !== '');
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.replace(/^#/, ''));
  const room = segments.at(-1);
  return {
    tenant: segments.length > 1 ? normaliseTenant(segments.at(-2) ?? '') : null,
    room: room === undefined ? null : normaliseRoom(room) || null,
    // The fragment wins: it reaches neither logs nor the Referer header.
    token: fragment.get('jwt') ?? query.get('jwt'),
    name: query.get('name'),
    autojoin: query.get('autojoin') === '1' || query.get('autojoin') === 'true',
  };
}

// A config value may come from an integrator's page; fill in what it leaves out.
export function completeConfig(given: Partial<Config> | undefined, location: { protocol: string; host: string }): CompleteConfig {
  const domain = given?.hosts?.domain ?? 'meet.jitsi';
  const scheme = location.protocol === 'http:' ? 'ws' : 'wss';
  return {
    hosts: {
      domain,
      muc: given?.hosts?.muc ?? `conference.${domain}`,
      focus: given?.hosts?.focus ?? `focus.${domain}`,
    },
    websocket: given?.websocket ?? `${scheme}://${location.host}/xmpp-websocket`,
    tokenAuthUrl: given?.tokenAuthUrl || null,
    tokenLogoutUrl: given?.tokenLogoutUrl || null,
    loginName: given?.loginName ?? '',
  };
}

export function mucDomain(config: Pick<Config, 'hosts'>, tenant: string | null): string {
  if (tenant === null) return config.hosts.muc;
  const [first = '', ...rest] = config.hosts.muc.split('.');
  return [first, tenant, ...rest].join('.');
}

export function socketAddress(options: {
  websocket: string;
  tenant: string | null;
  room: string;
  token: string | null;
  previd?: string;
}): string {
  const url = new URL(options.websocket);
  if (options.tenant !== null) url.pathname = `/${options.tenant}${url.pathname}`;
  const query = [`room=${encodeURIComponent(options.room)}`];
  if (options.token !== null) query.push(`token=${encodeURIComponent(options.token)}`);
  if (options.previd !== undefined) query.push(`previd=${encodeURIComponent(options.previd)}`);
  url.search = query.join('&');
  return url.toString();
}
