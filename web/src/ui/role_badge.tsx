import type { Standing } from '../room/access';
import { Icon } from './icons';

const words: Record<Standing, string> = {
  host: 'Host', moderator: 'Moderator', participant: 'Participant', guest: 'Guest', visitor: 'Visitor', service: 'Service',
};

export function RoleBadge({ standing, title }: { standing: Standing; title?: string }) {
  return <span class={`role-badge ${standing}`} data-testid="role-badge" data-standing={standing} title={title}>{words[standing]}</span>;
}

// The name is one that the server has checked.
export function VerifiedMark() {
  return (
    <span class="verified" data-testid="verified" title="This name comes from a log-in or an invitation that the server has checked">
      <Icon name="verified" /><span class="only-heard">verified name</span>
    </span>
  );
}
