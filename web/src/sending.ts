// Our own microphone, camera and screen in a meeting: switching them, what moderators do to them, and what our presence says of them.

import { LocalMedia, type Device } from './media/devices';
import { receivableCodecs } from './media/receivable_codecs';
import { RemoteMute } from './remote_mute';
import { capsVersion } from './room/features';
import type { OwnPresence } from './room/presence';
import type { Stay } from './stay';

export class Sending {
  readonly local = new LocalMedia((device) => this.take(device));
  readonly remoteMute: RemoteMute;
  private sharedOnce = false;

  constructor(private readonly options: { stay: () => Stay | null; name: () => string; notice: (text: string) => void; changed: () => void }) {
    const { stay, notice } = options;
    this.remoteMute = new RemoteMute(this.local, { room: () => stay()?.room ?? null, nameOf: (nick) => stay()?.nameOf(nick) ?? 'Somebody', notice });
  }

  async toggleMicrophone(): Promise<void> {
    await this.local.setMicrophoneMuted(!this.local.microphoneMuted);
    if (!this.local.microphoneMuted) this.remoteMute.unmutedSelf('audio');
  }

  async toggleCamera(): Promise<void> {
    await this.local.setCameraMuted(!this.local.cameraMuted);
    if (!this.local.cameraMuted) this.remoteMute.unmutedSelf('video');
  }

  async toggleScreen(): Promise<void> {
    if (this.local.screen !== null) this.local.stopScreen();
    else if (await this.local.startScreen()) this.remoteMute.unmutedSelf('desktop');
    if (this.local.problem !== '' && this.local.screen === null) this.options.notice(this.local.problem);
  }

  presence(nick: string): OwnPresence {
    const { local } = this;
    const sources: OwnPresence['sources'] = {
      [`${nick}-a0`]: { muted: local.microphoneMuted || local.microphone === null, videoType: '' },
      [`${nick}-v0`]: { muted: local.camera === null, videoType: 'camera' },
    };
    if (this.sharedOnce) sources[`${nick}-v1`] = { muted: local.screen === null, videoType: 'desktop' };
    return { name: this.options.name(), statsId: `conclave-${nick}`, capsVersion, codecs: receivableCodecs(), sources };
  }

  // Of our own video sources; `none` for muted.
  videoTypes(nick: string): Record<string, string> {
    return Object.fromEntries(Object.entries(this.presence(nick).sources).filter(([, state]) => state.videoType !== '')
      .map(([name, state]) => [name, state.muted ? 'none' : state.videoType]));
  }

  private take(device: Device): void {
    if (device === 'screen' && this.local.screen !== null) this.sharedOnce = true;
    const stay = this.options.stay();
    if (stay?.call != null) {
      // Presence first: the others then have a place for the picture before it comes.
      stay.room.publish(this.presence(stay.room.nick));
      stay.call.setTrack(device, this.local[device]);
    }
    this.options.changed();
  }
}
