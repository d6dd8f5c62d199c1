import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import type { Right, Standing } from '../room/access';
import type { Occupant } from '../room/occupant';
import { Icon } from './icons';
import { hue, initials } from './initials';
import { LobbyPanel } from './lobby_panel';
import { Identity, LoginOffer } from './login_dialog';
import { RemoveDialog } from './remove_dialog';
import { RoleBadge, VerifiedMark } from './role_badge';

export function ParticipantsPanel({ meeting, onChatWith, onClose }: { meeting: Meeting; onChatWith: (nick: string) => void; onClose: () => void }) {
  const [removing, setRemoving] = useState<string | null>(null);
  const others = [...(meeting.room?.occupants.values() ?? [])];
  return (
    <aside class="panel" aria-label="People">
      <header><h2>People</h2><button type="button" class="plain" aria-label="Close list of people" onClick={onClose}><Icon name="close" /></button></header>
      <LobbyPanel meeting={meeting} />
      {meeting.isModerator && <Subject meeting={meeting} />}
      <ul class="people">
        <Person nick={meeting.nick} name={`${meeting.name.trim() || 'You'} (you)`} standing={meeting.room?.standing ?? 'guest'} why={meeting.room?.why} muted={meeting.local.microphoneMuted} />
        {others.map((occupant) => (
          <Person key={occupant.nick} nick={occupant.nick} name={meeting.nameOf(occupant.nick)} standing={occupant.standing} verified={occupant.verified}
            muted={occupant.sources.get(`${occupant.nick}-a0`)?.muted ?? true}>
            <Acts meeting={meeting} occupant={occupant} onChatWith={onChatWith} onRemove={setRemoving} />
          </Person>
        ))}
      </ul>
      <Identity account={meeting.account} />
      {meeting.account.identity === null && meeting.account.offered && <div class="panel-foot"><LoginOffer account={meeting.account} /></div>}
      {removing !== null && <RemoveDialog meeting={meeting} nick={removing} onClose={() => setRemoving(null)} />}
    </aside>
  );
}

// Only what the server says that we may do; whether it may be done to this person is its decision again.
function Acts({ meeting, occupant, onChatWith, onRemove }: { meeting: Meeting; occupant: Occupant; onChatWith: (nick: string) => void; onRemove: (nick: string) => void }) {
  const { nick } = occupant;
  const name = meeting.nameOf(nick);
  const { moderating } = meeting;
  const may = (right: Right): boolean => meeting.room?.rights.has(right) === true;
  const aboveUs = occupant.standing === 'host' && meeting.room?.standing !== 'host';
  return (
    <>
      <button type="button" onClick={() => onChatWith(nick)} aria-label={`Write to ${name} privately`}>Write</button>
      {may('mute') && !aboveUs &&
        <button type="button" data-testid="participant-mute" onClick={() => void moderating?.mute('audio', nick)} aria-label={`Mute ${name}`}>Mute</button>}
      {may('grant') && occupant.role === 'participant' &&
        <button type="button" data-testid="participant-grant" onClick={() => void moderating?.grant(nick)} aria-label={`Make ${name} a moderator`}>Make moderator</button>}
      {may('revoke') && occupant.role === 'moderator' && !aboveUs &&
        <button type="button" data-testid="participant-revoke" onClick={() => void moderating?.revoke(nick)} aria-label={`Take moderation from ${name}`}>Take moderation</button>}
      {(may('kick') || may('bar')) && occupant.standing !== 'host' &&
        <button type="button" class="danger-text" data-testid="participant-kick" aria-haspopup="dialog" onClick={() => onRemove(nick)} aria-label={`Remove ${name} from the meeting`}>Remove</button>}
    </>
  );
}

function Person({ nick, name, standing, why, verified, muted, children }: {
  nick: string;
  name: string;
  standing: Standing;
  why?: string | undefined;
  verified?: boolean;
  muted: boolean;
  children?: preact.ComponentChildren;
}) {
  return (
    <li class="person" data-testid="participant" data-endpoint={nick}>
      <span class="avatar small" aria-hidden="true" style={{ background: `hsl(${hue(nick)} 32% 34%)` }}>{initials(name.replace(' (you)', ''))}</span>
      <span class="person-name">{name} {verified === true && <VerifiedMark />}</span>
      <RoleBadge standing={standing} />
      {muted && <span class="tile-mark" title="Microphone off"><Icon name="microphoneOff" /><span class="only-heard">microphone off</span></span>}
      {why !== undefined && why !== '' && <p class="person-why" data-testid="own-why">{why}</p>}
      {children !== undefined && <div class="acts">{children}</div>}
    </li>
  );
}

function Subject({ meeting }: { meeting: Meeting }) {
  const [text, setText] = useState(meeting.subject);
  const save = (event: Event): void => {
    event.preventDefault();
    meeting.room?.setSubject(text.trim());
  };
  return (
    <form class="subject" onSubmit={save}>
      <label class="field"><span>Title of the meeting</span>
        <input value={text} maxLength={120} data-testid="subject-input" onInput={(event) => setText(event.currentTarget.value)} /></label>
      <button type="submit" class="quiet-button">Set</button>
    </form>
  );
}
