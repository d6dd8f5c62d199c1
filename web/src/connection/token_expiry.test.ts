import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { expiryOf, watchExpiry } from './token_expiry';

const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

test('the end of a token is read; what is no token has none', () => {
  assert.equal(expiryOf(token({ exp: 1_000 })), 1_000_000);
  assert.equal(expiryOf(token({ name: 'zoë – ключ' })), null);
  assert.equal(expiryOf(token({ exp: '1000' })), null);
  for (const broken of ['', 'a', 'a.b', 'a.!!.c']) assert.equal(expiryOf(broken), null);
});
test('one minute before the end there is a warning, and none after it was stopped', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let warned = 0;
  watchExpiry(token({ exp: 300 }), 0, () => ++warned);
  const stop = watchExpiry(token({ exp: 300 }), 0, () => (warned += 10));
  stop();
  mock.timers.tick(239_999);
  assert.equal(warned, 0);
  mock.timers.tick(1);
  assert.equal(warned, 1);
  mock.timers.reset();
});
test('somebody whose token ends within the minute is warned at once; an ended one or none is not spoken of', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let warned = 0;
  for (const [shown, now] of [[token({ exp: 300 }), 290_000], [token({ exp: 300 }), 300_000], [null, 0]] as const) watchExpiry(shown, now, () => ++warned);
  mock.timers.tick(1);
  assert.equal(warned, 1);
  mock.timers.reset();
});
