// From "Join" to being in: ask the focus, wait, knock, give a password, join. It repeats what can be repeated by itself and
// reports what a person must know. One entrance is one attempt; leaving the waiting room stops it.
//
//   ask ──► join ──► in                 waiting ──► ask again by itself, or at once after a log-in
//    │       ├─► password ──► ask       knocking ─► admitted: ask; denied, closed: refused
//    └─► waiting   └─► knocking

import type { Element } from '@xmpp/xml';
import type { Stream } from './connection/stream';
import type { Ticket } from './connection/ticket';
import { askFocus, sentence } from './room/conference_request';
import type { JoinError } from './room/join_error';
import { Lobby } from './room/lobby';
import type { OwnPresence } from './room/presence';
import type { Room } from './room/room';

export interface EntranceEvents {
  makeRoom(focusJid: string): Room;
  onIdentity(identity: string | null): void; // whom the server takes us for
  onWaiting(sentence: string): void;
  onKnocking(sentence: string): void;
  onLobbyMessage(): void;
  onPasswordWanted(problem: string): void; // empty: none was given yet
  onNameWanted(): void;
  onRefused(sentence: string, loginHelps: boolean): void;
}

const kAskAgainMs = 2_000;
const kLongestLaterMs = 15_000;
const kJoinPatienceMs = 30_000;
const kMaxRepeats = 3;

const waitsForHost = 'The meeting has not started yet, or it is waiting for its host.';
const byItself = 'This page asks again by itself and lets you in as soon as you may enter.';
const knocks = 'The people in the meeting have been told that you are here. You will come in as soon as a moderator lets you in.';
const wrongPassword = 'That was not the password. Try again, or ask the person who invited you.';

export class Entrance {
  lobby: Lobby | null = null; // while we knock
  private room: Room | null = null;
  private password: string | null = null;
  private timer = 0;
  private over = false;
  private asking = false;
  private laterMs = 1_000;
  private ticketsRefused = 0;
  private notThereYet = 0;

  constructor(
    private readonly options: {
      stream: Stream;
      ticket: Ticket;
      focus: string;
      roomJid: string;
      nick: string;
      token: string | null;
      own: () => OwnPresence;
    },
    private readonly events: EntranceEvents,
  ) {}

  async enter(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    const { stream, ticket, focus, roomJid, token } = this.options;
    const answer = await askFocus({ stream, focus, room: roomJid, token, ticket });
    this.asking = false;
    if (this.over) return;
    switch (answer.kind) {
      case 'ready':
        this.events.onIdentity(answer.identity);
        this.room = this.events.makeRoom(answer.focusJid);
        this.room.join(this.options.own(), this.password);
        return this.after(kJoinPatienceMs, () => this.refuse('The server did not answer. Try again in a moment.'));
      case 'wait':
        this.events.onWaiting(`${answer.sentence || waitsForHost} ${byItself}`);
        return this.again(kAskAgainMs);
      case 'later':
        this.laterMs = Math.min(this.laterMs * 2, kLongestLaterMs);
        return this.again(this.laterMs / 2);
      case 'ticket-refused':
        if (++this.ticketsRefused > kMaxRepeats) return this.refuse('The server refuses what this browser kept from an earlier visit. Reload the page and try again.');
        return this.again(0);
      case 'failed':
        return this.refuse(answer.sentence);
    }
  }

  takeJoinError(error: JoinError): void {
    if (this.over) return;
    window.clearTimeout(this.timer);
    switch (error.kind) {
      case 'password':
        return this.events.onPasswordWanted(this.password !== null ? wrongPassword : '');
      case 'slowed':
        return this.password !== null ? this.events.onPasswordWanted(error.sentence) : this.refuse(error.sentence);
      case 'name':
        this.stop();
        return this.events.onNameWanted();
      case 'lobby':
        return this.takeLobby(error);
      case 'not-there-yet':
        // The room came to its end between the question and the join.
        if (++this.notThereYet > kMaxRepeats) return this.refuse('The meeting could not be opened. Try again in a moment.');
        return this.again(500 * 2 ** this.notThereYet);
      case 'refused':
        if (error.ticketAtFault) this.options.ticket.drop();
        return this.refuse(error.sentence, error.loginHelps);
    }
  }

  usePassword(password: string): void {
    this.password = password;
    void this.enter();
  }

  // Something is different about who we are: a log-in on another connection has put a new ticket into this browser's storage.
  askAnew(): void {
    this.again(0);
  }

  take(stanza: Element): void {
    this.lobby?.take(stanza);
  }

  // Also when the room took us in: nothing more to do here then.
  stop(): void {
    this.over = true;
    window.clearTimeout(this.timer);
    this.lobby?.leave();
  }

  private takeLobby({ lobby: jid, waitingForHost, sentence: reason }: JoinError & { kind: 'lobby' }): void {
    if (waitingForHost) this.events.onWaiting(`${reason || waitsForHost} ${byItself}`);
    else this.events.onKnocking(reason || knocks);
    if (jid === '') return this.again(kAskAgainMs);
    if (this.lobby?.jid !== jid) this.lobby?.leave();
    if (this.lobby === null || this.lobby.jid !== jid) {
      this.lobby = this.makeLobby(jid);
      this.lobby.knock(this.options.own().name);
    }
    // A lobby that nobody empties must not hold somebody whose host has come meanwhile.
    if (waitingForHost) this.again(kAskAgainMs * 2);
  }

  private makeLobby(jid: string): Lobby {
    return new Lobby(jid, this.options.roomJid, this.options.nick, this.options.stream, {
      onAdmitted: () => {
        this.lobby = null;
        this.again(0);
      },
      onDenied: (reason) => this.refuse(reason === '' ? 'A moderator did not let you in.' : sentence(reason)),
      onClosed: (reason) => this.refuse(reason === '' ? 'The meeting is over.' : `The meeting is over. ${sentence(reason)}`),
      onMessage: () => this.events.onLobbyMessage(),
    });
  }

  private refuse(text: string, loginHelps = false): void {
    this.stop();
    this.events.onRefused(text, loginHelps);
  }

  private again(delayMs: number): void {
    this.after(delayMs, () => void this.enter());
  }

  private after(delayMs: number, act: () => void): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (!this.over) act();
    }, delayMs);
  }
}
