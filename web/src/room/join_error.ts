// A refused join presence, as what the person can do about it (signalling: join errors).

import type { Element } from '@xmpp/xml';
import { ns } from '../connection/namespaces';
import { sentence } from './conference_request';

export type JoinError =
  | { kind: 'password' }
  | { kind: 'lobby'; lobby: string; waitingForHost: boolean; sentence: string } // the server's reason; empty if it gave none
  | { kind: 'name' }
  | { kind: 'not-there-yet' }
  | { kind: 'slowed'; sentence: string } // too many tries: later again
  | { kind: 'refused'; sentence: string; ticketAtFault: boolean; loginHelps: boolean };

const refusals: Record<string, string> = {
  'room-mismatch': 'Your invitation is for another room. Open the link that belongs to this one, or join without it.',
  'authentication-required': 'This meeting is only for people with an account or an invitation. Log in, or open the link that you were sent.',
  'no-visitors-lobby': 'This meeting has a lobby, and visitors cannot pass it.',
  barred: 'You were removed from this meeting.',
  ended: 'The meeting has been ended.',
  'not-live-room': 'The meeting is not open to visitors yet. Try again later.',
};

export function readJoinError(presence: Element): JoinError {
  const error = presence.getChild('error');
  const condition = error?.getChildElements().find((child) => child.name !== 'text' && child.getNS() === ns.stanzas)?.name ?? '';
  const text = error?.getChildText('text') ?? '';
  const child = error?.getChildElements().find((each) => each.getNS() === ns.jitmeet || each.getNS() === 'jitsi:visitors')?.name ?? '';
  switch (condition) {
    case 'not-authorized':
      return { kind: 'password' };
    case 'registration-required': {
      const lobby = error?.getChildText('lobbyroom', ns.jitmeet) ?? '';
      return { kind: 'lobby', lobby, waitingForHost: error?.getChild('waiting-for-host', ns.jitmeet) !== undefined, sentence: text === '' ? '' : sentence(text) };
    }
    case 'not-acceptable':
      if (child === 'displayname-required') return { kind: 'name' };
      break;
    case 'resource-constraint':
    case 'policy-violation':
      return { kind: 'slowed', sentence: text === '' ? 'That was too often. Wait a minute, then try again.' : `${sentence(text)} Wait a minute, then try again.` };
    case 'service-unavailable':
      return refused('The meeting is full. Try again when somebody has left.');
    case 'conflict':
      return refused('The server still holds a place for you in this meeting. Wait a moment and join again.');
    case 'not-allowed':
      if (child === 'room-does-not-exist' || text === 'Room creation is restricted') return { kind: 'not-there-yet' };
      if (refusals[child] !== undefined) return refused(refusals[child], text, child);
      return refused('You may not join this meeting.', text);
  }
  return refused('The meeting could not be joined. Try again in a moment.', text);
}

function refused(what: string, text = '', child = ''): JoinError {
  return {
    kind: 'refused',
    sentence: text === '' ? what : `${what} (The server says: ${sentence(text)})`,
    ticketAtFault: child === 'room-mismatch',
    loginHelps: child === 'authentication-required',
  };
}
