import { useEffect, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { kMaxPasswordLength, type Change, type RoomSettings } from '../room/room_config';
import { Dialog } from './dialog';

// What a moderator may set for the room. Each change is sent at once; what the server does not offer is not shown.
export function SettingsDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const [settings, setSettings] = useState<RoomSettings | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const { moderating, room } = meeting;
  const load = async (): Promise<void> => setSettings((await moderating?.settings()) ?? null);
  // Another moderator may change them while we look.
  useEffect(() => void load(), [room?.info]);
  const change = async (wish: Change): Promise<boolean> => {
    if (moderating === null || settings === null) return false;
    setBusy(true);
    const refusal = await moderating.change(wish, settings);
    setProblem(refusal ?? '');
    await load();
    setBusy(false);
    return refusal === null;
  };
  return (
    <Dialog title="Settings of this meeting" testId="settings" onClose={onClose}>
      {settings === null ? <p class="quiet" role="status">Reading the settings…</p> : (
        <div class="stack" aria-busy={busy}>
          {settings.locked !== null && room?.rights.has('set_password') === true && <Password settings={settings} onChange={change} />}
          {settings.lobby !== null && room?.rights.has('set_lobby') === true &&
            <Switch label="Lobby" hint="Newcomers ask to join, and a moderator lets them in." on={settings.lobby} testId="settings-lobby"
              onChange={(on) => void change({ kind: 'lobby', on })} />}
          {settings.accountsOnly !== null &&
            <Switch label="Accounts only" hint="Newcomers without an account or an invitation cannot join." on={settings.accountsOnly} testId="settings-accounts-only"
              onChange={(on) => void change({ kind: 'accounts-only', on })} />}
          {settings.capacity !== null && <Capacity capacity={settings.capacity} onChange={change} />}
          {problem !== '' && <p class="problem" role="alert" data-testid="settings-problem">{problem}</p>}
          {room?.rights.has('end') === true && <EndForAll meeting={meeting} />}
        </div>
      )}
    </Dialog>
  );
}

function Password({ settings, onChange }: { settings: RoomSettings; onChange: (change: Change) => Promise<boolean> }) {
  const [password, setPassword] = useState('');
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (password !== '' && (await onChange({ kind: 'password', password }))) setPassword('');
  };
  return (
    <form class="setting" onSubmit={(event) => void send(event)}>
      <label class="field">
        <span data-testid="settings-locked" data-locked={settings.locked}>{settings.locked === true ? 'Password is set. Another one:' : 'Password that newcomers must give'}</span>
        <input type="text" value={password} autocomplete="off" spellcheck={false} maxLength={kMaxPasswordLength} data-testid="settings-password" onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      <div class="row">
        <button type="submit" class="quiet-button" data-testid="settings-password-set">Set password</button>
        {settings.locked === true &&
          <button type="button" class="quiet-button" data-testid="settings-password-clear" onClick={() => void onChange({ kind: 'password', password: '' })}>Take it away</button>}
      </div>
    </form>
  );
}

function Capacity({ capacity, onChange }: { capacity: number | 'none'; onChange: (change: Change) => Promise<boolean> }) {
  const [text, setText] = useState(capacity === 'none' ? '' : String(capacity));
  const send = (event: Event): void => {
    event.preventDefault();
    const people = Number(text);
    void onChange({ kind: 'capacity', people: Number.isInteger(people) && people > 0 ? people : 'none' });
  };
  return (
    <form class="setting" onSubmit={send}>
      <div class="row end">
        <label class="field"><span>People at the most (empty: no limit of ours)</span>
          <input type="number" min={1} max={9_999} value={text} data-testid="settings-capacity" onInput={(event) => setText(event.currentTarget.value)} /></label>
        <button type="submit" class="quiet-button" data-testid="settings-capacity-set">Set</button>
      </div>
    </form>
  );
}

function Switch({ label, hint, on, testId, onChange }: { label: string; hint: string; on: boolean; testId: string; onChange: (on: boolean) => void }) {
  return (
    <label class="check setting">
      <input type="checkbox" role="switch" checked={on} data-testid={testId} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span><b>{label}</b><br /><span class="quiet">{hint}</span></span>
    </label>
  );
}

// Asked twice: it cannot be taken back.
function EndForAll({ meeting }: { meeting: Meeting }) {
  const [sure, setSure] = useState(false);
  if (!sure) return <button type="button" class="quiet-button danger-text" data-testid="settings-end" onClick={() => setSure(true)}>End the meeting for all…</button>;
  return <button type="button" class="primary danger" data-testid="settings-end-confirm" onClick={() => meeting.moderating?.endForAll()}>Really end it for everybody</button>;
}
