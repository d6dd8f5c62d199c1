import { useEffect, useRef, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { ChatPanel } from './chat_panel';
import { Icon } from './icons';
import { InviteDialog } from './invite_dialog';
import { KnockBanner } from './lobby_panel';
import { ParticipantsPanel } from './participants_panel';
import { RoleBadge } from './role_badge';
import { SettingsDialog } from './settings_dialog';
import { Stage } from './stage';
import { Toolbar, type Panel } from './toolbar';

export function MeetingScreen({ meeting }: { meeting: Meeting }) {
  const [panel, setPanel] = useState<Panel>('none');
  const [recipient, setRecipient] = useState<string | null>(null);
  const [dialog, setDialog] = useState<'none' | 'invite' | 'settings'>('none');
  const [soundBlocked, setSoundBlocked] = useState(false);
  const [read, setRead] = useState(meeting.conversation.messages.length);
  const panelNow = useRef(panel);
  panelNow.current = panel;
  useEffect(() => {
    if (panel === 'chat') setRead(meeting.conversation.messages.length);
  }, [panel, meeting.conversation.messages.length]);
  useShortcuts(meeting, () => setPanel(panelNow.current === 'chat' ? 'none' : 'chat'), () => setPanel('none'));

  const unread = panel === 'chat' ? 0 : Math.max(0, meeting.conversation.messages.length - read);
  return (
    <div class={`meeting ${panel === 'none' ? '' : 'with-panel'}`}>
      <header class="meeting-head">
        <h1 title={meeting.page.room ?? ''}>{meeting.subject || meeting.page.room}</h1>
        {meeting.room !== null && <span data-testid={meeting.isModerator ? 'own-moderator' : 'own-role'}><RoleBadge standing={meeting.room.standing} title={meeting.room.why} /></span>}
        <Condition meeting={meeting} />
        <div class="head-acts">
          <button type="button" class="head-button" data-testid="open-invite" aria-haspopup="dialog" onClick={() => setDialog('invite')}><Icon name="invite" /><span>Invite</span></button>
          {meeting.room?.rights.has('room_settings') === true &&
            <button type="button" class="head-button" data-testid="open-settings" aria-haspopup="dialog" onClick={() => setDialog('settings')}><Icon name="settings" /><span>Settings</span></button>}
        </div>
      </header>
      <main class="meeting-main"><Stage meeting={meeting} onSoundBlocked={() => setSoundBlocked(true)} /></main>
      {panel === 'chat' && <ChatPanel meeting={meeting} recipient={recipient} onRecipient={setRecipient} onClose={() => setPanel('none')} />}
      {panel === 'participants' && <ParticipantsPanel meeting={meeting} onClose={() => setPanel('none')}
        onChatWith={(nick) => { setRecipient(nick); setPanel('chat'); }} />}
      {panel !== 'participants' && <KnockBanner meeting={meeting} onShow={() => setPanel('participants')} />}
      {dialog === 'invite' && <InviteDialog meeting={meeting} onClose={() => setDialog('none')} />}
      {dialog === 'settings' && <SettingsDialog meeting={meeting} onClose={() => setDialog('none')} />}
      {soundBlocked && <SoundUnlock onDone={() => setSoundBlocked(false)} />}
      <div class="notices" role="status" aria-live="polite">
        {meeting.notices.list.map((notice) => <p key={notice.id} data-testid="notice">{notice.text}</p>)}
      </div>
      <Toolbar meeting={meeting} panel={panel} unread={unread} onPanel={setPanel} />
    </div>
  );
}

// What is not as it should be, in a few words, while it lasts.
function Condition({ meeting }: { meeting: Meeting }) {
  const alone = meeting.room?.occupants.size === 0;
  let text = '';
  if (meeting.interrupted) text = 'The connection is lost. Trying to get it back…';
  else if (meeting.call?.state === 'interrupted') text = 'Sound and picture are interrupted…';
  else if (meeting.call?.state === 'failed') text = 'Sound and picture have failed. Trying again…';
  else if (alone) text = 'Nobody else is here yet.';
  return <p class={`condition ${alone && !meeting.interrupted ? '' : 'worry'}`} role="status" aria-live="polite" data-testid="condition">{text}</p>;
}

// Browsers play no sound on a page that nobody has touched.
function SoundUnlock({ onDone }: { onDone: () => void }) {
  const unlock = (): void => {
    for (const audio of document.querySelectorAll<HTMLAudioElement>('audio.sound')) void audio.play().catch(() => {});
    onDone();
  };
  return <button type="button" class="primary unlock" onClick={unlock}>Click to hear the others</button>;
}

function useShortcuts(meeting: Meeting, toggleChat: () => void, closePanel: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]') !== null) return; // it has the keyboard to itself
      if (event.key === 'Escape') return closePanel();
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('input, textarea, select') !== null) return;
      const acts: Record<string, () => void> = {
        m: () => void meeting.sending.toggleMicrophone(),
        v: () => void meeting.sending.toggleCamera(),
        c: toggleChat,
      };
      const act = acts[event.key.toLowerCase()];
      if (act === undefined || event.repeat) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [meeting]);
}
