// Local accounts: made with `conclave account`, as an operator makes them, and logged into.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { run } from './server.mjs';
import { Client } from './xmpp.mjs';

/** The settings of a server that checks tokens and passwords. */
export const withAccounts = (extra = {}) => ({ AUTH_TYPE: 'jwt,internal', ...extra });

/** `conclave account ARGS…` with the server's settings; `input` is its standard input. */
export function accountCommand(server, args, input) {
  return run(['account', ...args], { env: server.env, cwd: server.folder, input });
}

/** An account with a password of its own: {name, password}. `role` as in `conclave account add --role`. */
export async function addAccount(server, name, { password = `pw-${randomBytes(9).toString('hex')}`, role, displayName, mail } = {}) {
  const options = [...(role ? ['--role', role] : []), ...(displayName ? ['--display-name', displayName] : []), ...(mail ? ['--mail', mail] : [])];
  const { code, stderr } = await accountCommand(server, ['add', name, '--password-stdin', ...options], `${password}\n`);
  assert.equal(code, 0, stderr);
  (server.passwords ??= []).push(password);
  return { name, password };
}

/** A stream of that account. `mechanism` is PLAIN, SCRAM-SHA-1 or SCRAM-SHA-256; without one, what the stock client takes. */
export function logIn(server, room, account, options = {}) {
  const { mechanism, ...rest } = options;
  return Client.login(server, { room, name: account.name, ...rest, account: { ...account, mechanism } });
}

/** One attempt on a stream of its own: 'success', or the condition of the failure; with how long the answer took. */
export async function attempt(server, account, options = {}) {
  const { mechanism = 'PLAIN', ...rest } = options;
  const client = await Client.open(server, { name: `attempt at ${account.name}`, ...rest });
  try {
    await client.start();
    const begun = performance.now();
    const answer = await client.prove({ ...account, mechanism, timeout: 25000 });
    return { result: answer.el.name === 'success' ? 'success' : answer.el.getChildElements()[0].name, raw: answer.raw, milliseconds: performance.now() - begun, client };
  } finally {
    client.vanish();
  }
}
