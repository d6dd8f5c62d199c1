// The media half of a meeting: answers the focus' Jingle, keeps the session and its bridge channel, and knows the remote
// tracks. A session that fails is asked for anew, as the focus makes a fresh one each time.

import xml, { type Element } from '@xmpp/xml';
import { ns } from './connection/namespaces';
import { BridgeChannel, type BridgeMessage } from './media/bridge_channel';
import { receiverConstraints, type ShownVideo } from './media/constraints';
import { readOffer, type Offer } from './media/jingle';
import { MediaSession, type Outgoing, type SessionState, type SourceStats } from './media/session';
import { readSources, type Source } from './media/source';

export interface RemoteTrack {
  source: Source;
  stream: MediaStream;
}

export type MediaState = 'none' | SessionState;

export interface CallEvents {
  send(jingle: Element): Promise<unknown>;
  tracks(): Record<Outgoing, MediaStreamTrack | null>;
  videoTypes(): Record<string, string>; // of our own video sources, `none` for muted
  onChanged(): void;
  onBroken(): void; // for good
}

const kMaxFailures = 3;
const kRestartDelayMs = 1_000;

export class Call {
  readonly remote = new Map<string, RemoteTrack>();
  state: MediaState = 'none';
  speaker: string | null = null;
  forwarded: Set<string> | null = null; // video sources that the bridge sends us now; null while it has not said
  private session: MediaSession | null = null;
  private channel: BridgeChannel | null = null;
  private shown: readonly ShownVideo[] = [];
  private failures = 0;
  private restart = 0;

  constructor(
    private readonly nick: string,
    private readonly iceServers: RTCIceServer[],
    private readonly events: CallEvents,
  ) {}

  // Answers as the dialect wants it: accepted at once, whatever the work brings.
  take(jingle: Element): Element | true {
    if (jingle.attrs.action === 'session-initiate') {
      if (this.session?.sid === jingle.attrs.sid) return refusal('service-unavailable');
      const offer = readOffer(jingle);
      if ('unreadable' in offer) {
        console.error('unreadable offer:', offer.unreadable);
        return refusal('bad-request');
      }
      this.begin(offer);
      return true;
    }
    if (this.session === null || this.session.sid !== jingle.attrs.sid) return refusal('item-not-found');
    switch (jingle.attrs.action) {
      case 'source-add':
        this.session.addSources(readSources(jingle));
        return true;
      case 'source-remove':
        this.session.removeSources(readSources(jingle));
        return true;
      case 'session-terminate':
        this.end();
        return true;
      case 'transport-info':
      case 'transport-replace':
      case 'content-modify':
        return true;
      default:
        return refusal('bad-request');
    }
  }

  setTrack(which: Outgoing, track: MediaStreamTrack | null): void {
    void this.session?.setTrack(which, track);
    this.sayVideoTypes();
  }

  // The focus sends no source-remove for somebody who left the room.
  removeOwner(nick: string): void {
    this.session?.removeOwner(nick);
    if (this.speaker === nick) this.speaker = null;
  }

  show(videos: readonly ShownVideo[]): void {
    const next = receiverConstraints(videos);
    const changed = JSON.stringify(next) !== JSON.stringify(receiverConstraints(this.shown));
    this.shown = videos;
    if (changed) this.channel?.send(next);
  }

  stats(): Promise<SourceStats[]> {
    return this.session?.stats() ?? Promise.resolve([]);
  }

  end(): void {
    window.clearTimeout(this.restart);
    this.channel?.close();
    this.session?.close();
    this.channel = null;
    this.session = null;
    this.remote.clear();
    this.speaker = null;
    this.forwarded = null;
    this.state = 'none';
    this.events.onChanged();
  }

  private begin(offer: Offer): void {
    this.end();
    this.state = 'connecting';
    const session = new MediaSession(offer, this.nick, this.events.tracks(), this.iceServers, {
      send: (jingle) => this.events.send(jingle),
      onTrack: (source, track) => {
        this.remote.set(source.name, { source, stream: new MediaStream([track]) });
        this.events.onChanged();
      },
      onGone: (names) => {
        for (const name of names) this.remote.delete(name);
        this.events.onChanged();
      },
      onState: (state) => {
        if (this.session === session) this.takeState(session, state);
      },
    });
    this.session = session;
    void session.start();
    if (session.webSocket !== null) {
      this.channel = new BridgeChannel(session.webSocket, {
        onOpen: () => {
          this.channel?.send(receiverConstraints(this.shown));
          this.sayVideoTypes();
        },
        onMessage: (message) => this.takeBridgeMessage(message),
      });
    }
    this.events.onChanged();
  }

  private takeState(session: MediaSession, state: SessionState): void {
    if (this.state === state) return;
    this.state = state;
    if (state === 'up') this.failures = 0;
    if (state === 'failed') {
      if (++this.failures > kMaxFailures) this.events.onBroken();
      else this.restart = window.setTimeout(() => this.askAnew(session), kRestartDelayMs * this.failures);
    }
    this.events.onChanged();
  }

  private askAnew(session: MediaSession): void {
    if (this.session !== session) return;
    session.restart('ICE FAILED').catch(() => {
      if (this.session === session) this.events.onBroken();
    });
  }

  private takeBridgeMessage(message: BridgeMessage): void {
    switch (message.colibriClass) {
      case 'DominantSpeakerEndpointChangeEvent':
        this.speaker = typeof message.dominantSpeakerEndpoint === 'string' && message.silence !== true ? message.dominantSpeakerEndpoint : null;
        return this.events.onChanged();
      case 'ForwardedSources':
        if (!Array.isArray(message.forwardedSources)) return;
        this.forwarded = new Set(message.forwardedSources.filter((name) => typeof name === 'string'));
        return this.events.onChanged();
      default:
        // ServerHello, SenderSourceConstraints, statistics: nothing that a person sees.
    }
  }

  private sayVideoTypes(): void {
    for (const [sourceName, videoType] of Object.entries(this.events.videoTypes())) {
      this.channel?.send({ colibriClass: 'SourceVideoTypeMessage', sourceName, videoType });
    }
  }
}

function refusal(condition: string): Element {
  return xml('error', { type: 'cancel' }, xml(condition, { xmlns: ns.stanzas }));
}
