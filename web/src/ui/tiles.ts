// What there is to show: one tile per person, one more per shared screen. Read from room and call, no DOM.

import type { Meeting } from '../meeting';
import type { Standing } from '../room/access';
import { streamOf } from './video';

export interface TileData {
  key: string;
  endpoint: string;
  local: boolean;
  name: string;
  standing: Standing | null; // null: of no person, as a shared screen is
  verified: boolean;
  source: string; // the name of its video source
  desktop: boolean;
  stream: MediaStream | null; // null: the avatar is shown
  muted: boolean;
  speaking: boolean;
  paused: boolean; // there is a picture, but the bridge does not send it for now
}

export function tilesOf(meeting: Meeting): TileData[] {
  const { room, call, local, nick } = meeting;
  const tiles: TileData[] = [{
    key: nick, endpoint: nick, local: true, desktop: false,
    name: meeting.name.trim() === '' ? 'You' : `${meeting.name.trim()} (you)`,
    source: `${nick}-v0`, standing: room?.standing ?? null, verified: false,
    stream: local.camera === null ? null : streamOf(local.camera),
    muted: local.microphoneMuted || local.microphone === null,
    speaking: call?.speaker === nick,
    paused: false,
  }];
  if (local.screen !== null) {
    tiles.push({
      key: `${nick}-v1`, endpoint: nick, local: true, desktop: true, name: 'Your screen', source: `${nick}-v1`, standing: null, verified: false,
      stream: streamOf(local.screen), muted: false, speaking: false, paused: false,
    });
  }
  for (const occupant of room?.occupants.values() ?? []) {
    const name = meeting.nameOf(occupant.nick);
    const camera = `${occupant.nick}-v0`;
    tiles.push({
      key: occupant.nick, endpoint: occupant.nick, local: false, desktop: false, name, source: camera, standing: occupant.standing, verified: occupant.verified,
      stream: isShown(meeting, camera, occupant.sources.get(camera)?.muted) ? call?.remote.get(camera)?.stream ?? null : null,
      muted: occupant.sources.get(`${occupant.nick}-a0`)?.muted ?? true,
      speaking: call?.speaker === occupant.nick,
      paused: isPaused(meeting, camera, occupant.sources.get(camera)?.muted),
    });
    for (const [source, state] of occupant.sources) {
      if (state.videoType !== 'desktop' || state.muted || source === camera) continue;
      tiles.push({
        key: source, endpoint: occupant.nick, local: false, desktop: true, name: `${name}’s screen`, source, standing: null, verified: false,
        stream: call?.remote.get(source)?.stream ?? null, muted: false, speaking: false, paused: isPaused(meeting, source, false),
      });
    }
  }
  return tiles;
}

function isShown(meeting: Meeting, source: string, muted: boolean | undefined): boolean {
  return muted === false && meeting.call?.remote.has(source) === true;
}

function isPaused(meeting: Meeting, source: string, muted: boolean | undefined): boolean {
  const forwarded = meeting.call?.forwarded ?? null;
  return isShown(meeting, source, muted) && forwarded !== null && !forwarded.has(source);
}
