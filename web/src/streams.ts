// The connections of one page: where they go, and the short ones beside the meeting's own, each for one question to the focus.

import type { SignOn } from './account';
import { mucDomain, socketAddress, type CompleteConfig, type PageAddress } from './connection/address';
import type { Credentials } from './connection/credentials';
import { signOnAddress } from './connection/sign_on';
import { Stream, type StreamEvents } from './connection/stream';
import type { Ticket } from './connection/ticket';
import { logIn, type LoginOutcome } from './login';
import { askLogout } from './room/conference_request';
import { roomNode } from './room/room_name';

const nobody: StreamEvents = {
  onSocketOpen: () => {}, onStanza: () => {}, onInterrupted: () => {}, onResumed: () => {}, onReplaced: () => {}, onRefused: () => {},
};

export class Streams {
  constructor(
    private readonly config: CompleteConfig,
    private readonly page: PageAddress,
    private readonly ticket: Ticket,
  ) {}

  get roomJid(): string {
    return `${roomNode(this.page.room ?? '')}@${mucDomain(this.config, this.page.tenant)}`;
  }

  // Null: there is no single sign-on here, or no room yet to come back to.
  get signOn(): SignOn | null {
    const { room, tenant } = this.page;
    const { tokenAuthUrl, tokenLogoutUrl, loginName } = this.config;
    if (tokenAuthUrl === null || room === null) return null;
    return { address: signOnAddress(tokenAuthUrl, { room, tenant }), leave: tokenLogoutUrl, name: loginName };
  }

  make(token: string | null, credentials: Credentials | null, events: StreamEvents): Stream {
    const { room, tenant } = this.page;
    const { websocket, hosts } = this.config;
    return new Stream(hosts.domain, (previd) => socketAddress({ websocket, tenant, room: room ?? '', token, ...(previd !== undefined && { previd }) }), events, credentials);
  }

  logIn(credentials: Credentials): Promise<LoginOutcome> {
    return logIn({ open: (given) => this.make(null, given, nobody), credentials, focus: this.config.hosts.focus, roomJid: this.roomJid, ticket: this.ticket });
  }

  // Over `open` if there is a connection already. What comes back is askLogout's answer.
  async logOut(open: Stream | null, sessionId: string): Promise<string | null> {
    const { focus } = this.config.hosts;
    if (open !== null) return askLogout({ stream: open, focus, sessionId });
    const stream = this.make(null, null, nobody);
    try {
      await stream.open();
      return await askLogout({ stream, focus, sessionId });
    } catch {
      return null;
    } finally {
      void stream.close();
    }
  }
}
