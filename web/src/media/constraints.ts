// What we ask the bridge to send: no larger than it is shown.

import type { BridgeMessage } from './bridge_channel';

export interface ShownVideo {
  source: string;
  heightPixels: number; // of the tile, in the screen's own pixels
  desktop: boolean;
}

const steps = [180, 360, 720] as const;

// A picture is asked for one step up once its tile is clearly larger than the step, so that a resize by a few pixels
// does not make the sender switch.
export function stepFor(heightPixels: number): number {
  return steps.find((step) => heightPixels <= step * 1.25) ?? 720;
}

export function receiverConstraints(shown: readonly ShownVideo[]): BridgeMessage {
  const cameras = shown.filter((video) => !video.desktop);
  const tallest = Math.max(0, ...cameras.map((video) => stepFor(video.heightPixels)));
  const desktops = shown.filter((video) => video.desktop);
  return {
    colibriClass: 'ReceiverVideoConstraints',
    lastN: -1,
    selectedSources: [],
    onStageSources: desktops.map((video) => video.source),
    // Somebody whose tile is not laid out yet gets the common size at once.
    defaultConstraints: { maxHeight: tallest === 0 ? 360 : tallest },
    constraints: Object.fromEntries(shown.map((video) =>
      [video.source, { maxHeight: video.desktop ? 2160 : stepFor(video.heightPixels) }])),
  };
}
