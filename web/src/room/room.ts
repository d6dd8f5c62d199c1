// One multi-user chat room (XEP-0045) as this dialect uses it: the occupants by their latest presence, chat, subject,
// and how our stay ends.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { randomHex } from '../connection/random';
import type { Stream } from '../connection/stream';
import { groupMessage, privateMessage, readChat, type ChatMessage } from './chat';
import { readJoinError, type JoinError } from './join_error';
import { readRights, readWhy, type Right, type Standing } from './access';
import { subject } from './moderation';
import { bare, focusNick, readOccupant, resource, type Occupant } from './occupant';
import { presenceOf, type OwnPresence } from './presence';
import { askRoomInfo, kNothingKnown, readRoomInfo, type RoomInfo } from './room_info';

export type Ending =
  | { kind: 'kicked'; actor: string | null; reason: string; barred: boolean }
  | { kind: 'destroyed'; reason: string; alternative: string | null }
  | { kind: 'gone' };

export interface RoomEvents {
  onJoined(self: Occupant): void;
  onJoinError(error: JoinError): void;
  onEntered(occupant: Occupant): void;
  onChanged(occupant: Occupant): void;
  onSelfChanged(): void; // our own role or rights, or what the room says of itself
  onLeft(occupant: Occupant, how: 'left' | 'kicked'): void;
  onChat(message: ChatMessage): void;
  onRefusedMessage(text: string): void;
  onSubject(text: string): void;
  onFocusLost(): void;
  onEnded(ending: Ending): void;
}

export class Room {
  readonly occupants = new Map<string, Occupant>(); // others, the focus not among them
  role = 'participant';
  standing: Standing = 'guest';
  rights: ReadonlySet<Right> = new Set();
  why = ''; // why we have this role, as the server says; empty if it does not
  info: RoomInfo = kNothingKnown;
  joined = false;
  private over = false;
  private focusHere = false;

  constructor(
    readonly jid: string,
    readonly nick: string,
    private readonly focusJid: string,
    readonly domain: string,
    readonly stream: Stream,
    private readonly events: RoomEvents,
  ) {}

  join(own: OwnPresence, password: string | null): void {
    this.stream.send(presenceOf(this.ownJid(), own, { password }));
  }

  publish(own: OwnPresence): void {
    if (this.joined) this.stream.send(presenceOf(this.ownJid(), own));
  }

  leave(): void {
    this.over = true;
    this.stream.send(xml('presence', { type: 'unavailable', to: this.ownJid() }));
  }

  say(text: string, to: string | null): ChatMessage | null {
    const id = randomHex(16);
    if (to === null) {
      this.stream.send(groupMessage(this.jid, id, text)); // comes back to us
      return null;
    }
    this.stream.send(privateMessage(this.jid, to, id, text)); // does not
    return { id, from: this.nick, name: null, to, text, isPrivate: true, at: new Date() };
  }

  setSubject(text: string): void {
    this.stream.send(subject(this.jid, text));
  }

  focusAddress(): string {
    return `${this.jid}/${focusNick}`;
  }

  isFocus(jid: string | undefined): boolean {
    return this.focusHere && jid === this.focusAddress();
  }

  take(stanza: Element): void {
    if (this.over || bare(stanza.attrs.from ?? '') !== this.jid) return;
    if (stanza.name === 'presence') this.takePresence(stanza);
    else if (stanza.name === 'message') this.takeMessage(stanza);
  }

  private takePresence(presence: Element): void {
    const nick = resource(presence.attrs.from ?? '');
    switch (presence.attrs.type) {
      case undefined:
        return this.takeAvailable(presence, nick);
      case 'unavailable':
        return this.takeUnavailable(presence, nick);
      case 'error':
        if (!this.joined) this.events.onJoinError(readJoinError(presence));
    }
  }

  private takeAvailable(presence: Element, nick: string): void {
    const occupant = readOccupant(presence);
    if (nick === focusNick) {
      this.focusHere = this.focusJid === '' || (occupant.jid !== null && bare(occupant.jid) === this.focusJid);
      return;
    }
    if (nick === this.nick) return this.takeSelf(presence, occupant);
    const known = this.occupants.has(nick);
    this.occupants.set(nick, occupant);
    if (known) this.events.onChanged(occupant);
    else this.events.onEntered(occupant);
  }

  private takeSelf(presence: Element, self: Occupant): void {
    this.role = self.role;
    this.standing = self.standing;
    this.rights = readRights(presence);
    this.why = readWhy(presence);
    if (this.joined) return this.events.onSelfChanged();
    this.joined = true;
    this.events.onJoined(self);
    void this.learn();
  }

  // Asked again whenever the room says that its settings have changed (status 104).
  private async learn(): Promise<void> {
    try {
      this.info = readRoomInfo(await this.stream.request(this.jid, 'get', askRoomInfo()));
    } catch {
      return; // what was known stays
    }
    if (!this.over) this.events.onSelfChanged();
  }

  private takeUnavailable(presence: Element, nick: string): void {
    if (presence.getChild('ignore', 'http://jitsi.org/jitmeet/') !== undefined) return;
    const user = presence.getChild('x', ns.mucUser);
    const statuses = user?.getChildren('status').map((status) => status.attrs.code) ?? [];
    const destroy = user?.getChild('destroy');
    if (nick === this.nick || destroy !== undefined) {
      this.over = true;
      this.joined = false;
      return this.events.onEnded(readEnding(user, statuses));
    }
    if (nick === focusNick) {
      this.focusHere = false;
      return this.events.onFocusLost();
    }
    const occupant = this.occupants.get(nick);
    if (occupant === undefined) return;
    this.occupants.delete(nick);
    this.events.onLeft(occupant, statuses.includes('307') ? 'kicked' : 'left');
  }

  private takeMessage(message: Element): void {
    if (message.attrs.type === 'error') {
      this.events.onRefusedMessage(message.getChild('error')?.getChildText('text') ?? '');
      return;
    }
    const codes = message.getChild('x', ns.mucUser)?.getChildren('status').map((status) => status.attrs.code) ?? [];
    if (codes.includes('104')) void this.learn();
    const title = message.getChild('subject');
    if (title !== undefined) this.events.onSubject(title.text());
    const chat = readChat(message);
    if (chat !== null) this.events.onChat(chat);
  }

  ownJid(): string {
    return `${this.jid}/${this.nick}`;
  }
}

function readEnding(user: Element | undefined, statuses: (string | undefined)[]): Ending {
  const destroy = user?.getChild('destroy');
  if (destroy !== undefined) {
    return { kind: 'destroyed', reason: destroy.getChildText('reason') ?? '', alternative: destroy.attrs.jid ?? null };
  }
  const item = user?.getChild('item');
  if (statuses.includes('307') || item?.getChild('actor') !== undefined) {
    return { kind: 'kicked', actor: item?.getChild('actor')?.attrs.nick ?? null, reason: item?.getChildText('reason') ?? '', barred: statuses.includes('301') };
  }
  return { kind: 'gone' };
}
