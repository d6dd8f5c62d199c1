// Who may let people in sits in the lobby, as long as there is one and he may.

import { Knockers } from './room/knockers';
import type { Room } from './room/room';

export class LobbyWatch {
  knockers: Knockers | null = null;

  constructor(private readonly options: { name: () => string; notice: (text: string) => void; changed: () => void }) {}

  // To be called whenever our rights or the room's settings have changed.
  look(room: Room): void {
    const wanted = room.rights.has('admit') ? room.info.lobby : null;
    if ((this.knockers?.jid ?? null) === wanted) return;
    this.leave();
    if (wanted === null) return;
    this.knockers = this.watch(room, wanted);
    this.knockers.enter();
  }

  leave(): void {
    this.knockers?.leave();
    this.knockers = null;
  }

  private watch(room: Room, lobby: string): Knockers {
    const { name, notice, changed } = this.options;
    const isInside = (jid: string): boolean => [...room.occupants.values()].some((occupant) => occupant.jid === jid);
    return new Knockers(lobby, { mainRoom: room.jid, nick: room.nick, name, stream: room.stream, isInside }, {
      onKnock: (knocker) => notice(`${knocker.name} asks to join.`),
      onMessage: (knocker) => notice(`${knocker.name}, who asks to join, has written to you.`),
      onChanged: changed,
    });
  }
}
