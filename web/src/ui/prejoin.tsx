import { useEffect, useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { kMaxNameLength } from '../room/occupant';
import { Icon } from './icons';
import { initials } from './initials';
import { Identity, LoginOffer } from './login_dialog';
import { streamOf, Video } from './video';

export function Prejoin({ meeting }: { meeting: Meeting }) {
  const { local } = meeting;
  const [asking, setAsking] = useState(true);
  useEffect(() => {
    let here = true;
    void local.start().then(() => here && setAsking(false));
    return () => { here = false; };
  }, []);
  const join = (event: Event): void => {
    event.preventDefault();
    void meeting.join();
  };
  return (
    <main class="centred">
      <form class="card prejoin" onSubmit={join}>
        <div class="preview">
          {local.camera !== null
            ? <Video stream={streamOf(local.camera)} mirrored testId="preview-video" />
            : <div class="nobody"><span class="avatar" aria-hidden="true">{initials(meeting.name)}</span>
                <span>{asking && !local.cameraMuted ? 'Starting the camera…' : 'The camera is off'}</span></div>}
          <div class="preview-controls">
            <MuteButton device="microphone" off={local.microphoneMuted} onClick={() => void meeting.sending.toggleMicrophone()} testId="prejoin-mic" />
            <MuteButton device="camera" off={local.cameraMuted} onClick={() => void meeting.sending.toggleCamera()} testId="prejoin-camera" />
          </div>
        </div>
        <div class="choices">
          <p class="eyebrow">You are about to join</p>
          <h1 class="room-title" title={meeting.page.room ?? ''}>{meeting.page.room}</h1>
          <label class="field">
            <span>Your name</span>
            <input data-testid="name-input" value={meeting.name} maxLength={kMaxNameLength} autocomplete="name" placeholder="How others see you"
              aria-invalid={meeting.nameWanted} aria-describedby={meeting.nameWanted ? 'name-wanted' : undefined}
              onInput={(event) => { meeting.name = event.currentTarget.value; meeting.changed(); }} />
          </label>
          {meeting.nameWanted && <p id="name-wanted" class="problem" role="alert" data-testid="name-wanted">This meeting wants to know who comes in. Type your name, then join.</p>}
          <DeviceSelect label="Microphone" choices={local.microphones} value={local.microphone?.getSettings().deviceId ?? local.microphoneId}
            onChoose={(id) => void local.choose('microphone', id)} />
          <DeviceSelect label="Camera" choices={local.cameras} value={local.camera?.getSettings().deviceId ?? local.cameraId}
            onChoose={(id) => void local.choose('camera', id)} />
          {local.problem !== '' && <p class="problem" role="status">{local.problem}</p>}
          <button class="primary" type="submit" data-testid="join">Join</button>
          <Identity account={meeting.account} />
          {meeting.account.identity === null && meeting.page.token === null && <LoginOffer account={meeting.account} />}
        </div>
      </form>
    </main>
  );
}

function MuteButton({ device, off, onClick, testId }: { device: 'microphone' | 'camera'; off: boolean; onClick: () => void; testId: string }) {
  const label = `${off ? 'Switch on' : 'Switch off'} ${device}`;
  return (
    <button type="button" class={`round ${off ? 'off' : ''}`} aria-label={label} title={label} aria-pressed={!off} data-testid={testId} onClick={onClick}>
      <Icon name={off ? `${device}Off` : device} />
    </button>
  );
}

function DeviceSelect({ label, choices, value, onChoose }: { label: string; choices: { id: string; label: string }[]; value: string; onChoose: (id: string) => void }) {
  if (choices.length === 0) return null;
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map((choice) => <option key={choice.id} value={choice.id}>{choice.label}</option>)}
      </select>
    </label>
  );
}
