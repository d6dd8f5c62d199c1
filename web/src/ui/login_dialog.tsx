import { useEffect, useState } from 'preact/hooks';
import type { Account } from '../account';
import { Dialog } from './dialog';

const kSlowMs = 3_000; // a server that slows down guessing takes longer than this

// The ways to become somebody, wherever a person stands before a closed door.
export function LoginOffer({ account, prominent }: { account: Account; prominent?: boolean }) {
  const look = prominent === true ? 'primary' : 'quiet-button';
  return (
    <>
      {account.takesPasswords && <button type="button" class={look} data-testid="login-open" onClick={() => account.open()}>Log in</button>}
      {account.signOn !== null && <a class={account.takesPasswords ? 'quiet-button' : look} data-testid="login-sign-on" href={account.signOn.address}
        onClick={() => account.leavesForSignOn()}>{account.signOn.name === '' ? 'Log in through your organisation' : `Log in with ${account.signOn.name}`}</a>}
    </>
  );
}

export function LoginDialog({ account }: { account: Account }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const busy = account.form === 'busy';
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!busy) return undefined;
    const timer = setTimeout(() => setSlow(true), kSlowMs);
    return () => clearTimeout(timer);
  }, [busy]);
  const send = (event: Event): void => {
    event.preventDefault();
    void account.logIn(name, password);
  };
  return (
    <Dialog title="Log in" testId="login" onClose={() => account.close()}>
      <form class="stack" onSubmit={send}>
        <label class="field">
          <span>Account name</span>
          <input data-testid="login-name" value={name} autofocus autocomplete="username" autocapitalize="none" spellcheck={false} maxLength={256}
            onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label class="field">
          <span>Password</span>
          <input data-testid="login-password" type="password" value={password} autocomplete="current-password" maxLength={1024}
            aria-invalid={account.problem !== ''} aria-describedby={account.problem === '' ? undefined : 'login-problem'}
            onInput={(event) => setPassword(event.currentTarget.value)} />
        </label>
        {account.problem !== '' && <p id="login-problem" class="problem" role="alert" data-testid="login-problem">{account.problem}</p>}
        {slow && <p class="problem" role="status" data-testid="login-slow">The server takes its time. After several wrong attempts it answers slowly.</p>}
        <button class="primary" type="submit" data-testid="login-send" disabled={busy}>{busy ? 'Logging in…' : 'Log in'}</button>
      </form>
    </Dialog>
  );
}

// Whom the server takes this browser for, and the way out of it.
export function Identity({ account }: { account: Account }) {
  if (account.identity === null) return null;
  return (
    <p class="identity" data-testid="identity">
      <span>Logged in as <b>{account.identity}</b></span>
      <button type="button" class="link" data-testid="logout" onClick={() => void account.logOut()}>Log out</button>
    </p>
  );
}
