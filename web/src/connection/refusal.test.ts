import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionSentence } from './refusal';

const sasl = (text: string) => ({ name: 'SASLError', condition: 'not-allowed', text });

test('an expired token is told from one that was tampered with', () => {
  assert.match(connectionSentence(sasl('Not acceptable by exp (1700000000)')), /has expired/);
  assert.match(connectionSentence(sasl('Invalid signature')), /could not be verified.*Invalid signature/);
  assert.match(connectionSentence(sasl('token required')), /asks for an invitation link/);
});
test('words that nobody foresaw are shown as the server wrote them', () =>
  assert.match(connectionSentence(sasl('moon in the wrong house')), /moon in the wrong house/));
test('anything that is not XMPP is the network', () => assert.match(connectionSentence(new Error('x')), /cannot be reached/));
