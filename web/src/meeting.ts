// One person's meeting: what the screen shows and what can be done. It joins connection, room and media; the ui only reads it
// and calls it. `changed` tells the ui that something is different.

import type { Element } from '@xmpp/xml';
import { Call } from './call';
import { completeConfig, mucDomain, socketAddress, type Config, type PageAddress } from './connection/address';
import { askIceServers } from './connection/ice_servers';
import { ns } from './connection/namespaces';
import { randomHex } from './connection/random';
import { connectionSentence } from './connection/refusal';
import { Stream } from './connection/stream';
import type { Ticket } from './connection/ticket';
import { Entrance } from './entrance';
import { LocalMedia, type Device } from './media/devices';
import type { ChatMessage } from './room/chat';
import { kMaxMessagesKept } from './room/chat';
import { sentence } from './room/conference_request';
import { capsVersion, discoInfo } from './room/features';
import type { MediaKind } from './room/moderation';
import { resource, type Occupant } from './room/occupant';
import type { OwnPresence } from './room/presence';
import { Room, type Ending } from './room/room';
import { roomNode } from './room/room_name';

export type Phase = 'welcome' | 'prejoin' | 'connecting' | 'waiting' | 'password' | 'joined' | 'ended' | 'error';

export interface Notice {
  id: number;
  text: string;
}

export interface Timings {
  socketOpen: number | null;
  joined: number | null;
  firstFrame: number | null;
}

const kNoticeMs = 6_000;
const kFocusGraceMs = 2_000;

export class Meeting {
  phase: Phase;
  sentence = ''; // what the waiting, ended and error screens say
  passwordWrong = false;
  nameWanted = false;
  name: string;
  interrupted = false;
  subject = '';
  nick = '';
  messages: ChatMessage[] = [];
  notices: Notice[] = [];
  sharedOnce = false;
  readonly local: LocalMedia;
  readonly timings: Timings = { socketOpen: null, joined: null, firstFrame: null };
  room: Room | null = null;
  call: Call | null = null;

  private readonly config: Required<Config>;
  private readonly listeners = new Set<() => void>();
  private stream: Stream | null = null;
  private entrance: Entrance | null = null;
  private iceServers: RTCIceServer[] = [];
  private endedByUs = false;
  private readonly mutedByFocus = new Set<MediaKind>();
  private nextNotice = 1;

  constructor(
    given: Partial<Config> | undefined,
    readonly page: PageAddress,
    private readonly ticket: Ticket,
  ) {
    this.config = completeConfig(given, location);
    this.name = page.name ?? ticket.name();
    this.phase = page.room === null ? 'welcome' : 'prejoin';
    this.local = new LocalMedia((device) => this.takeDevice(device));
    window.addEventListener('pagehide', () => {
      // The room hears at once that we left, instead of when the server gives up on our stream.
      this.room?.leave();
      void this.stream?.close();
    });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.listeners) listener();
  }

  // --- entering

  async join(): Promise<void> {
    if (this.page.room === null || this.phase === 'connecting') return;
    this.ticket.keepName(this.name.trim());
    this.nameWanted = false;
    this.endedByUs = false;
    this.messages = [];
    this.show('connecting');
    const stream = this.makeStream(this.page.room);
    this.stream = stream;
    try {
      await stream.open();
    } catch (error) {
      if (this.stream !== stream) return;
      void stream.close();
      return this.show('error', connectionSentence(error));
    }
    if (this.stream !== stream) return;
    // The credential leaves the address bar once it was used; a reload goes by the ticket.
    history.replaceState(null, '', location.pathname);
    this.enter();
  }

  usePassword(password: string): void {
    this.show('connecting');
    this.entrance?.usePassword(password);
  }

  backToPrejoin(): void {
    this.close();
    this.show('prejoin');
    void this.local.start();
  }

  private makeStream(room: string): Stream {
    const { token, tenant } = this.page;
    const stream: Stream = new Stream(
      this.config.hosts.domain,
      (previd) => socketAddress({ websocket: this.config.websocket, tenant, room, token, ...(previd !== undefined && { previd }) }),
      {
        onSocketOpen: () => (this.timings.socketOpen ??= performance.now()),
        onStanza: (stanza) => {
          this.entrance?.take(stanza);
          this.room?.take(stanza);
        },
        onInterrupted: () => {
          this.interrupted = true;
          this.changed();
        },
        onResumed: () => {
          this.interrupted = false;
          this.changed();
        },
        onReplaced: () => {
          // Too late to resume: the server has taken us out, so everything starts over, without a click.
          this.interrupted = false;
          this.leaveCall();
          this.show('connecting');
          this.enter();
        },
        onRefused: (error) => {
          if (this.stream !== stream) return;
          this.close();
          this.show('error', connectionSentence(error));
        },
      },
    );
    stream.answer('get', ns.discoInfo, 'query', ({ element }) => discoInfo(element.attrs.node));
    stream.answer('set', ns.jingle, 'jingle', ({ stanza, element }) =>
      this.room?.isFocus(stanza.attrs.from) === true && this.call !== null ? this.call.take(element) : undefined);
    for (const [kind, xmlns] of [['audio', ns.muteAudio], ['video', ns.muteVideo], ['desktop', ns.muteDesktop]] as const) {
      stream.answer('set', xmlns, 'mute', ({ stanza, element }) => this.takeMute(kind, stanza, element));
    }
    return stream;
  }

  private enter(): void {
    const { stream } = this;
    if (stream === null || this.page.room === null) return;
    const roomJid = `${roomNode(this.page.room)}@${mucDomain(this.config, this.page.tenant)}`;
    this.nick = nickFor(stream.localPart());
    void askIceServers(stream, this.config.hosts.domain).then((servers) => (this.iceServers = servers));
    const entrance = new Entrance(
      { stream, ticket: this.ticket, focus: this.config.hosts.focus, roomJid, nick: this.nick, token: this.page.token, own: () => this.ownPresence() },
      {
        makeRoom: (focusJid) => (this.room = this.makeRoom(roomJid, focusJid, stream, entrance)),
        onWaiting: (text) => this.show('waiting', text),
        onPasswordWanted: (wrong) => {
          this.passwordWrong = wrong;
          this.show('password');
        },
        onNameWanted: () => {
          this.close();
          this.nameWanted = true;
          this.show('prejoin');
        },
        onRefused: (text) => {
          this.close();
          this.show('error', text);
        },
      },
    );
    this.entrance = entrance;
    void entrance.enter();
  }

  private makeRoom(jid: string, focusJid: string, stream: Stream, entrance: Entrance): Room {
    const room: Room = new Room(jid, this.nick, focusJid, this.config.hosts.domain, stream, {
      onJoined: () => {
        entrance.stop();
        this.timings.joined ??= performance.now();
        this.call = this.makeCall(room, stream);
        this.show('joined');
      },
      onJoinError: (error) => entrance.takeJoinError(error),
      onEntered: (occupant) => {
        if (room.joined) this.notice(`${displayName(occupant)} has joined.`);
        this.changed();
      },
      onChanged: () => this.changed(),
      onLeft: (occupant, how) => {
        this.call?.removeOwner(occupant.nick);
        this.notice(`${displayName(occupant)} ${how === 'kicked' ? 'was removed from the meeting' : 'has left'}.`);
      },
      onChat: (message) => {
        this.keepMessage(message);
      },
      onRefusedMessage: (text) => this.notice(text === '' ? 'Your message could not be delivered.' : `Your message could not be delivered: ${sentence(text)}`),
      onSubject: (text) => {
        this.subject = text;
        this.changed();
      },
      onFocusLost: () => {
        // When a meeting ends, our own removal follows in a moment and says why.
        window.setTimeout(() => {
          if (this.room === room && this.phase === 'joined') this.end('The server has closed this meeting.');
        }, kFocusGraceMs);
      },
      onEnded: (ending) => this.end(this.endingSentence(ending)),
    });
    return room;
  }

  private makeCall(room: Room, stream: Stream): Call {
    return new Call(this.nick, this.iceServers, {
      send: (jingle) => stream.request(room.focusAddress(), 'set', jingle),
      tracks: () => ({ microphone: this.local.microphone, camera: this.local.camera, screen: this.local.screen }),
      videoTypes: () => {
        const { sources } = this.ownPresence();
        return Object.fromEntries(Object.entries(sources).filter(([, state]) => state.videoType !== '')
          .map(([name, state]) => [name, state.muted ? 'none' : state.videoType]));
      },
      onChanged: () => this.changed(),
      onBroken: () => this.notice('Sound and picture cannot be exchanged with the server. Check your network or firewall, then leave and join again.'),
    });
  }

  // --- in the meeting

  get role(): string {
    return this.room?.role ?? '';
  }

  get isModerator(): boolean {
    return this.role === 'moderator';
  }

  nameOf(nick: string): string {
    if (nick === this.nick) return this.name.trim() || 'You';
    const occupant = this.room?.occupants.get(nick);
    return occupant === undefined ? 'Somebody' : displayName(occupant);
  }

  async toggleMicrophone(): Promise<void> {
    await this.local.setMicrophoneMuted(!this.local.microphoneMuted);
    if (!this.local.microphoneMuted) this.sayUnmuted('audio');
  }

  async toggleCamera(): Promise<void> {
    await this.local.setCameraMuted(!this.local.cameraMuted);
    if (!this.local.cameraMuted) this.sayUnmuted('video');
  }

  async toggleScreen(): Promise<void> {
    if (this.local.screen !== null) this.local.stopScreen();
    else if (await this.local.startScreen()) this.sayUnmuted('desktop');
    if (this.local.problem !== '' && this.local.screen === null) this.notice(this.local.problem);
  }

  say(text: string, to: string | null): void {
    const own = this.room?.say(text, to);
    if (own != null) this.keepMessage(own);
  }

  setSubject(text: string): void {
    this.room?.setSubject(text);
  }

  async kick(nick: string): Promise<void> {
    await this.attempt(this.room?.kick(nick), `${this.nameOf(nick)} could not be removed`);
  }

  async mute(kind: MediaKind, nick: string): Promise<void> {
    await this.attempt(this.room?.mute(kind, nick), `${this.nameOf(nick)} could not be muted`);
  }

  async grant(nick: string): Promise<void> {
    await this.attempt(this.room?.grant(nick), `${this.nameOf(nick)} could not be made moderator`);
  }

  leave(): void {
    this.close();
    this.finish('You have left the meeting.');
  }

  endForAll(): void {
    this.endedByUs = true;
    this.room?.endForAll();
  }

  notice(text: string): void {
    const id = this.nextNotice++;
    this.notices = [...this.notices.slice(-3), { id, text }];
    window.setTimeout(() => {
      this.notices = this.notices.filter((notice) => notice.id !== id);
      this.changed();
    }, kNoticeMs);
    this.changed();
  }

  firstFrameSeen(): void {
    this.timings.firstFrame ??= performance.now();
  }

  private async attempt(act: Promise<void> | undefined, failure: string): Promise<void> {
    try {
      await act;
    } catch (error) {
      const text = (error as { text?: string }).text ?? '';
      this.notice(text === '' ? `${failure}: the server did not allow it.` : `${failure}: ${sentence(text)}`);
    }
  }

  private keepMessage(message: ChatMessage): void {
    this.messages = [...this.messages.slice(1 - kMaxMessagesKept), message];
    this.changed();
  }

  private takeDevice(device: Device): void {
    if (device === 'screen' && this.local.screen !== null) this.sharedOnce = true;
    if (this.room !== null && this.phase === 'joined') {
      // Presence first: the others then have a place for the picture before it comes.
      this.room.publish(this.ownPresence());
      this.call?.setTrack(device, this.local[device]);
    }
    this.changed();
  }

  private takeMute(kind: MediaKind, stanza: Element, element: Element): true | undefined {
    if (this.room?.isFocus(stanza.attrs.from) !== true) return undefined;
    if (element.text() !== 'true') return true;
    this.mutedByFocus.add(kind);
    if (kind === 'audio') void this.local.setMicrophoneMuted(true);
    else if (kind === 'video') void this.local.setCameraMuted(true);
    else this.local.stopScreen();
    const actor = resource(element.attrs.actor ?? '');
    const what = { audio: 'muted your microphone', video: 'switched off your camera', desktop: 'stopped your screen share' }[kind];
    this.notice(`${actor === '' ? 'A moderator' : this.nameOf(actor)} ${what}.`);
    return true;
  }

  private sayUnmuted(kind: MediaKind): void {
    if (!this.mutedByFocus.delete(kind)) return;
    this.room?.unmutedSelf(kind).catch(() => {
      this.notice('A moderator does not allow this at the moment.');
      if (kind === 'audio') void this.local.setMicrophoneMuted(true);
      else if (kind === 'video') void this.local.setCameraMuted(true);
      else this.local.stopScreen();
    });
  }

  private ownPresence(): OwnPresence {
    const sources: OwnPresence['sources'] = {
      [`${this.nick}-a0`]: { muted: this.local.microphoneMuted || this.local.microphone === null, videoType: '' },
      [`${this.nick}-v0`]: { muted: this.local.camera === null, videoType: 'camera' },
    };
    if (this.sharedOnce) sources[`${this.nick}-v1`] = { muted: this.local.screen === null, videoType: 'desktop' };
    return { name: this.name.trim(), statsId: `conclave-${this.nick}`, capsVersion, codecs: receivableCodecs(), sources };
  }

  // --- ending

  private endingSentence(ending: Ending): string {
    switch (ending.kind) {
      case 'kicked': {
        const actor = ending.actor === null ? 'A moderator' : this.nameOf(ending.actor);
        return `${actor === 'Somebody' ? 'A moderator' : actor} has removed you from the meeting.`;
      }
      case 'destroyed':
        if (this.endedByUs) return 'You have ended the meeting for everyone.';
        if (ending.reason === '' || ending.reason === 'The meeting has been terminated') return 'The meeting has been ended for everyone.';
        return `The meeting is over. ${sentence(ending.reason)}`;
      case 'gone':
        return 'You are no longer in the meeting.';
    }
  }

  private end(text: string): void {
    this.close();
    this.finish(text);
  }

  private finish(text: string): void {
    this.local.stop();
    this.show('ended', text);
  }

  private leaveCall(): void {
    this.entrance?.stop();
    this.entrance = null;
    this.call?.end();
    this.call = null;
    this.room = null;
  }

  private close(): void {
    if (this.room?.joined === true) this.room.leave();
    this.leaveCall();
    const { stream } = this;
    this.stream = null;
    this.interrupted = false;
    this.mutedByFocus.clear();
    void stream?.close();
  }

  private show(phase: Phase, text = ''): void {
    this.phase = phase;
    this.sentence = text;
    this.changed();
  }
}

export function displayName(occupant: Occupant): string {
  return occupant.name || `Guest ${occupant.nick.slice(0, 4)}`;
}

// The server wants the nick to be the beginning of the anonymous user's name.
function nickFor(localPart: string): string {
  if (/^[0-9a-f]{8}/.test(localPart)) return localPart.slice(0, 8);
  return randomHex(8);
}

function receivableCodecs(): string[] {
  const names = (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []).map(({ mimeType }) => mimeType.slice('video/'.length).toLowerCase());
  return ['vp8', 'vp9', 'h264', 'av1'].filter((name) => names.includes(name));
}
