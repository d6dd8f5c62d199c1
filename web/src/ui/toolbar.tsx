import { useEffect, useRef, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { Icon } from './icons';

export type Panel = 'none' | 'chat' | 'participants';

export function Toolbar({ meeting, panel, unread, onPanel }: { meeting: Meeting; panel: Panel; unread: number; onPanel: (panel: Panel) => void }) {
  const { local } = meeting;
  const mayShare = local.screen !== null || meeting.room?.rights.has('share_screen') === true;
  const knocking = meeting.knockers?.list.size ?? 0;
  const people = (meeting.room?.occupants.size ?? 0) + 1;
  const toggle = (which: Panel): void => onPanel(panel === which ? 'none' : which);
  return (
    <div class="toolbar" role="toolbar" aria-label="Meeting controls">
      <Button icon={local.microphoneMuted ? 'microphoneOff' : 'microphone'} off={local.microphoneMuted} testId="toolbar-mic" pressed={!local.microphoneMuted}
        label={local.microphoneMuted ? 'Switch microphone on (M)' : 'Switch microphone off (M)'} onClick={() => void meeting.sending.toggleMicrophone()} />
      <Button icon={local.cameraMuted ? 'cameraOff' : 'camera'} off={local.cameraMuted} testId="toolbar-camera" pressed={!local.cameraMuted}
        label={local.cameraMuted ? 'Switch camera on (V)' : 'Switch camera off (V)'} onClick={() => void meeting.sending.toggleCamera()} />
      {mayShare && 'getDisplayMedia' in (navigator.mediaDevices ?? {}) &&
        <Button icon="screen" on={local.screen !== null} testId="toolbar-screen" pressed={local.screen !== null}
          label={local.screen !== null ? 'Stop sharing your screen' : 'Share your screen'} onClick={() => void meeting.sending.toggleScreen()} />}
      <Button icon="chat" on={panel === 'chat'} testId="toolbar-chat" pressed={panel === 'chat'} badge={unread}
        label={unread > 0 ? `Chat (C), ${unread} unread` : 'Chat (C)'} onClick={() => toggle('chat')} />
      <Button icon="people" on={panel === 'participants'} testId="toolbar-participants" pressed={panel === 'participants'} badge={people} urgent={knocking > 0}
        label={`People, ${people} in the meeting${knocking > 0 ? `, ${knocking} asking to join` : ''}`} onClick={() => toggle('participants')} />
      <Leave meeting={meeting} />
    </div>
  );
}

interface ButtonProps {
  icon: Parameters<typeof Icon>[0]['name'];
  label: string;
  testId: string;
  pressed: boolean;
  on?: boolean;
  off?: boolean;
  badge?: number;
  urgent?: boolean;
  onClick: () => void;
}

function Button({ icon, label, testId, pressed, on, off, badge, urgent, onClick }: ButtonProps) {
  return (
    <button type="button" class={`round ${on === true ? 'on' : ''} ${off === true ? 'off' : ''}`} aria-label={label} title={label}
      aria-pressed={pressed} data-testid={testId} onClick={onClick}>
      <Icon name={icon} />
      {badge !== undefined && badge > 0 && <span class={`badge ${urgent === true ? 'urgent' : ''}`} aria-hidden="true">{badge > 99 ? '99+' : badge}</span>}
    </button>
  );
}

// Leaving is one click for most people; who may end the meeting is asked which of the two is meant.
function Leave({ meeting }: { meeting: Meeting }) {
  const [open, setOpen] = useState(false);
  const mayEnd = meeting.room?.rights.has('end') === true;
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    menu.current?.querySelector('button')?.focus();
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !(event.target as Element).closest('.leave')) setOpen(false);
    };
    document.addEventListener('keydown', close);
    document.addEventListener('pointerdown', close);
    return () => {
      document.removeEventListener('keydown', close);
      document.removeEventListener('pointerdown', close);
    };
  }, [open]);
  return (
    <div class="leave">
      <button type="button" class="round danger" aria-label="Leave the meeting" title="Leave the meeting" data-testid="toolbar-leave"
        aria-haspopup={mayEnd ? 'true' : undefined} aria-expanded={mayEnd ? open : undefined}
        onClick={() => (mayEnd ? setOpen(!open) : meeting.leave())}>
        <Icon name="leave" />
      </button>
      {open && (
        <div class="menu" ref={menu}>
          <button type="button" data-testid="leave-alone" onClick={() => meeting.leave()}>Leave the meeting</button>
          {mayEnd && <button type="button" class="danger-text" data-testid="leave-for-all" onClick={() => meeting.moderating?.endForAll()}>End the meeting for all</button>}
        </div>
      )}
    </div>
  );
}
