// The load clients in small, so that they keep working, and the two targets that the first figures have: idle memory and the first frame.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPerson, webServer } from '../support/browser.mjs';
import { metric } from '../support/admin.mjs';
import { fresh } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { joinMany, megabytes, residentBytes, sanitized } from './figures.mjs';
import { firstFrame } from './first_frame_of.mjs';

test('load: the idle server is under 40 MB, and forty people join', async (t) => {
  const server = await serve(t);
  const idle = residentBytes(server.pid);
  t.diagnostic(`idle ${megabytes(idle)} MB`);
  if (!sanitized(server)) assert.ok(idle < 40 * 1024 * 1024, `${megabytes(idle)} MB`);
  const { people, rooms, perSecond } = await joinMany(server, { count: 40 });
  t.diagnostic(`${perSecond.toFixed(0)} joins per second`);
  assert.equal(people.length, 40);
  assert.equal(await metric(server, /^conclave_occupants$/), 40 + rooms.length);
});

test('load: the first frame is shown within two seconds of the WebSocket opening', { timeout: 120000 }, async (t) => {
  const server = await webServer(t);
  const host = await chromiumPerson(t, 'Ada', { colour: 'red' });
  const guest = await chromiumPerson(t, 'Gina', { colour: 'green' });
  await firstFrame(server, fresh('warm'), host, guest); // the browsers' own first start is not ours
  const time = await firstFrame(server, fresh('first'), host, guest);
  t.diagnostic(`first frame after ${time.toFixed(0)} ms`);
  assert.ok(time < 2000, `${time.toFixed(0)} ms`);
});
