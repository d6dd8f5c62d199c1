import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBridgeMessage } from './bridge_channel';
import { receiverConstraints, stepFor } from './constraints';

test('a tile asks for the step that it shows', () => assert.deepEqual([100, 200, 225, 226, 450, 451, 2000].map(stepFor), [180, 180, 180, 360, 360, 720, 720]));
test('screens are asked for whole and on stage', () => {
  const message = receiverConstraints([{ source: 'a-v0', heightPixels: 300, desktop: false }, { source: 'a-v1', heightPixels: 300, desktop: true }]);
  assert.deepEqual(message.constraints, { 'a-v0': { maxHeight: 360 }, 'a-v1': { maxHeight: 2160 } });
  assert.deepEqual(message.onStageSources, ['a-v1']);
  assert.equal(message.lastN, -1);
});
test('before anything is shown there is a default, as without one no picture would come', () =>
  assert.deepEqual(receiverConstraints([]).defaultConstraints, { maxHeight: 360 }));
test('what is not a bridge message is dropped', () => {
  for (const data of ['', 'null', '[]', '{"colibriClass":1}', new ArrayBuffer(1)]) assert.equal(readBridgeMessage(data), null);
  assert.equal(readBridgeMessage('{"colibriClass":"ServerHello"}')?.colibriClass, 'ServerHello');
});
