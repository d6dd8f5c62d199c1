import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { stageLayout } from './layout';
import { Tile } from './tile';
import { tilesOf } from './tiles';
import { Sound } from './video';

// All tiles and all sounds. It measures itself, lays the tiles out and tells the bridge how large they are.
export function Stage({ meeting, onSoundBlocked }: { meeting: Meeting; onSoundBlocked: () => void }) {
  const element = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const area = element.current;
    if (area === null) return undefined;
    const measure = (): void => setSize({ width: area.clientWidth, height: area.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(area);
    return () => observer.disconnect();
  }, []);

  const tiles = tilesOf(meeting);
  const screens = tiles.filter((tile) => tile.desktop);
  const people = tiles.filter((tile) => !tile.desktop);
  const boxes = stageLayout(size.width, size.height, screens.length, people.length);
  const placed = [
    ...screens.map((tile, index) => ({ tile, box: boxes.screens[index] })),
    ...people.map((tile, index) => ({ tile, box: boxes.people[index] })),
  ];

  useEffect(() => {
    const pixels = window.devicePixelRatio || 1;
    meeting.call?.show(placed.filter(({ tile, box }) => !tile.local && box !== undefined)
      .map(({ tile, box }) => ({ source: tile.source, heightPixels: (box?.height ?? 0) * pixels, desktop: tile.desktop })));
  });

  const sounds = [...(meeting.call?.remote.values() ?? [])].filter(({ source }) => source.kind === 'audio');
  return (
    <div class="stage" ref={element}>
      {placed.map(({ tile, box }) => box !== undefined && <Tile key={tile.key} tile={tile} box={box} onFrame={() => meeting.firstFrameSeen()} />)}
      {sounds.map(({ source, stream }) => <Sound key={source.name} stream={stream} onBlocked={onSoundBlocked} />)}
    </div>
  );
}
