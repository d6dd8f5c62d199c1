// Screens that say one thing: connecting, a password, an error, the end. Each offers what to do next.

import { useState } from 'preact/hooks';
import type { Meeting } from '../meeting';
import { Identity, LoginOffer } from './login_dialog';

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
            aria-invalid={meeting.passwordProblem !== ''} aria-describedby={meeting.passwordProblem === '' ? undefined : 'password-problem'}
            onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        {meeting.passwordProblem !== '' && <p id="password-problem" class="problem" role="alert" data-testid="password-problem">{meeting.passwordProblem}</p>}
        <button class="primary" type="submit" data-testid="password-send">Join</button>
        <LoginOffer account={meeting.account} />
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
        {meeting.loginHelps && <LoginOffer account={meeting.account} prominent />}
        <Identity account={meeting.account} />
        <button class={meeting.loginHelps && meeting.account.offered ? 'quiet-button' : 'primary'} autofocus onClick={() => void meeting.join()} data-testid="try-again">Try again</button>
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
