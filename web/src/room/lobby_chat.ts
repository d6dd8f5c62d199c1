// The short talk between somebody who knocks and a moderator: private messages in the lobby room, their text in a json-message.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { kMaxMessageLength } from './chat';

export interface LobbyMessage {
  id: number;
  own: boolean;
  text: string;
}

export const kMaxLobbyMessages = 50;

// To an occupant of the lobby room. The first message of a moderator is led in by LOBBY_CHAT_INITIALIZED, which stock clients wait for.
export function lobbyMessage(to: string, text: string): Element {
  return json(to, { type: 'LOBBY_CHAT_MESSAGE', message: text.slice(0, kMaxMessageLength) });
}

export interface Party {
  id: string;
  name: string;
}

export function lobbyChatOpened(to: string, moderator: Party, attendee: Party): Element {
  return json(to, { type: 'LOBBY_CHAT_INITIALIZED', moderator, attendee });
}

// The text of a lobby message; null for everything else.
export function readLobbyMessage(message: Element): string | null {
  const text = message.getChildText('json-message', ns.jitmeet);
  if (text === null || message.attrs.type === 'error') return null;
  try {
    const said = JSON.parse(text) as { type?: unknown; message?: unknown } | null;
    return said?.type === 'LOBBY_CHAT_MESSAGE' && typeof said.message === 'string' && said.message !== '' ? said.message.slice(0, kMaxMessageLength) : null;
  } catch {
    return null;
  }
}

export function withMessage(messages: readonly LobbyMessage[], own: boolean, text: string): LobbyMessage[] {
  return [...messages.slice(1 - kMaxLobbyMessages), { id: (messages.at(-1)?.id ?? 0) + 1, own, text }];
}

function json(to: string, content: object): Element {
  return xml('message', { to, type: 'chat' }, xml('json-message', { xmlns: ns.jitmeet }, JSON.stringify(content)));
}
