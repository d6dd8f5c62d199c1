import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hue, initials } from './initials';

test('initials are of the first and the last word', () => {
  assert.deepEqual(['Ada Lovelace', 'Ada de Lovelace', 'bo', '  ', 'Émile Zola', '(guest) 7'].map(initials), ['AL', 'AL', 'B', '?', 'ÉZ', 'G7']);
});
test('a colour belongs to the endpoint', () => assert.equal(hue('3f9c21ab'), hue('3f9c21ab')));
