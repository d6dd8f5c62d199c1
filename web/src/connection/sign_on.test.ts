import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signOnAddress } from './sign_on';

test('the room and the state are put into the address, percent-encoded', () => {
  assert.equal(signOnAddress('https://id.example/login?room={room}&t={tenant}', { room: 'a b&c', tenant: null }), 'https://id.example/login?room=a%20b%26c&t=');
  const state = new URL(signOnAddress('https://id.example/?state={state}', { room: 'über', tenant: 'acme' })).searchParams.get('state');
  assert.deepEqual(JSON.parse(state ?? ''), { room: 'über', roomSafe: 'über', tenant: 'acme' });
});
test('placeholders that nobody knows stay as they are', () => assert.equal(signOnAddress('/x?{other}', { room: 'r', tenant: null }), '/x?{other}'));
