// One person's meeting: what the screen shows, how we come in, who we are, how it ends. `stay` is what happens inside. The ui only reads it
// and calls it; `changed` tells the ui that something is different.

import { Account } from './account';
import type { Call } from './call';
import { completeConfig, type CompleteConfig, type Config, type PageAddress } from './connection/address';
import type { Credentials } from './connection/credentials';
import { askIceServers } from './connection/ice_servers';
import { ns } from './connection/namespaces';
import { randomHex } from './connection/random';
import { connectionSentence } from './connection/refusal';
import type { Stream } from './connection/stream';
import type { Ticket } from './connection/ticket';
import { watchExpiry } from './connection/token_expiry';
import { Conversation } from './conversation';
import { Entrance } from './entrance';
import type { LocalMedia } from './media/devices';
import type { Moderating } from './moderating';
import { Notices } from './notices';
import { askFocus } from './room/conference_request';
import { discoInfo } from './room/features';
import type { Knockers } from './room/knockers';
import type { Occupant } from './room/occupant';
import type { Room } from './room/room';
import { Sending } from './sending';
import { Stay } from './stay';
import { Streams } from './streams';

export type Phase = 'welcome' | 'prejoin' | 'connecting' | 'waiting' | 'knocking' | 'password' | 'joined' | 'ended' | 'error';

export interface Timings {
  socketOpen: number | null;
  joined: number | null;
  firstFrame: number | null;
}

export class Meeting {
  phase: Phase;
  sentence = ''; // what the waiting, ended and error screens say
  loginHelps = false; // with the error screen: somebody with an account could go on
  passwordProblem = '';
  nameWanted = false;
  name: string;
  interrupted = false;
  nick = '';
  stay: Stay | null = null; // from the join presence on
  readonly account: Account;
  readonly notices = new Notices(() => this.changed());
  readonly conversation = new Conversation(() => this.changed());
  readonly sending = new Sending({ stay: () => this.stay, name: () => this.name.trim(), notice: (text) => this.notice(text), changed: () => this.changed() });
  readonly timings: Timings = { socketOpen: null, joined: null, firstFrame: null };

  private readonly config: CompleteConfig;
  private readonly listeners = new Set<() => void>();
  private readonly streams: Streams;
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
    this.conversation.forget();
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

  private makeStream(): Stream {
    const stream: Stream = this.streams.make(this.token, this.credentials, {
      onSocketOpen: () => (this.timings.socketOpen ??= performance.now()),
      onStanza: (stanza) => {
        this.entrance?.take(stanza);
        this.stay?.take(stanza);
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
        this.endStay();
        this.show('connecting');
        this.enter();
      },
      onRefused: (error) => {
        if (this.stream === stream) this.fail(connectionSentence(error));
      },
    });
    stream.answer('get', ns.discoInfo, 'query', ({ element }) => discoInfo(element.attrs.node));
    stream.answer('set', ns.jingle, 'jingle', ({ stanza, element }) => this.stay?.takeJingle(stanza.attrs.from, element));
    this.sending.remoteMute.listen(stream);
    return stream;
  }

  private enter(): void {
    const { stream } = this;
    if (stream === null || this.page.room === null) return;
    this.nick = nickFor(stream.localPart());
    void askIceServers(stream, this.config.hosts.domain).then((servers) => (this.iceServers = servers));
    const { roomJid } = this.streams;
    const entrance = new Entrance(
      { stream, ticket: this.ticket, focus: this.config.hosts.focus, roomJid, nick: this.nick, token: this.token, own: () => this.sending.presence(this.nick) },
      {
        makeRoom: (focusJid) => {
          this.stay = this.makeStay(roomJid, focusJid, stream, entrance);
          return this.stay.room;
        },
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

  private makeStay(roomJid: string, focusJid: string, stream: Stream, entrance: Entrance): Stay {
    const { nick, sending, conversation, config } = this;
    return new Stay(
      { roomJid, nick, focusJid, domain: config.hosts.domain, stream, sending, conversation, iceServers: () => this.iceServers, ownName: () => this.name.trim() },
      {
        onJoined: (self) => this.joined(self, entrance),
        onJoinError: (error) => entrance.takeJoinError(error),
        onEnded: (text) => this.end(text),
        onChanged: () => this.changed(),
        notice: (text) => this.notice(text),
      },
    );
  }

  private joined(self: Occupant, entrance: Entrance): void {
    entrance.stop();
    this.timings.joined ??= performance.now();
    // The name of a credential is the one that everybody sees.
    if (self.verified && self.name !== '') this.name = self.name;
    this.account.close();
    this.show('joined');
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

  get room(): Room | null {
    return this.stay?.room ?? null;
  }

  get call(): Call | null {
    return this.stay?.call ?? null;
  }

  get moderating(): Moderating | null {
    return this.stay?.moderating ?? null;
  }

  get knockers(): Knockers | null {
    return this.stay?.knockers ?? null;
  }

  get local(): LocalMedia {
    return this.sending.local;
  }

  get subject(): string {
    return this.stay?.subject ?? '';
  }

  get role(): string {
    return this.room?.role ?? '';
  }

  get isModerator(): boolean {
    return this.role === 'moderator';
  }

  nameOf(nick: string): string {
    return this.stay?.nameOf(nick) ?? 'Somebody';
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

  // --- ending

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

  private endStay(): void {
    this.entrance?.stop();
    this.entrance = null;
    this.stay?.end();
    this.stay = null;
  }

  private close(): void {
    if (this.room?.joined === true) this.room.leave();
    this.endStay();
    const { stream } = this;
    this.stream = null;
    this.interrupted = false;
    this.stopExpiry();
    this.sending.remoteMute.forget();
    void stream?.close();
  }

  private show(phase: Phase, text = ''): void {
    this.phase = phase;
    this.sentence = text;
    this.changed();
  }
}

// The server wants the nick to be the beginning of the anonymous user's name.
function nickFor(localPart: string): string {
  if (/^[0-9a-f]{8}/.test(localPart)) return localPart.slice(0, 8);
  return randomHex(8);
}
