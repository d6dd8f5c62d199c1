// Logging in with an account's name and password beside a meeting that one waits for: a second connection proves the account, its conference
// request brings a ticket into this browser's storage, and the first connection's next request shows it.

import type { Credentials } from './connection/credentials';
import { loginSentence } from './connection/login_failure';
import type { Stream } from './connection/stream';
import type { Ticket } from './connection/ticket';
import { askFocus } from './room/conference_request';

export type LoginOutcome =
  | { kind: 'ticket' } // in the storage: ask again
  | { kind: 'no-ticket' } // the account is good, but buys nothing here yet: only a connection of its own can carry it
  | { kind: 'failed'; sentence: string };

export type LoginStream = Pick<Stream, 'open' | 'request' | 'close'>;

export async function logIn(options: {
  open: (credentials: Credentials) => LoginStream;
  credentials: Credentials;
  focus: string;
  roomJid: string;
  ticket: Ticket;
}): Promise<LoginOutcome> {
  const { credentials, focus, roomJid, ticket } = options;
  const stream = options.open(credentials);
  const before = ticket.sessionId();
  try {
    await stream.open();
    let answer = await askFocus({ stream, focus, room: roomJid, token: null, ticket });
    // What the browser kept from earlier was no good; it is forgotten by now.
    if (answer.kind === 'ticket-refused') answer = await askFocus({ stream, focus, room: roomJid, token: null, ticket });
    if (answer.kind === 'failed') return { kind: 'failed', sentence: answer.sentence };
    const after = ticket.sessionId();
    return { kind: after !== null && after !== before ? 'ticket' : 'no-ticket' };
  } catch (error) {
    return { kind: 'failed', sentence: loginSentence(error) };
  } finally {
    void stream.close();
  }
}
