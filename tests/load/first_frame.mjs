// ./dev bench: from the opening of the WebSocket to the first decoded frame, in two Chromiums. One line.
import { chromiumPerson, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';
import { firstFrame } from './first_frame_of.mjs';

const cleanups = [];
const context = { after: (work) => cleanups.unshift(work) };
try {
  const server = await webServer(context);
  const times = [];
  const host = await chromiumPerson(context, 'Ada', { colour: 'red' });
  const guest = await chromiumPerson(context, 'Gina', { colour: 'green' });
  for (let round = 0; round < 5; round++) times.push(await firstFrame(server, fresh('first'), host, guest));
  times.sort((left, right) => left - right);
  console.log(`first decoded frame        ${times[2].toFixed(0)} ms after the WebSocket opened  (median of five; ${times.map((time) => time.toFixed(0)).join(', ')}; target: under 2000 ms on loopback)`);
} finally {
  for (const cleanup of cleanups) await cleanup();
}
