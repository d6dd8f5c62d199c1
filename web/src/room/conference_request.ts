// The question to the focus that comes before every join: may this meeting be held, and may I come in?

import xml, { type Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { stanzaError, type Stream } from '../connection/stream';
import type { Ticket } from '../connection/ticket';

export type Answer =
  | { kind: 'ready'; focusJid: string; identity: string | null }
  | { kind: 'later' }
  | { kind: 'wait'; sentence: string } // the server's reason; empty if it gave none
  | { kind: 'ticket-refused' }
  | { kind: 'failed'; sentence: string };

export async function askFocus(options: {
  stream: Pick<Stream, 'request'>;
  focus: string;
  room: string;
  token: string | null;
  ticket: Ticket;
}): Promise<Answer> {
  const { stream, focus, room, token, ticket } = options;
  const request = xml('conference', {
    xmlns: ns.focus,
    'machine-uid': ticket.machineId(),
    room,
    token: token ?? undefined,
    'session-id': ticket.sessionId() ?? undefined,
  }, xml('property', { name: 'rtcstatsEnabled', value: 'false' }));
  let answer: Answer;
  try {
    answer = readReply(await stream.request(focus, 'set', request, 30_000), ticket);
  } catch (error) {
    answer = readFailure(error);
  }
  if (answer.kind === 'ticket-refused') ticket.drop();
  return answer;
}

function readReply(reply: Element, ticket: Ticket): Answer {
  const conference = reply.getChild('conference', ns.focus);
  const sessionId = conference?.attrs['session-id'];
  if (sessionId !== undefined && sessionId !== '') ticket.keep(sessionId);
  if (conference === undefined || conference.attrs.ready !== 'true') return { kind: 'later' };
  return { kind: 'ready', focusJid: conference.attrs.focusjid ?? '', identity: conference.attrs.identity ?? null };
}

export function readFailure(error: unknown): Answer {
  const { condition, text, element } = stanzaError(error);
  if (element?.getChild('session-invalid', ns.focus) !== undefined || condition === 'not-acceptable') return { kind: 'ticket-refused' };
  const booking = element?.getChild('reservation-error', ns.focus);
  if (booking !== undefined) {
    return { kind: 'failed', sentence: `The booking system does not allow this meeting: ${text || `code ${booking.attrs['error-code'] ?? 'unknown'}`}.` };
  }
  if (condition === 'not-authorized') return { kind: 'wait', sentence: text === '' ? '' : sentence(text) };
  if (condition === '') return { kind: 'failed', sentence: 'The server did not answer in time. Check your network connection and try again.' };
  return { kind: 'failed', sentence: text === '' ? 'The server could not open this meeting. Try again in a moment.' : sentence(text) };
}

// Ends what the ticket stands for. Resolves with the address that ends it elsewhere too, if there is one; a server that cannot be asked is
// no reason to stay logged in here.
export async function askLogout(options: { stream: Pick<Stream, 'request'>; focus: string; sessionId: string }): Promise<string | null> {
  try {
    const reply = await options.stream.request(options.focus, 'set', xml('logout', { xmlns: ns.focus, 'session-id': options.sessionId }), 5_000);
    const url = reply.getChild('logout', ns.focus)?.attrs['logout-url'] ?? '';
    return /^(https?:\/\/|\/)/.test(url) ? url : null;
  } catch {
    return null;
  }
}

export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
