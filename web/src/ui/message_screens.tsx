// Screens that say one thing: connecting, waiting, a password, an error, the end. Each offers what to do next.

import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';

export function Connecting({ meeting }: { meeting: Meeting }) {
  return (
    <main class="centred">
      <section class="card narrow" aria-live="polite">
        <span class="spinner" aria-hidden="true" />
        <h1>Joining {meeting.page.room}</h1>
        <button class="quiet-button" onClick={() => meeting.backToPrejoin()}>Cancel</button>
      </section>
    </main>
  );
}

export function Waiting({ meeting }: { meeting: Meeting }) {
  return (
    <main class="centred">
      <section class="card narrow" data-testid="waiting">
        <span class="spinner" aria-hidden="true" />
        <h1>You are waiting outside</h1>
        <p data-testid="waiting-text" role="status" aria-live="polite">{meeting.sentence}</p>
        <p class="quiet">If you are the host, open the invitation link that you were sent for hosts.</p>
        <button class="quiet-button" onClick={() => meeting.backToPrejoin()}>Stop waiting</button>
      </section>
    </main>
  );
}

export function Password({ meeting }: { meeting: Meeting }) {
  const [password, setPassword] = useState('');
  const send = (event: Event): void => {
    event.preventDefault();
    if (password !== '') meeting.usePassword(password);
  };
  return (
    <main class="centred">
      <form class="card narrow" onSubmit={send} data-testid="password">
        <h1>This meeting has a password</h1>
        <label class="field">
          <span>Password of the meeting</span>
          <input data-testid="password-input" type="password" autofocus autocomplete="off" value={password}
            aria-invalid={meeting.passwordWrong} onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        {meeting.passwordWrong && <p class="problem" role="alert">That was not the password. Try again, or ask the person who invited you.</p>}
        <button class="primary" type="submit" data-testid="password-send">Join</button>
        <button class="quiet-button" type="button" onClick={() => meeting.backToPrejoin()}>Go back</button>
      </form>
    </main>
  );
}

export function ErrorScreen({ meeting }: { meeting: Meeting }) {
  return (
    <main class="centred">
      <section class="card narrow" data-testid="error">
        <h1>You are not in the meeting</h1>
        <p data-testid="error-text" role="alert">{meeting.sentence}</p>
        <button class="primary" autofocus onClick={() => void meeting.join()} data-testid="try-again">Try again</button>
        <button class="quiet-button" onClick={() => meeting.backToPrejoin()}>Go back</button>
      </section>
    </main>
  );
}

export function Ended({ meeting }: { meeting: Meeting }) {
  return (
    <main class="centred">
      <section class="card narrow" data-testid="ended">
        <h1>Goodbye</h1>
        <p data-testid="ended-text" role="alert">{meeting.sentence}</p>
        <button class="primary" autofocus onClick={() => meeting.backToPrejoin()} data-testid="join-again">Join again</button>
        <a class="quiet-button" href="/">Another meeting</a>
      </section>
    </main>
  );
}
