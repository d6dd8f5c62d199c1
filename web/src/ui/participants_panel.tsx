import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { Icon } from './icons';
import { hue, initials } from './initials';

export function ParticipantsPanel({ meeting, onChatWith, onClose }: { meeting: Meeting; onChatWith: (nick: string) => void; onClose: () => void }) {
  const others = [...(meeting.room?.occupants.values() ?? [])];
  return (
    <aside class="panel" aria-label="People">
      <header><h2>People</h2><button type="button" class="plain" aria-label="Close list of people" onClick={onClose}><Icon name="close" /></button></header>
      {meeting.isModerator && <Subject meeting={meeting} />}
      <ul class="people">
        <Person nick={meeting.nick} name={`${meeting.name.trim() || 'You'} (you)`} moderator={meeting.isModerator} muted={meeting.local.microphoneMuted} />
        {others.map((occupant) => {
          const name = meeting.nameOf(occupant.nick);
          return (
            <Person key={occupant.nick} nick={occupant.nick} name={name} moderator={occupant.role === 'moderator'} muted={occupant.sources.get(`${occupant.nick}-a0`)?.muted ?? true}>
              <button type="button" onClick={() => onChatWith(occupant.nick)} aria-label={`Write to ${name} privately`}>Write</button>
              {meeting.isModerator && <>
                <button type="button" data-testid="participant-mute" onClick={() => void meeting.mute('audio', occupant.nick)} aria-label={`Mute ${name}`}>Mute</button>
                {occupant.role !== 'moderator' &&
                  <button type="button" data-testid="participant-grant" onClick={() => void meeting.grant(occupant.nick)} aria-label={`Make ${name} a moderator`}>Make moderator</button>}
                <button type="button" class="danger-text" data-testid="participant-kick" onClick={() => void meeting.kick(occupant.nick)} aria-label={`Remove ${name} from the meeting`}>Remove</button>
              </>}
            </Person>
          );
        })}
      </ul>
    </aside>
  );
}

function Person({ nick, name, moderator, muted, children }: {
  nick: string;
  name: string;
  moderator: boolean;
  muted: boolean;
  children?: preact.ComponentChildren;
}) {
  return (
    <li class="person" data-testid="participant" data-endpoint={nick}>
      <span class="avatar small" aria-hidden="true" style={{ background: `hsl(${hue(nick)} 32% 34%)` }}>{initials(name.replace(' (you)', ''))}</span>
      <span class="person-name">{name}</span>
      {moderator && <span class="moderator" data-testid="moderator-badge">Moderator</span>}
      {muted && <span class="tile-mark" title="Microphone off"><Icon name="microphoneOff" /><span class="only-heard">microphone off</span></span>}
      {children !== undefined && <div class="acts">{children}</div>}
    </li>
  );
}

function Subject({ meeting }: { meeting: Meeting }) {
  const [text, setText] = useState(meeting.subject);
  const save = (event: Event): void => {
    event.preventDefault();
    meeting.setSubject(text.trim());
  };
  return (
    <form class="subject" onSubmit={save}>
      <label class="field"><span>Title of the meeting</span>
        <input value={text} maxLength={120} data-testid="subject-input" onInput={(event) => setText(event.currentTarget.value)} /></label>
      <button type="submit" class="quiet-button">Set</button>
    </form>
  );
}
