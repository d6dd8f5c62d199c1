// One person's meeting: what the screen shows and what can be done. It joins connection, room and media; the ui only reads it
// and calls it. `changed` tells the ui that something is different.

import { Account } from './account';
import { Call } from './call';
import { completeConfig, type CompleteConfig, type Config, type PageAddress } from './connection/address';
import type { Credentials } from './connection/credentials';
import { askIceServers } from './connection/ice_servers';
import { ns } from './connection/namespaces';
import { randomHex } from './connection/random';
import { connectionSentence } from './connection/refusal';
import type { Stream } from './connection/stream';
import type { Ticket } from './connection/ticket';
import { watchExpiry } from './connection/token_expiry';
import { Entrance } from './entrance';
import { farewell } from './farewell';
import { LobbyWatch } from './lobby_watch';
import { LocalMedia, type Device } from './media/devices';
import { receivableCodecs } from './media/receivable_codecs';
import { Moderating } from './moderating';
import { Notices } from './notices';
import { RemoteMute } from './remote_mute';
import type { ChatMessage } from './room/chat';
import { kMaxMessagesKept } from './room/chat';
import { askFocus, sentence } from './room/conference_request';
import { capsVersion, discoInfo } from './room/features';
import type { Knockers } from './room/knockers';
import type { Occupant } from './room/occupant';
import type { OwnPresence } from './room/presence';
import { Room, type Ending } from './room/room';
import { Streams } from './streams';

export type Phase = 'welcome' | 'prejoin' | 'connecting' | 'waiting' | 'knocking' | 'password' | 'joined' | 'ended' | 'error';

export interface Timings {
  socketOpen: number | null;
  joined: number | null;
  firstFrame: number | null;
}

const kFocusGraceMs = 2_000;

export class Meeting {
  phase: Phase;
  sentence = ''; // what the waiting, ended and error screens say
  loginHelps = false; // with the error screen: somebody with an account could go on
  passwordProblem = '';
  nameWanted = false;
  name: string;
  interrupted = false;
  subject = '';
  nick = '';
  messages: ChatMessage[] = [];
  sharedOnce = false;
  room: Room | null = null;
  call: Call | null = null;
  moderating: Moderating | null = null; // while we are in
  readonly account: Account;
  readonly local: LocalMedia;
  readonly notices = new Notices(() => this.changed());
  readonly timings: Timings = { socketOpen: null, joined: null, firstFrame: null };

  private readonly config: CompleteConfig;
  private readonly listeners = new Set<() => void>();
  private readonly remoteMute: RemoteMute;
  private readonly streams: Streams;
  private readonly lobbyWatch = new LobbyWatch({ name: () => this.name.trim(), notice: (text) => this.notice(text), changed: () => this.changed() });
  private token: string | null;
  private credentials: Credentials | null = null; // of an account that has no ticket; in memory only
  private stream: Stream | null = null;
  private entrance: Entrance | null = null;
  private iceServers: RTCIceServer[] = [];
  private stopExpiry = (): void => {};

  constructor(
    given: Partial<Config> | undefined,
    readonly page: PageAddress,
    private readonly ticket: Ticket,
  ) {
    this.config = completeConfig(given, location);
    this.streams = new Streams(this.config, page, ticket);
    this.token = page.token;
    this.name = page.name ?? ticket.name();
    this.phase = page.room === null ? 'welcome' : 'prejoin';
    this.local = new LocalMedia((device) => this.takeDevice(device));
    this.remoteMute = new RemoteMute(this.local, { room: () => this.room, nameOf: (nick) => this.nameOf(nick), notice: (text) => this.notice(text) });
    this.account = this.makeAccount(given?.tokenLoginOnly === false);
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
    this.messages = [];
    this.show('connecting');
    const stream = this.makeStream();
    this.stream = stream;
    try {
      await stream.open();
    } catch (error) {
      this.account.takesPasswords ||= stream.takesPasswords;
      if (this.stream !== stream) return;
      void stream.close();
      return this.fail(connectionSentence(error), stream.takesPasswords && this.token === null);
    }
    if (this.stream !== stream) return;
    this.account.takesPasswords = stream.takesPasswords;
    this.stopExpiry = watchExpiry(this.token, Date.now(), () =>
      this.notice('Your invitation ends in a minute. What it lets you do may end with it; ask for a new link if you need one.'));
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

  // Somebody who knocks, talking with the moderator who asked him something.
  get lobby(): Entrance['lobby'] {
    return this.entrance?.lobby ?? null;
  }

  // Who asks to join, while we may let people in.
  get knockers(): Knockers | null {
    return this.lobbyWatch.knockers;
  }

  private makeStream(): Stream {
    const stream: Stream = this.streams.make(this.token, this.credentials, {
      onSocketOpen: () => (this.timings.socketOpen ??= performance.now()),
      onStanza: (stanza) => {
        this.entrance?.take(stanza);
        this.room?.take(stanza);
        this.knockers?.take(stanza);
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
        if (this.stream === stream) this.fail(connectionSentence(error));
      },
    });
    stream.answer('get', ns.discoInfo, 'query', ({ element }) => discoInfo(element.attrs.node));
    stream.answer('set', ns.jingle, 'jingle', ({ stanza, element }) =>
      this.room?.isFocus(stanza.attrs.from) === true && this.call !== null ? this.call.take(element) : undefined);
    this.remoteMute.listen(stream);
    return stream;
  }

  private enter(): void {
    const { stream } = this;
    if (stream === null || this.page.room === null) return;
    this.nick = nickFor(stream.localPart());
    void askIceServers(stream, this.config.hosts.domain).then((servers) => (this.iceServers = servers));
    const { roomJid } = this.streams;
    const entrance = new Entrance(
      { stream, ticket: this.ticket, focus: this.config.hosts.focus, roomJid, nick: this.nick, token: this.token, own: () => this.ownPresence() },
      {
        makeRoom: (focusJid) => (this.room = this.makeRoom(roomJid, focusJid, stream, entrance)),
        onIdentity: (identity) => this.account.named(identity),
        onWaiting: (text) => this.show('waiting', text),
        onKnocking: (text) => this.show('knocking', text),
        onLobbyMessage: () => this.changed(),
        onPasswordWanted: (problem) => {
          this.passwordProblem = problem;
          this.show('password');
        },
        onNameWanted: () => {
          this.close();
          this.nameWanted = true;
          this.show('prejoin');
        },
        onRefused: (text, loginHelps) => this.fail(text, loginHelps),
      },
    );
    this.entrance = entrance;
    void entrance.enter();
  }

  private makeRoom(jid: string, focusJid: string, stream: Stream, entrance: Entrance): Room {
    const room: Room = new Room(jid, this.nick, focusJid, this.config.hosts.domain, stream, {
      onJoined: (self) => {
        entrance.stop();
        this.timings.joined ??= performance.now();
        // The name of a credential is the one that everybody sees.
        if (self.verified && self.name !== '') this.name = self.name;
        this.call = this.makeCall(room, stream);
        this.moderating = new Moderating(room, (nick) => this.nameOf(nick), (text) => this.notice(text));
        this.account.close();
        this.show('joined');
      },
      onJoinError: (error) => entrance.takeJoinError(error),
      onEntered: (occupant) => {
        if (room.joined) this.notice(`${displayName(occupant)} has joined.`);
        this.changed();
      },
      onChanged: () => this.changed(),
      onSelfChanged: () => {
        this.lobbyWatch.look(room);
        this.changed();
      },
      onLeft: (occupant, how) => {
        this.call?.removeOwner(occupant.nick);
        this.notice(`${displayName(occupant)} ${how === 'kicked' ? 'was removed from the meeting' : 'has left'}.`);
      },
      onChat: (message) => this.keepMessage(message),
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
      onEnded: (ending) => this.end(this.farewell(ending)),
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

  // --- who we are

  private makeAccount(takesPasswords: boolean): Account {
    const account = new Account(this.ticket, this.streams.signOn, {
      logIn: (credentials) => this.streams.logIn(credentials),
      logOut: (sessionId) => this.streams.logOut(this.stream, sessionId),
      onLoggedIn: (credentials, outcome) => this.goOnAs(credentials, outcome),
      onLoggedOut: (elsewhere) => {
        this.credentials = null;
        this.token = null;
        this.backToPrejoin();
        if (elsewhere !== null) location.assign(elsewhere);
      },
      onChanged: () => this.changed(),
    });
    account.takesPasswords = takesPasswords;
    return account;
  }

  private goOnAs(credentials: Credentials, outcome: 'ticket' | 'no-ticket'): void {
    const tokenShown = this.token !== null;
    this.token = null; // the person has chosen to be somebody else
    if (outcome === 'no-ticket') this.credentials = credentials;
    else if (this.phase === 'prejoin') this.account.identity = credentials.account;
    if (this.phase === 'prejoin') return this.changed();
    // The stream goes on as the guest it is and shows the ticket; a stream that stands for somebody else already cannot.
    if (outcome === 'ticket' && !tokenShown && this.entrance !== null && this.room?.joined !== true) return this.entrance.askAnew();
    // So may somebody who is inside already: his role becomes the account's where he stands.
    if (outcome === 'ticket' && !tokenShown && this.room?.joined === true) return void this.askAgainInside();
    this.close();
    void this.join();
  }

  private async askAgainInside(): Promise<void> {
    const { stream, ticket, streams } = this;
    if (stream === null) return;
    const answer = await askFocus({ stream, focus: this.config.hosts.focus, room: streams.roomJid, token: null, ticket });
    if (answer.kind === 'ready') this.account.named(answer.identity);
    this.changed();
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
    if (!this.local.microphoneMuted) this.remoteMute.unmutedSelf('audio');
  }

  async toggleCamera(): Promise<void> {
    await this.local.setCameraMuted(!this.local.cameraMuted);
    if (!this.local.cameraMuted) this.remoteMute.unmutedSelf('video');
  }

  async toggleScreen(): Promise<void> {
    if (this.local.screen !== null) this.local.stopScreen();
    else if (await this.local.startScreen()) this.remoteMute.unmutedSelf('desktop');
    if (this.local.problem !== '' && this.local.screen === null) this.notice(this.local.problem);
  }

  say(text: string, to: string | null): void {
    const own = this.room?.say(text, to);
    if (own != null) this.keepMessage(own);
  }

  setSubject(text: string): void {
    this.room?.setSubject(text);
  }

  leave(): void {
    this.close();
    this.finish('You have left the meeting.');
  }

  notice(text: string): void {
    this.notices.say(text);
  }

  firstFrameSeen(): void {
    this.timings.firstFrame ??= performance.now();
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

  private ownPresence(): OwnPresence {
    const sources: OwnPresence['sources'] = {
      [`${this.nick}-a0`]: { muted: this.local.microphoneMuted || this.local.microphone === null, videoType: '' },
      [`${this.nick}-v0`]: { muted: this.local.camera === null, videoType: 'camera' },
    };
    if (this.sharedOnce) sources[`${this.nick}-v1`] = { muted: this.local.screen === null, videoType: 'desktop' };
    return { name: this.name.trim(), statsId: `conclave-${this.nick}`, capsVersion, codecs: receivableCodecs(), sources };
  }

  // --- ending

  private farewell(ending: Ending): string {
    const actor = ending.kind === 'kicked' && ending.actor !== null ? this.nameOf(ending.actor) : null;
    return farewell(ending, actor === 'Somebody' ? null : actor, this.moderating?.endedByUs === true);
  }

  private end(text: string): void {
    this.close();
    this.finish(text);
  }

  private finish(text: string): void {
    this.local.stop();
    this.show('ended', text);
  }

  private fail(text: string, loginHelps = false): void {
    this.close();
    this.loginHelps = loginHelps;
    this.show('error', text);
  }

  private leaveCall(): void {
    this.entrance?.stop();
    this.entrance = null;
    this.call?.end();
    this.call = null;
    this.lobbyWatch.leave();
    this.moderating = null;
    this.room = null;
  }

  private close(): void {
    if (this.room?.joined === true) this.room.leave();
    this.leaveCall();
    const { stream } = this;
    this.stream = null;
    this.interrupted = false;
    this.stopExpiry();
    this.remoteMute.forget();
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
