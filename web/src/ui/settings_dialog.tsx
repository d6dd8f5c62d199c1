import { useEffect, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { kMaxPasswordLength, type Change, type Circle, type RoomSettings } from '../room/room_config';
import { Dialog } from './dialog';

// What a moderator may set for the room. Each change is sent at once; what the server does not offer is not shown.
export function SettingsDialog({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  const [settings, setSettings] = useState<RoomSettings | null>(null);
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const { moderating, room } = meeting;
  const load = async (): Promise<void> => {
    const answer = (await moderating?.settings()) ?? null;
    setSettings(typeof answer === 'string' ? null : answer);
    if (typeof answer === 'string') setProblem(answer);
  };
  // Another moderator may change them while we look, or take the right to look from us.
  useEffect(() => void load(), [room?.info, room?.rights.has('room_settings')]);
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
      {settings === null && problem === '' && <p class="quiet" role="status">Reading the settings…</p>}
      {problem !== '' && <p class="problem" role="alert" data-testid="settings-problem">{problem}</p>}
      {settings !== null && (
        <div class="stack" aria-busy={busy}>
          {settings.locked !== null && room?.rights.has('set_password') === true && <Password settings={settings} onChange={change} />}
          {settings.lobby !== null && room?.rights.has('set_lobby') === true &&
            <Switch label="Lobby" hint="Newcomers ask to join, and a moderator lets them in." on={settings.lobby} testId="settings-lobby"
              onChange={(on) => void change({ kind: 'lobby', on })} />}
          {settings.accountsOnly !== null &&
            <Switch label="Accounts only" hint="Newcomers without an account or an invitation cannot join." on={settings.accountsOnly} testId="settings-accounts-only"
              onChange={(on) => void change({ kind: 'accounts-only', on })} />}
          {settings.capacity !== null && <Capacity capacity={settings.capacity} onChange={change} />}
          <WhoMay settings={settings} selfRecords={room?.rights.has('record') === true} selfShares={room?.rights.has('share_screen') === true} />
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

const circleWords: Record<Circle, string> = {
  everybody: 'Everybody in the meeting',
  moderators: 'Hosts and moderators',
  owners: 'The owners of this room',
  nobody: 'Nobody',
};

// What the operator and the room's definition leave to whom. To be read, not to be set; what a person's credential lists counts on top of it.
function WhoMay({ settings: { mayShareScreen, mayRecord }, selfShares, selfRecords }: { settings: RoomSettings; selfShares: boolean; selfRecords: boolean }) {
  if (mayShareScreen === null && mayRecord === null) return null;
  return (
    <dl class="setting who-may">
      {mayShareScreen !== null && <WhoMayLine act="share a screen" circle={mayShareScreen} self={selfShares} testId="settings-may-share" />}
      {mayRecord !== null && <WhoMayLine act="record and stream" circle={mayRecord} self={selfRecords} testId="settings-may-record" />}
    </dl>
  );
}

function WhoMayLine({ act, circle, self, testId }: { act: string; circle: Circle; self: boolean; testId: string }) {
  const aside = circle !== 'nobody' && !self;
  return (
    <div data-testid={testId} data-circle={circle} data-self={self}>
      <dt>Who may {act}</dt>
      <dd>{circleWords[circle]}{aside && <span class="quiet">; not you, by your account or invitation</span>}</dd>
    </div>
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
