// Who this browser is to the server, and the ways to become somebody: the log-in form, single sign-on, logging out.

import type { Credentials } from './connection/credentials';
import type { Ticket } from './connection/ticket';
import type { LoginOutcome } from './login';

// Single sign-on at the organisation: where it begins, where it ends (null: nowhere), what it is called (may be empty).
export interface SignOn {
  address: string;
  leave: string | null;
  name: string;
}

export interface AccountEvents {
  logIn(credentials: Credentials): Promise<LoginOutcome>;
  logOut(sessionId: string): Promise<string | null>; // where to go to end it elsewhere too
  onLoggedIn(credentials: Credentials, outcome: 'ticket' | 'no-ticket'): void;
  onLoggedOut(elsewhere: string | null): void;
  onChanged(): void;
}

export class Account {
  identity: string | null; // as the server names us; null: a guest
  form: 'closed' | 'open' | 'busy' = 'closed';
  problem = ''; // what was wrong with the last attempt
  takesPasswords = false;

  constructor(
    private readonly ticket: Ticket,
    readonly signOn: SignOn | null,
    private readonly events: AccountEvents,
  ) {
    this.identity = ticket.identity();
  }

  get offered(): boolean {
    return this.takesPasswords || this.signOn !== null;
  }

  // Before the browser goes to single sign-on: logging out later has to end that too.
  leavesForSignOn(): void {
    this.ticket.keepSignedOn();
  }

  // The server's word at each conference request.
  named(identity: string | null): void {
    this.identity = identity;
    if (identity !== null) this.ticket.keepIdentity(identity);
  }

  open(): void {
    if (this.form !== 'closed') return;
    this.form = 'open';
    this.problem = '';
    this.events.onChanged();
  }

  close(): void {
    this.form = 'closed';
    this.problem = '';
    this.events.onChanged();
  }

  async logIn(account: string, password: string): Promise<void> {
    if (this.form !== 'open') return;
    const credentials = { account: account.trim(), password };
    if (credentials.account === '' || password === '') return this.stay('Type the name of your account and its password.');
    this.form = 'busy';
    this.problem = '';
    this.events.onChanged();
    const outcome = await this.events.logIn(credentials);
    if (this.state() === 'closed') return; // it was cancelled meanwhile
    if (outcome.kind === 'failed') return this.stay(outcome.sentence);
    this.close();
    this.events.onLoggedIn(credentials, outcome.kind);
  }

  async logOut(): Promise<void> {
    const sessionId = this.ticket.sessionId();
    const told = sessionId === null ? null : await this.events.logOut(sessionId);
    const elsewhere = told ?? (this.ticket.signedOn() ? this.signOn?.leave ?? null : null);
    this.ticket.drop();
    this.identity = null;
    this.events.onLoggedOut(elsewhere);
  }

  private state(): 'closed' | 'open' | 'busy' {
    return this.form;
  }

  private stay(problem: string): void {
    this.form = 'open';
    this.problem = problem;
    this.events.onChanged();
  }
}
