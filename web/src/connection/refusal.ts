// What a failed connection means to the person who waits for it.

import { stanzaError } from './stream';

// Words of the token check, as servers of this dialect write them, and what they mean.
const saslMeanings: [RegExp, string][] = [
  [/exp\b|expired/i, 'Your invitation link has expired. Ask for a new one.'],
  [/nbf|not yet/i, 'Your invitation link is not valid yet. Try again at the time of the meeting.'],
  [/token required/i, 'This server asks for an invitation link with a token. Open the link that you were sent.'],
  [/signature|malformed|token format|alg|kid|typ|key/i, 'Your invitation link could not be verified. Check that you copied all of it, or ask for a new one.'],
  [/iss|aud/i, 'Your invitation link was made for another service. Ask for a link to this one.'],
  [/banned|revoked/i, 'Your invitation was withdrawn. Ask the organiser for a new one.'],
];

export function connectionSentence(error: unknown): string {
  const name = (error as { name?: string } | null)?.name;
  const { condition, text } = stanzaError(error);
  if (name === 'SASLError') {
    const meaning = saslMeanings.find(([words]) => words.test(text))?.[1] ?? 'The server did not accept your invitation link.';
    return text === '' ? meaning : `${meaning} (The server says: ${text})`;
  }
  if (name === 'StreamError') {
    if (condition === 'policy-violation') return 'The server closed the connection because of too much traffic from this page. Wait a minute and join again.';
    if (condition === 'system-shutdown') return 'The server is being restarted. Join again in a moment.';
    return `The server closed the connection${text === '' ? '' : `: ${text}`}. Join again.`;
  }
  if (error instanceof Error && /password/.test(error.message)) return error.message;
  return 'The server cannot be reached. Check your network connection and try again.';
}
