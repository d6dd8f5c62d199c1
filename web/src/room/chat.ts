// Chat messages of the room, to everybody and to one person.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { randomHex } from '../connection/random';
import { resource } from './occupant';

export interface ChatMessage {
  id: string;
  from: string; // nick; empty for the server
  name: string | null; // of somebody who may be gone by now
  to: string | null; // the other side of a private message that we sent
  text: string;
  isPrivate: boolean;
  at: Date;
}

export const kMaxMessageLength = 4_000;
export const kMaxMessagesKept = 500;

export function readChat(message: Element): ChatMessage | null {
  const text = message.getChildText('body');
  const type = message.attrs.type;
  if (text === null || text === '' || (type !== 'groupchat' && type !== 'chat')) return null;
  const stamp = message.getChild('delay', ns.delay)?.attrs.stamp;
  return {
    id: message.attrs.id ?? randomHex(16),
    from: resource(message.attrs.from ?? ''),
    name: message.getChildText('display-name', 'http://jitsi.org/protocol/display-name'),
    to: null,
    text,
    isPrivate: type === 'chat',
    at: stamp === undefined ? new Date() : new Date(stamp),
  };
}

export function groupMessage(room: string, id: string, text: string): Element {
  return xml('message', { to: room, type: 'groupchat', id }, xml('body', {}, text.slice(0, kMaxMessageLength)));
}

export function privateMessage(room: string, nick: string, id: string, text: string): Element {
  return xml('message', { to: `${room}/${nick}`, type: 'chat', id }, xml('body', {}, text.slice(0, kMaxMessageLength)));
}
