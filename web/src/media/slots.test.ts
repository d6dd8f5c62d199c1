import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offer } from './fixtures';
import { Slots } from './slots';
import type { Source } from './source';

const video = (owner: string, ssrc: number): Source =>
  ({ owner, name: `${owner}-v0`, kind: 'video', videoType: 'camera', msid: `${owner} t`, ssrcs: [ssrc], groups: [] });
const mids = (slots: Slots) => slots.all.map((slot) => slot.mid);

test('a freed m-line is taken over only after it was negotiated as rejected, under a new mid', () => {
  const slots = new Slots(['audio', 'video'], [video('a', 1)]);
  assert.deepEqual(slots.remove([video('a', 1)]), ['a-v0']);
  slots.add([video('b', 2)]);
  assert.deepEqual(mids(slots), ['0', '1', '2', '3']);
  slots.settle();
  slots.add([video('c', 3)]);
  assert.deepEqual(mids(slots), ['0', '1', '4', '3']);
});
test('a source that is announced twice has one m-line', () => {
  const slots = new Slots(['video'], [video('a', 1)]);
  slots.add([video('a', 1)]);
  assert.equal(slots.all.length, 2);
});
test('a source that comes back with other SSRCs replaces its old m-line', () => {
  const slots = new Slots(['video'], [video('a', 1)]);
  slots.add([video('a', 9)]);
  assert.deepEqual(slots.all.map((slot) => slot.direction), ['sendrecv', 'rejected', 'sendonly']);
  assert.deepEqual(slots.bySource('a-v0')?.source?.ssrcs, [9]);
});
test('the sources of the bridge are never removed', () => {
  const slots = new Slots(['audio', 'video'], offer().sources);
  assert.deepEqual(slots.removeOwner('jvb'), []);
});
test('an own screen has an m-line on which the bridge only receives', () => {
  const slots = new Slots(['audio', 'video'], []);
  assert.equal(slots.addLocal('video')?.direction, 'recvonly');
  assert.equal(slots.first('video')?.mid, '1');
});
