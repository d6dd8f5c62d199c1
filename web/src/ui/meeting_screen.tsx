import { useEffect, useRef, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { ChatPanel } from './chat_panel';
import { ParticipantsPanel } from './participants_panel';
import { Stage } from './stage';
import { Toolbar, type Panel } from './toolbar';

export function MeetingScreen({ meeting }: { meeting: Meeting }) {
  const [panel, setPanel] = useState<Panel>('none');
  const [recipient, setRecipient] = useState<string | null>(null);
  const [soundBlocked, setSoundBlocked] = useState(false);
  const [read, setRead] = useState(meeting.messages.length);
  const panelNow = useRef(panel);
  panelNow.current = panel;
  useEffect(() => {
    if (panel === 'chat') setRead(meeting.messages.length);
  }, [panel, meeting.messages.length]);
  useShortcuts(meeting, () => setPanel(panelNow.current === 'chat' ? 'none' : 'chat'), () => setPanel('none'));

  const unread = panel === 'chat' ? 0 : Math.max(0, meeting.messages.length - read);
  return (
    <div class={`meeting ${panel === 'none' ? '' : 'with-panel'}`}>
      <header class="meeting-head">
        <h1 title={meeting.page.room ?? ''}>{meeting.subject || meeting.page.room}</h1>
        {meeting.isModerator && <span class="moderator" data-testid="own-moderator">Moderator</span>}
        <Condition meeting={meeting} />
      </header>
      <main class="meeting-main"><Stage meeting={meeting} onSoundBlocked={() => setSoundBlocked(true)} /></main>
      {panel === 'chat' && <ChatPanel meeting={meeting} recipient={recipient} onRecipient={setRecipient} onClose={() => setPanel('none')} />}
      {panel === 'participants' && <ParticipantsPanel meeting={meeting} onClose={() => setPanel('none')}
        onChatWith={(nick) => { setRecipient(nick); setPanel('chat'); }} />}
      {soundBlocked && <SoundUnlock onDone={() => setSoundBlocked(false)} />}
      <div class="notices" role="status" aria-live="polite">
        {meeting.notices.map((notice) => <p key={notice.id} data-testid="notice">{notice.text}</p>)}
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
      if (event.key === 'Escape') return closePanel();
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('input, textarea, select') !== null) return;
      const acts: Record<string, () => void> = {
        m: () => void meeting.toggleMicrophone(),
        v: () => void meeting.toggleCamera(),
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
