// Why a stay in a meeting has ended, as the sentence on the last screen.

import { sentence } from './room/conference_request';
import type { Ending } from './room/room';

// `actor`: the name of who did it, null if he is not known; `byUs`: it was we who ended the meeting.
export function farewell(ending: Ending, actor: string | null, byUs: boolean): string {
  switch (ending.kind) {
    case 'kicked': {
      const reason = ending.reason === '' ? '' : ` ${sentence(ending.reason)}`;
      const what = ending.barred ? 'removed you from the meeting, and you cannot come back to it' : 'removed you from the meeting';
      // Without an actor it was the server itself, which then says why.
      if (ending.actor === null && reason !== '') return `You were removed from the meeting.${reason}`;
      return `${actor ?? 'A moderator'} has ${what}.${reason}`;
    }
    case 'destroyed':
      if (byUs) return 'You have ended the meeting for everyone.';
      if (ending.reason === '' || ending.reason === 'The meeting has been terminated') return 'The meeting has been ended for everyone.';
      return `The meeting is over. ${sentence(ending.reason)}`;
    case 'gone':
      return 'You are no longer in the meeting.';
  }
}
