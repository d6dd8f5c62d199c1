// Waiting in a room's lobby: we sit in a second room until somebody lets us in (a mediated invitation, or the lobby is
// closed in favour of the main room) or turns us away.

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import type { Stream } from '../connection/stream';
import { bare, resource } from './occupant';

export interface LobbyEvents {
  onAdmitted(): void;
  onDenied(): void;
}

export class Lobby {
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

  take(stanza: Element): void {
    if (this.over) return;
    const from = stanza.attrs.from ?? '';
    const user = stanza.getChild('x', ns.mucUser);
    if (stanza.name === 'message' && bare(from) === this.mainRoom && user?.getChild('invite') !== undefined) return this.end(true);
    if (stanza.name !== 'presence' || bare(from) !== this.jid) return;
    // A lobby that is gone, or was never there, sends us back to the door.
    if (stanza.attrs.type === 'error') return this.end(true);
    if (stanza.attrs.type !== 'unavailable') return;
    if (user?.getChild('destroy') !== undefined) return this.end(true);
    if (resource(from) === this.nick) this.end(false);
  }

  leave(): void {
    if (this.over) return;
    this.over = true;
    this.stream.send(xml('presence', { type: 'unavailable', to: `${this.jid}/${this.nick}` }));
  }

  private end(admitted: boolean): void {
    if (admitted) this.leave();
    this.over = true;
    if (admitted) this.events.onAdmitted();
    else this.events.onDenied();
  }
}
