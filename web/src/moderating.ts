// What a moderator does in a meeting: to people, to the room, and the links he makes. Each act is asked of the server, which decides; what it
// refuses becomes a notice with its reason.

import type { Element } from '@xmpp/xml';
import { stanzaError } from './connection/stream';
import { sentence } from './room/conference_request';
import { askInvitation, readInvitation, type Invitation, type InvitedRole } from './room/invitation';
import { bar, endForAll, grantModerator, kick, mute, revokeModerator, type MediaKind } from './room/moderation';
import type { Room } from './room/room';
import { askSettings, readSettings, submitChange, type Change, type RoomSettings } from './room/room_config';

export class Moderating {
  endedByUs = false;

  constructor(
    private readonly room: Room,
    private readonly nameOf: (nick: string) => string,
    private readonly notice: (text: string) => void,
  ) {}

  async kick(nick: string, reason: string): Promise<void> {
    await this.attempt(() => this.ask(kick(nick, reason)), `${this.nameOf(nick)} could not be removed`);
  }

  async bar(nick: string, reason: string): Promise<void> {
    await this.attempt(() => this.askOf(nick, (jid) => bar(jid, reason)), `${this.nameOf(nick)} could not be kept out`);
  }

  async grant(nick: string): Promise<void> {
    await this.attempt(() => this.askOf(nick, grantModerator), `${this.nameOf(nick)} could not be made moderator`);
  }

  async revoke(nick: string): Promise<void> {
    const { membersOnly } = this.room.info;
    await this.attempt(() => this.askOf(nick, (jid) => revokeModerator(jid, membersOnly)), `${this.nameOf(nick)} could not be made an ordinary participant`);
  }

  async mute(kind: MediaKind, nick: string): Promise<void> {
    const { room } = this;
    await this.attempt(() => room.stream.request(room.focusAddress(), 'set', mute(kind, `${room.jid}/${nick}`, true)), `${this.nameOf(nick)} could not be muted`);
  }

  endForAll(): void {
    this.endedByUs = true;
    this.room.stream.send(endForAll(this.room.domain));
  }

  // Or the refusal as a sentence.
  async settings(): Promise<RoomSettings | string> {
    try {
      return readSettings(await this.room.stream.request(this.room.jid, 'get', askSettings()));
    } catch (error) {
      return refusalSentence('The settings could not be read', error);
    }
  }

  // The refusal as a sentence; null: it was done.
  async change(change: Change, now: RoomSettings): Promise<string | null> {
    try {
      await this.ask(submitChange(change, now));
      return null;
    } catch (error) {
      return refusalSentence('This could not be changed', error);
    }
  }

  async invite(wish: { name: string; role: InvitedRole; seconds: number }): Promise<Invitation | string> {
    try {
      return readInvitation(await this.ask(askInvitation(wish))) ?? 'The server answered with something that is no link.';
    } catch (error) {
      return refusalSentence('No link could be made', error);
    }
  }

  private ask(payload: Element): Promise<Element> {
    return this.room.stream.request(this.room.jid, 'set', payload);
  }

  private async askOf(nick: string, payload: (realJid: string) => Element): Promise<void> {
    const jid = this.room.occupants.get(nick)?.jid;
    if (jid != null) await this.ask(payload(jid));
  }

  private async attempt(act: () => Promise<unknown>, failure: string): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.notice(refusalSentence(failure, error));
    }
  }
}

export function refusalSentence(failure: string, error: unknown): string {
  const { condition, text } = stanzaError(error);
  if (text !== '') return `${failure}: ${sentence(text)}`;
  return condition === '' ? `${failure}: the server did not answer.` : `${failure}: the server did not allow it.`;
}
