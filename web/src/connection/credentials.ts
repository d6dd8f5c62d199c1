// An account's name and password, in the form that each SASL mechanism of the library wants them.

export interface Credentials {
  account: string;
  password: string;
}

export type Choice = { mechanism: 'SCRAM-SHA-1' | 'PLAIN'; username: string; password: string };

// Null: the server offers none that takes a password. The strongest that works here is taken: SCRAM needs the browser's own hashing,
// which exists only on HTTPS pages, and the library sends account names outside ASCII wrongly in it.
export function chooseMechanism(offered: readonly string[], { account, password }: Credentials, canHash: boolean): Choice | null {
  if (offered.includes('SCRAM-SHA-1') && canHash && /^[\x21-\x7e]*$/.test(account)) {
    return { mechanism: 'SCRAM-SHA-1', username: account, password: password.normalize('NFKC') };
  }
  if (!offered.includes('PLAIN')) return null;
  return { mechanism: 'PLAIN', username: asBytes(account), password: asBytes(password) };
}

// The library encodes what it is given byte by byte: UTF-8, a character a byte, is what RFC 4616 asks for.
function asBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
