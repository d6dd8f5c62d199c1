// Waiting in a room's lobby: we sit in a second room until somebody lets us in (a mediated invitation, or the lobby is
// closed in favour of the main room) or turns us away.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import type { Stream } from '../connection/stream';
import { lobbyMessage, readLobbyMessage, withMessage, type LobbyMessage } from './lobby_chat';
import { bare, resource } from './occupant';

export interface LobbyEvents {
  onAdmitted(): void;
  onDenied(reason: string): void; // empty: none was given
  onClosed(reason: string): void; // the meeting ended while we knocked
  onMessage(): void;
}

export class Lobby {
  messages: LobbyMessage[] = [];
  moderator = ''; // nick of who talks with us; empty: nobody yet
  private over = false;

  constructor(
    readonly jid: string,
    private readonly mainRoom: string,
    private readonly nick: string,
    private readonly stream: Stream,
    private readonly events: LobbyEvents,
  ) {}

  knock(name: string): void {
    this.stream.send(xml('presence', { to: `${this.jid}/${this.nick}` },
      xml('x', { xmlns: ns.muc }), name !== '' && xml('nick', { xmlns: ns.nick }, name)));
  }

  say(text: string): void {
    if (this.over || this.moderator === '' || text.trim() === '') return;
    this.stream.send(lobbyMessage(`${this.jid}/${this.moderator}`, text.trim()));
    this.messages = withMessage(this.messages, true, text.trim());
    this.events.onMessage();
  }

  take(stanza: Element): void {
    if (this.over) return;
    const from = stanza.attrs.from ?? '';
    const user = stanza.getChild('x', ns.mucUser);
    if (stanza.name === 'message' && bare(from) === this.mainRoom && user?.getChild('invite') !== undefined) return this.admitted();
    if (bare(from) !== this.jid) return;
    if (stanza.name === 'message') return this.takeMessage(stanza, resource(from));
    if (stanza.name !== 'presence') return;
    // A lobby that is gone, or was never there, sends us back to the door.
    if (stanza.attrs.type === 'error') return this.admitted();
    if (stanza.attrs.type !== 'unavailable') return;
    const destroy = user?.getChild('destroy');
    if (destroy !== undefined) {
      if (destroy.attrs.jid !== undefined) return this.admitted();
      this.over = true;
      return this.events.onClosed(destroy.getChildText('reason') ?? '');
    }
    if (resource(from) !== this.nick) return;
    this.over = true;
    this.events.onDenied(user?.getChild('item')?.getChildText('reason') ?? '');
  }

  leave(): void {
    if (this.over) return;
    this.over = true;
    this.stream.send(xml('presence', { type: 'unavailable', to: `${this.jid}/${this.nick}` }));
  }

  private takeMessage(message: Element, from: string): void {
    const text = readLobbyMessage(message);
    if (text === null || from === '') return;
    this.moderator = from;
    this.messages = withMessage(this.messages, false, text);
    this.events.onMessage();
  }

  private admitted(): void {
    this.leave();
    this.events.onAdmitted();
  }
}
