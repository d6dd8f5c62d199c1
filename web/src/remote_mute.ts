// A moderator mutes us through the focus, and whether we may unmute ourselves afterwards.

import type { Element } from '@xmpp/xml';
import type { Stream } from './connection/stream';
import { ns } from './connection/namespaces';
import type { LocalMedia } from './media/devices';
import { mute, type MediaKind } from './room/moderation';
import { resource } from './room/occupant';
import type { Room } from './room/room';

const namespaces = [['audio', ns.muteAudio], ['video', ns.muteVideo], ['desktop', ns.muteDesktop]] as const;
const done: Record<MediaKind, string> = { audio: 'muted your microphone', video: 'switched off your camera', desktop: 'stopped your screen share' };

export class RemoteMute {
  private readonly muted = new Set<MediaKind>();

  constructor(
    private readonly local: LocalMedia,
    private readonly options: { room: () => Room | null; nameOf: (nick: string) => string; notice: (text: string) => void },
  ) {}

  listen(stream: Stream): void {
    for (const [kind, xmlns] of namespaces) {
      stream.answer('set', xmlns, 'mute', ({ stanza, element }) => this.take(kind, stanza, element));
    }
  }

  forget(): void {
    this.muted.clear();
  }

  // We have unmuted ourselves; the server may say no.
  unmutedSelf(kind: MediaKind): void {
    const room = this.options.room();
    if (!this.muted.delete(kind) || room === null) return;
    room.stream.request(room.focusAddress(), 'set', mute(kind, room.ownJid(), false)).catch(() => {
      this.options.notice('A moderator does not allow this at the moment.');
      this.silence(kind);
    });
  }

  private take(kind: MediaKind, stanza: Element, element: Element): true | undefined {
    if (this.options.room()?.isFocus(stanza.attrs.from) !== true) return undefined;
    if (element.text() !== 'true') return true;
    this.muted.add(kind);
    this.silence(kind);
    const actor = resource(element.attrs.actor ?? '');
    this.options.notice(`${actor === '' ? 'A moderator' : this.options.nameOf(actor)} ${done[kind]}.`);
    return true;
  }

  private silence(kind: MediaKind): void {
    if (kind === 'audio') void this.local.setMicrophoneMuted(true);
    else if (kind === 'video') void this.local.setCameraMuted(true);
    else this.local.stopScreen();
  }
}
