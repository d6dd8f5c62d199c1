import type { Box } from './layout';
import type { TileData } from './tiles';
import { Icon } from './icons';
import { hue, initials } from './initials';
import { RoleBadge, VerifiedMark } from './role_badge';
import { Video } from './video';

export function Tile({ tile, box, onFrame }: { tile: TileData; box: Box; onFrame: () => void }) {
  const classes = ['tile', tile.speaking && 'speaking', tile.desktop && 'desktop', tile.paused && 'paused'].filter(Boolean).join(' ');
  const state = [tile.muted && 'microphone off', tile.speaking && 'speaking', tile.stream === null && !tile.desktop && 'camera off'].filter(Boolean);
  return (
    <div class={classes} role="group" aria-label={[tile.name, ...state].join(', ')}
      data-testid="tile" data-endpoint={tile.endpoint} data-local={String(tile.local)} data-source={tile.desktop ? 'desktop' : 'camera'}
      style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` }}>
      {tile.stream !== null
        ? <Video stream={tile.stream} mirrored={tile.local && !tile.desktop} testId="tile-video" onFrame={tile.local ? undefined : onFrame} />
        : <span class="avatar" aria-hidden="true" style={{ background: `hsl(${hue(tile.endpoint)} 32% 34%)` }}>{initials(tile.name.replace(' (you)', ''))}</span>}
      <div class="tile-caption">
        {tile.muted && <span class="tile-mark" data-testid="tile-muted" title="Microphone off"><Icon name="microphoneOff" /></span>}
        {tile.speaking && <span class="tile-wave" data-testid="tile-speaker" title="Speaking" aria-hidden="true"><i /><i /><i /></span>}
        <span class="tile-name" data-testid="tile-name">{tile.name}</span>
        {tile.verified && <VerifiedMark />}
        {tile.standing !== null && <RoleBadge standing={tile.standing} />}
        {tile.paused && <span class="tile-note">picture paused</span>}
      </div>
    </div>
  );
}
