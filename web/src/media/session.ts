// The Jingle session with the focus: one RTCPeerConnection to the bridge. The bridge offers, we answer; what changes later
// (sources that come and go, a screen that we share) is another round of the same, one at a time.

import type { Element } from '@xmpp/xml';
import { randomHex } from '../connection/random';
import { sessionAccept, sessionTerminate, sourceChange, type Offer } from './jingle';
import { descriptionOf, sections, simulcastOf, transportOf, withSimulcast, type Section, type Simulcast } from './sdp_answer';
import { sdpOffer } from './sdp_offer';
import { Slots, type Slot } from './slots';
import type { Kind, Source } from './source';

export type Outgoing = 'microphone' | 'camera' | 'screen';
export type SessionState = 'connecting' | 'up' | 'interrupted' | 'failed';

export interface SessionEvents {
  send(jingle: Element): Promise<unknown>;
  onTrack(source: Source, track: MediaStreamTrack): void;
  onGone(names: string[]): void;
  onState(state: SessionState): void;
}

export interface SourceStats {
  source: string;
  kind: Kind;
  framesDecoded: number;
  totalAudioEnergy: number;
  frameWidth: number;
  frameHeight: number;
  bytesReceived: number;
}

const suffixes: Record<Outgoing, string> = { microphone: 'a0', camera: 'v0', screen: 'v1' };

export class MediaSession {
  readonly sid: string;
  readonly webSocket: string | null;
  private readonly pc: RTCPeerConnection;
  private readonly slots: Slots;
  private readonly trackIds: Record<Outgoing, string>;
  private screenSlot: Slot | undefined;
  private simulcast: Simulcast | null = null;
  private version = 0;
  private accepted = false;
  private closed = false;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly offer: Offer,
    private readonly nick: string,
    private readonly tracks: Record<Outgoing, MediaStreamTrack | null>,
    iceServers: RTCIceServer[],
    private readonly events: SessionEvents,
  ) {
    this.sid = offer.sid;
    this.webSocket = offer.transport.webSocket;
    this.slots = new Slots([...offer.descriptions.keys()], offer.sources);
    this.trackIds = { microphone: randomHex(16), camera: randomHex(16), screen: randomHex(16) };
    if (tracks.screen !== null) this.screenSlot = this.slots.addLocal('video');
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers });
    this.pc.addEventListener('track', ({ transceiver, track }) => {
      const slot = this.slots.byMid(transceiver.mid);
      if (slot?.direction === 'sendonly' && slot.source !== null) events.onTrack(slot.source, track);
    });
    this.pc.addEventListener('connectionstatechange', () => this.reportState());
    // COMPAT(firefox): ICE consent that is lost shows here some seconds earlier.
    this.pc.addEventListener('iceconnectionstatechange', () => this.reportState());
  }

  start(): Promise<void> {
    return this.enqueue(async () => {
      await this.negotiate();
      await this.events.send(sessionAccept(this.offer, this.answer()));
      this.accepted = true;
    });
  }

  addSources(sources: Source[]): void {
    this.change(() => this.slots.add(sources));
  }

  removeSources(sources: Source[]): void {
    this.change(() => this.events.onGone(this.slots.remove(sources)));
  }

  removeOwner(nick: string): void {
    this.change(() => this.events.onGone(this.slots.removeOwner(nick)));
  }

  // Null stops sending; the source stays signalled, as its mute state travels in presence.
  setTrack(which: Outgoing, track: MediaStreamTrack | null): Promise<void> {
    this.tracks[which] = track;
    return this.enqueue(async () => {
      if (which === 'screen' && this.screenSlot === undefined) {
        if (track === null) return;
        this.screenSlot = this.slots.addLocal('video');
        await this.negotiate();
        const source = this.localSource('screen');
        if (source !== null && this.accepted) await this.events.send(sourceChange('source-add', this.offer, source));
      } else {
        await this.transceiver(which)?.sender.replaceTrack(this.tracks[which]);
      }
    });
  }

  // Asks the focus for a new session in place of this one.
  async restart(text: string): Promise<void> {
    await this.events.send(sessionTerminate(this.offer, 'connectivity-error', text, true));
  }

  close(): void {
    this.closed = true;
    this.pc.close();
  }

  async stats(): Promise<SourceStats[]> {
    const found: SourceStats[] = [];
    for (const transceiver of this.pc.getTransceivers()) {
      const slot = this.slots.byMid(transceiver.mid);
      if (slot?.direction !== 'sendonly' || slot.source === null) continue;
      const report = await transceiver.receiver.getStats();
      report.forEach((entry: { type: string } & Partial<RTCInboundRtpStreamStats>) => {
        if (entry.type !== 'inbound-rtp' || slot.source === null) return;
        found.push({
          source: slot.source.name,
          kind: slot.kind,
          framesDecoded: entry.framesDecoded ?? 0,
          totalAudioEnergy: entry.totalAudioEnergy ?? 0,
          frameWidth: entry.frameWidth ?? 0,
          frameHeight: entry.frameHeight ?? 0,
          bytesReceived: entry.bytesReceived ?? 0,
        });
      });
    }
    return found;
  }

  private change(apply: () => void): void {
    void this.enqueue(async () => {
      const lines = (): string => this.slots.all.map((slot) => slot.mid + slot.direction).join();
      const before = lines();
      apply();
      // A source that was removed when its owner left is often removed once more by the focus.
      if (lines() !== before) await this.negotiate();
    });
  }

  // One round at a time; a round that fails means that the session cannot be trusted any more.
  private enqueue(job: () => Promise<void>): Promise<void> {
    this.work = this.work.then(async () => {
      if (this.closed) return;
      try {
        await job();
      } catch (error) {
        if (this.closed) return;
        console.error('media session', error);
        this.events.onState('failed');
      }
    });
    return this.work;
  }

  private async negotiate(): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'offer', sdp: sdpOffer(this.offer, this.slots.all, ++this.version) });
    await this.attach('microphone', 'sendrecv');
    await this.attach('camera', 'sendrecv');
    await this.attach('screen', 'sendonly');
    await this.applyAnswer((await this.pc.createAnswer()).sdp ?? '');
    this.slots.settle();
  }

  private async attach(which: Outgoing, direction: RTCRtpTransceiverDirection): Promise<void> {
    const transceiver = this.transceiver(which);
    if (transceiver === undefined) return;
    transceiver.direction = direction;
    if (transceiver.sender.track !== this.tracks[which]) await transceiver.sender.replaceTrack(this.tracks[which]);
  }

  private async applyAnswer(sdp: string): Promise<void> {
    const camera = this.slots.first('video');
    const section = sections(sdp).find(({ mid }) => mid === camera?.mid);
    if (camera !== undefined && section !== undefined && sendsSimulcast()) {
      this.simulcast ??= simulcastOf(section, randomSsrc);
      if (this.simulcast !== null) {
        try {
          await this.pc.setLocalDescription({ type: 'answer', sdp: withSimulcast(sdp, camera.mid, this.simulcast) });
          return;
        } catch (error) {
          // A browser that no longer takes edited descriptions sends one stream instead of three.
          console.warn('no simulcast', error);
          this.simulcast = null;
        }
      }
    }
    await this.pc.setLocalDescription({ type: 'answer', sdp });
  }

  private transceiver(which: Outgoing): RTCRtpTransceiver | undefined {
    const mid = this.midOf(which);
    return mid === undefined ? undefined : this.pc.getTransceivers().find((transceiver) => transceiver.mid === mid);
  }

  private midOf(which: Outgoing): string | undefined {
    if (which === 'screen') return this.screenSlot?.mid;
    return this.slots.first(which === 'microphone' ? 'audio' : 'video')?.mid;
  }

  private answer(): Parameters<typeof sessionAccept>[1] {
    const sdp = this.pc.localDescription?.sdp ?? '';
    const found = sections(sdp);
    const outgoing = (['microphone', 'camera', 'screen'] as const).map((which) => this.localSource(which)).filter((source) => source !== null);
    return {
      transport: transportOf(sdp),
      kinds: [...this.offer.descriptions.keys()].flatMap((kind) => {
        const section = found.find(({ mid }) => mid === this.slots.first(kind)?.mid);
        if (section === undefined) return [];
        return [{ kind, description: descriptionOf(section, sdp), sources: outgoing.filter((source) => source.kind === kind) }];
      }),
    };
  }

  private localSource(which: Outgoing): Source | null {
    const mid = this.midOf(which);
    const section: Section | undefined = sections(this.pc.localDescription?.sdp ?? '').find((each) => each.mid === mid);
    if (section === undefined || section.ssrcs.length === 0) return null;
    const index = which === 'screen' ? 1 : 0;
    return {
      owner: this.nick,
      name: `${this.nick}-${suffixes[which]}`,
      kind: section.kind,
      videoType: which === 'microphone' ? '' : which === 'screen' ? 'desktop' : 'camera',
      msid: `${this.nick}-${section.kind}-${index}-1 ${this.trackIds[which]}-1`,
      ssrcs: section.ssrcs,
      groups: section.groups,
    };
  }

  private reportState(): void {
    if (this.closed) return;
    const { connectionState, iceConnectionState } = this.pc;
    if (connectionState === 'failed' || iceConnectionState === 'failed') this.events.onState('failed');
    else if (connectionState === 'connected') this.events.onState(iceConnectionState === 'disconnected' ? 'interrupted' : 'up');
    else if (connectionState === 'disconnected') this.events.onState('interrupted');
  }
}

function sendsSimulcast(): boolean {
  return /Chrom(e|ium)\//.test(navigator.userAgent);
}

function randomSsrc(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 1) >>> 1 || 1;
}
