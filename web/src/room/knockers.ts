// The moderator's side of a lobby: he sits in the lobby room, sees who knocks, lets them in, turns them away, talks with them.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import type { Stream } from '../connection/stream';
import { lobbyChatOpened, lobbyMessage, readLobbyMessage, withMessage, type LobbyMessage } from './lobby_chat';
import { kick } from './moderation';
import { bare, focusNick, kMaxNameLength, resource } from './occupant';

export interface Knocker {
  nick: string; // in the lobby room
  jid: string; // the real address, by which he is let in
  name: string;
  messages: LobbyMessage[];
}

export interface KnockersEvents {
  onKnock(knocker: Knocker): void;
  onMessage(knocker: Knocker): void;
  onChanged(): void;
}

export class Knockers {
  readonly list = new Map<string, Knocker>();
  private over = false;

  constructor(
    readonly jid: string,
    private readonly options: { mainRoom: string; nick: string; name: () => string; stream: Stream; isInside: (realJid: string) => boolean },
    private readonly events: KnockersEvents,
  ) {}

  enter(): void {
    const { stream, nick, name } = this.options;
    stream.send(xml('presence', { to: `${this.jid}/${nick}` },
      xml('x', { xmlns: ns.muc }), name() !== '' && xml('nick', { xmlns: ns.nick }, name())));
  }

  leave(): void {
    if (this.over) return;
    this.over = true;
    this.list.clear();
    this.options.stream.send(xml('presence', { type: 'unavailable', to: `${this.jid}/${this.options.nick}` }));
  }

  // By nick in the lobby. Admission needs no answer: he vanishes from the lobby when he goes in.
  admit(nicks: string[]): void {
    const invites = nicks.flatMap((nick) => this.list.get(nick) ?? []).map(({ jid }) => xml('invite', { to: jid }));
    if (invites.length > 0) this.options.stream.send(xml('message', { to: this.options.mainRoom }, xml('x', { xmlns: ns.mucUser }, invites)));
  }

  admitAll(): void {
    this.admit([...this.list.keys()]);
  }

  async refuse(nick: string): Promise<void> {
    await this.options.stream.request(this.jid, 'set', kick(nick, 'A moderator did not let you in.'));
  }

  say(nick: string, text: string): void {
    const knocker = this.list.get(nick);
    if (knocker === undefined || text.trim() === '') return;
    const to = `${this.jid}/${nick}`;
    if (knocker.messages.length === 0) {
      this.options.stream.send(lobbyChatOpened(to, { id: this.options.nick, name: this.options.name() }, { id: nick, name: knocker.name }));
    }
    this.options.stream.send(lobbyMessage(to, text.trim()));
    knocker.messages = withMessage(knocker.messages, true, text.trim());
    this.events.onChanged();
  }

  take(stanza: Element): void {
    const from = stanza.attrs.from ?? '';
    if (this.over || bare(from) !== this.jid) return;
    const nick = resource(from);
    if (stanza.name === 'message') return this.takeMessage(stanza, nick);
    if (stanza.name !== 'presence') return;
    if (stanza.attrs.type === undefined) return this.takeKnock(stanza, nick);
    if (stanza.attrs.type !== 'unavailable') return;
    const closed = stanza.getChild('x', ns.mucUser)?.getChild('destroy') !== undefined;
    if (closed) this.list.clear();
    else this.list.delete(nick);
    this.events.onChanged();
  }

  private takeKnock(presence: Element, nick: string): void {
    const item = presence.getChild('x', ns.mucUser)?.getChild('item');
    const jid = item?.attrs.jid;
    // Other moderators sit here too, and whoever is let in is still here for a moment.
    if (nick === this.options.nick || nick === focusNick || jid === undefined || item?.attrs.role === 'moderator' || this.options.isInside(jid)) return;
    const name = (presence.getChildText('nick', ns.nick) ?? '').trim().slice(0, kMaxNameLength) || `Guest ${nick.slice(0, 4)}`;
    const known = this.list.get(nick);
    const knocker: Knocker = { nick, jid, name, messages: known?.messages ?? [] };
    this.list.set(nick, knocker);
    if (known === undefined) this.events.onKnock(knocker);
    this.events.onChanged();
  }

  private takeMessage(message: Element, nick: string): void {
    const knocker = this.list.get(nick);
    const text = readLobbyMessage(message);
    if (knocker === undefined || text === null) return;
    knocker.messages = withMessage(knocker.messages, false, text);
    this.events.onMessage(knocker);
    this.events.onChanged();
  }
}
