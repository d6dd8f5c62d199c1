import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridLayout, stageLayout, type Box } from './layout';

const inside = (box: Box, width: number, height: number) =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1;
const overlap = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('any number of tiles fits any window without overlap', () => {
  for (const [width, height] of [[1280, 720], [375, 600], [320, 480], [2560, 400]] as const) {
    for (const count of [1, 2, 3, 5, 9, 16, 25]) {
      const boxes = gridLayout({ x: 0, y: 0, width, height }, count);
      assert.equal(boxes.length, count);
      boxes.forEach((box, index) => {
        assert.ok(inside(box, width, height), `${count} in ${width}x${height}`);
        assert.ok(boxes.slice(index + 1).every((other) => !overlap(box, other)));
      });
    }
  }
});
test('two people share a wide window side by side and a tall one above each other', () => {
  const wide = gridLayout({ x: 0, y: 0, width: 1400, height: 500 }, 2);
  assert.equal(wide[0]?.y, wide[1]?.y);
  const tall = gridLayout({ x: 0, y: 0, width: 375, height: 700 }, 2);
  assert.equal(tall[0]?.x, tall[1]?.x);
});
test('a shared screen takes most of the window', () => {
  const { screens, people } = stageLayout(1200, 700, 1, 3);
  assert.ok((screens[0]?.width ?? 0) > 700);
  assert.ok(people.every((box) => box.x > (screens[0]?.x ?? 0) + (screens[0]?.width ?? 0)));
});
test('a window without room has no tiles rather than wrong ones', () => assert.deepEqual(gridLayout({ x: 0, y: 0, width: 0, height: 0 }, 3), []));
