// What scripts on the page, our end-to-end tests first, may see of the meeting.

import type { Meeting, Timings } from './meeting';
import type { SourceStats } from './media/session';
import { displayName } from './room/occupant';

export interface ConclaveWindow {
  state(): {
    phase: string;
    room: string | null;
    nick: string;
    role: string;
    standing: string;
    why: string;
    identity: string | null;
    interrupted: boolean;
    media: string;
    occupants: { nick: string; name: string; role: string; standing: string; verified: boolean }[];
    speaker: string | null;
  };
  stats(): Promise<SourceStats[]>;
  timings: Timings;
}

export function windowApi(meeting: Meeting): ConclaveWindow {
  return {
    state: () => ({
      phase: meeting.phase,
      room: meeting.page.room,
      nick: meeting.nick,
      role: meeting.role,
      standing: meeting.room?.standing ?? '',
      why: meeting.room?.why ?? '',
      identity: meeting.account.identity,
      interrupted: meeting.interrupted,
      media: meeting.call?.state ?? 'none',
      occupants: [...(meeting.room?.occupants.values() ?? [])].map((occupant) =>
        ({ nick: occupant.nick, name: displayName(occupant), role: occupant.role, standing: occupant.standing, verified: occupant.verified })),
      speaker: meeting.call?.speaker ?? null,
    }),
    stats: () => meeting.call?.stats() ?? Promise.resolve([]),
    timings: meeting.timings,
  };
}
