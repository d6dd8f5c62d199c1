// Why a log-in with name and password did not work, as a sentence for the person at the form.

import { sentence } from '../room/conference_request';
import { stanzaError } from './stream';

export function loginSentence(error: unknown): string {
  const name = (error as { name?: string } | null)?.name;
  const { condition, text } = stanzaError(error);
  if (error instanceof Error && /password/.test(error.message) && name !== 'SASLError') return error.message;
  if (name !== 'SASLError') return 'The server cannot be reached. Check your network connection and try again.';
  switch (condition) {
    case 'not-authorized':
      return 'The account name or the password is wrong.';
    case 'account-disabled':
      return 'This account is locked. Ask the people who run this server.';
    case 'temporary-auth-failure':
    case 'policy-violation':
      return isSlowedDown(text) || text === ''
        ? 'There were too many attempts. Wait a minute, then try again.'
        : sentence(text);
  }
  return text === '' ? 'The server did not accept this account.' : `The server did not accept this account. ${sentence(text)}`;
}

function isSlowedDown(text: string): boolean {
  return /too many|slow|wait|attempts/i.test(text);
}
