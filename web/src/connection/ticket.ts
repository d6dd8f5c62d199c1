// What this browser keeps between visits, under the names that the stock client uses, so that both may share an origin.

import { randomHex } from './random';

const machineKey = 'jitsiMeetId';
const ticketKey = 'sessionId';
const nameKey = 'conclaveName';
const identityKey = 'conclaveIdentity';
const signedOnKey = 'conclaveSignedOn';

export interface Storage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Ticket {
  constructor(private readonly storage: Storage) {}

  // 32 hex digits, stable per browser. The server binds a ticket to it.
  machineId(): string {
    const kept = this.read(machineKey);
    if (kept !== null && /^[0-9a-f]{32}$/.test(kept)) return kept;
    const fresh = randomHex(32);
    this.write(machineKey, fresh);
    return fresh;
  }

  sessionId(): string | null {
    return this.read(ticketKey);
  }

  keep(sessionId: string): void {
    this.write(ticketKey, sessionId);
  }

  drop(): void {
    this.remove(ticketKey);
    this.remove(identityKey);
    this.remove(signedOnKey);
  }

  // Whether this browser went through single sign-on, which then has a session of its own to be ended.
  signedOn(): boolean {
    return this.read(signedOnKey) !== null;
  }

  keepSignedOn(): void {
    this.write(signedOnKey, '1');
  }

  // Whom the server takes the ticket's holder for, to be shown before it is asked again. It decides nothing.
  identity(): string | null {
    return this.sessionId() === null ? null : this.read(identityKey);
  }

  keepIdentity(identity: string | null): void {
    if (identity === null) this.remove(identityKey);
    else this.write(identityKey, identity);
  }

  name(): string {
    return this.read(nameKey) ?? '';
  }

  keepName(name: string): void {
    this.write(nameKey, name);
  }

  private read(key: string): string | null {
    try {
      return this.storage.getItem(key);
    } catch {
      return null;
    }
  }

  private remove(key: string): void {
    try {
      this.storage.removeItem(key);
    } catch {
      // Storage switched off: nothing was kept either.
    }
  }

  private write(key: string, value: string): void {
    try {
      this.storage.setItem(key, value);
    } catch {
      // Private windows may refuse; the meeting works without, a reload is a new visitor.
    }
  }
}
