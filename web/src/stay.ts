// Our stay in one room, from the join presence to the end: the room, the call, what we may do to others, who asks to join.

import type { Element } from '@xmpp/xml';
import { Call } from './call';
import type { Stream } from './connection/stream';
import type { Conversation } from './conversation';
import { farewell } from './farewell';
import { LobbyWatch } from './lobby_watch';
import { Moderating } from './moderating';
import { sentence } from './room/conference_request';
import type { JoinError } from './room/join_error';
import type { Knockers } from './room/knockers';
import { displayName, type Occupant } from './room/occupant';
import { Room, type Ending } from './room/room';
import type { Sending } from './sending';

export interface StayOptions {
  roomJid: string;
  nick: string;
  focusJid: string;
  domain: string;
  stream: Stream;
  iceServers: () => RTCIceServer[];
  sending: Sending;
  conversation: Conversation;
  ownName: () => string;
}

export interface StayEvents {
  onJoined(self: Occupant): void;
  onJoinError(error: JoinError): void;
  onEnded(text: string): void; // what the person reads
  onChanged(): void;
  notice(text: string): void;
}

const kFocusGraceMs = 2_000;

export class Stay {
  readonly room: Room;
  call: Call | null = null; // these two while we are in
  moderating: Moderating | null = null;
  subject = '';
  private over = false;
  private readonly lobbyWatch: LobbyWatch;

  constructor(
    private readonly options: StayOptions,
    private readonly events: StayEvents,
  ) {
    this.lobbyWatch = new LobbyWatch({ name: options.ownName, notice: events.notice, changed: events.onChanged });
    this.room = this.makeRoom();
  }

  // Who asks to join, while we may let people in.
  get knockers(): Knockers | null {
    return this.lobbyWatch.knockers;
  }

  nameOf(nick: string): string {
    if (nick === this.options.nick) return this.options.ownName() || 'You';
    const occupant = this.room.occupants.get(nick);
    return occupant === undefined ? 'Somebody' : displayName(occupant);
  }

  take(stanza: Element): void {
    this.room.take(stanza);
    this.knockers?.take(stanza);
  }

  takeJingle(from: string | undefined, jingle: Element): Element | true | undefined {
    return this.room.isFocus(from) && this.call !== null ? this.call.take(jingle) : undefined;
  }

  say(text: string, to: string | null): void {
    this.options.conversation.say(this.room, text, to);
  }

  // Without a word to the room: it has taken us out, or is told by whoever calls.
  end(): void {
    this.over = true;
    this.call?.end();
    this.call = null;
    this.moderating = null;
    this.lobbyWatch.leave();
  }

  private makeRoom(): Room {
    const { options: { roomJid, nick, focusJid, domain, stream, conversation }, events } = this;
    return new Room(roomJid, nick, focusJid, domain, stream, {
      onJoined: (self) => this.joined(self),
      onJoinError: events.onJoinError,
      onEntered: (occupant) => {
        if (this.room.joined) events.notice(`${displayName(occupant)} has joined.`);
        events.onChanged();
      },
      onChanged: events.onChanged,
      onSelfChanged: () => {
        this.lobbyWatch.look(this.room);
        events.onChanged();
      },
      onLeft: (occupant, how) => {
        this.call?.removeOwner(occupant.nick);
        events.notice(`${displayName(occupant)} ${how === 'kicked' ? 'was removed from the meeting' : 'has left'}.`);
      },
      onChat: (message) => conversation.keep(message),
      onRefusedMessage: (text) => events.notice(text === '' ? 'Your message could not be delivered.' : `Your message could not be delivered: ${sentence(text)}`),
      onSubject: (text) => {
        this.subject = text;
        events.onChanged();
      },
      onFocusLost: () => this.focusLost(),
      onEnded: (ending) => events.onEnded(this.farewell(ending)),
    });
  }

  private joined(self: Occupant): void {
    this.call = this.makeCall();
    this.moderating = new Moderating(this.room, (nick) => this.nameOf(nick), this.events.notice);
    this.events.onJoined(self);
  }

  private makeCall(): Call {
    const { options: { nick, stream, sending, iceServers }, events, room } = this;
    return new Call(nick, iceServers(), {
      send: (jingle) => stream.request(room.focusAddress(), 'set', jingle),
      tracks: () => ({ microphone: sending.local.microphone, camera: sending.local.camera, screen: sending.local.screen }),
      videoTypes: () => sending.videoTypes(nick),
      onChanged: events.onChanged,
      onBroken: () => events.notice('Sound and picture cannot be exchanged with the server. Check your network or firewall, then leave and join again.'),
    });
  }

  // When a meeting ends, our own removal follows in a moment and says why.
  private focusLost(): void {
    window.setTimeout(() => {
      if (!this.over && this.room.joined) this.events.onEnded('The server has closed this meeting.');
    }, kFocusGraceMs);
  }

  private farewell(ending: Ending): string {
    const actor = ending.kind === 'kicked' && ending.actor !== null ? this.nameOf(ending.actor) : null;
    return farewell(ending, actor === 'Somebody' ? null : actor, this.moderating?.endedByUs === true);
  }
}
