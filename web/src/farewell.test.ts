import assert from 'node:assert/strict';
import { test } from 'node:test';
import { farewell } from './farewell';

const kicked = (reason: string, actor: string | null = 'a', barred = false) => ({ kind: 'kicked', actor, reason, barred }) as const;

test('who was removed hears by whom and why', () => {
  assert.equal(farewell(kicked('Too loud'), 'Ada', false), 'Ada has removed you from the meeting. Too loud.');
  assert.equal(farewell(kicked(''), null, false), 'A moderator has removed you from the meeting.');
  assert.match(farewell(kicked('', 'a', true), 'Ada', false), /cannot come back/);
});
test('whom the server removed hears its reason, and blames no moderator', () =>
  assert.equal(farewell(kicked('Your token has expired.', null), null, false), 'You were removed from the meeting. Your token has expired.'));
test('an ended meeting is told from one that was ended by us', () => {
  const destroyed = (reason: string) => ({ kind: 'destroyed', reason, alternative: null }) as const;
  assert.match(farewell(destroyed('The meeting has been terminated'), null, false), /ended for everyone/);
  assert.match(farewell(destroyed('Booked time is over'), null, false), /over\. Booked time is over\.$/);
  assert.match(farewell(destroyed(''), null, true), /^You have ended/);
});
