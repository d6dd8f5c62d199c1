import { useState } from 'preact/hooks';
import { normaliseRoom } from '../room/room_name';

export function Welcome() {
  const [room, setRoom] = useState('');
  const [missing, setMissing] = useState(false);
  const open = (event: Event): void => {
    event.preventDefault();
    const name = normaliseRoom(room.trim().replace(/\s+/g, '-'));
    if (name === '') setMissing(true);
    else location.assign(`/${encodeURIComponent(name)}`);
  };
  return (
    <main class="centred">
      <form class="card narrow" onSubmit={open}>
        <h1 class="brand">Conclave</h1>
        <p class="quiet">Name a meeting to open it, or to join the people who are already there.</p>
        <label class="field">
          <span>Meeting name</span>
          <input data-testid="room-input" value={room} autofocus autocomplete="off" maxLength={120} placeholder="weekly-planning"
            aria-invalid={missing} aria-describedby={missing ? 'room-missing' : undefined}
            onInput={(event) => { setRoom(event.currentTarget.value); setMissing(false); }} />
        </label>
        {missing && <p id="room-missing" class="problem" role="alert">Type a name with letters or digits first.</p>}
        <button class="primary" type="submit" data-testid="room-open">Go to the meeting</button>
      </form>
    </main>
  );
}
