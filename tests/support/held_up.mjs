// Whether people in a meeting notice what others do to the server: round trips of what they send, at a pace that no limit of a session slows down
// (15 IQs and 3 messages a second, docs/backpressure.md), so that what is measured is the server and not its throttle.
import assert from 'node:assert/strict';
import { loadavg } from 'node:os';
import { patience } from './waiting.mjs';

const BEAT = 100; // milliseconds between two pings of one person
const BEATS_A_MESSAGE = 5;
const HELD_UP = 50; // milliseconds that the 99th percentile may be worse than in quiet times

async function timed(times, work) {
  const begun = performance.now();
  assert.ok(await work());
  times.push(performance.now() - begun);
}

let serial = 0;

/**
 * Sorted round trips of a ping of each of `people` at each beat, and, with a room, of messages that come back from it: {ping, message}, in milliseconds.
 * `beats` is how many, or a function that says whether to go on.
 */
export async function roundTrips(people, beats, room) {
  const goesOn = typeof beats === 'function' ? beats : (beat) => beat < beats;
  const times = { ping: [], ...(room && { message: [] }) };
  const one = async (client, offset) => {
    await new Promise((resolve) => setTimeout(resolve, offset));
    for (let beat = 0; goesOn(beat); beat++) {
      const next = new Promise((resolve) => setTimeout(resolve, BEAT));
      await timed(times.ping, () => client.ping());
      if (room && beat % BEATS_A_MESSAGE === 0) {
        const text = `held up? ${++serial}`;
        await timed(times.message, () => {
          client.groupchat(room, text);
          return client.expect((frame) => frame.el?.name === 'message' && frame.el.getChildText('body') === text, `"${text}" from the room`);
        });
      }
      await next;
    }
  };
  await Promise.all(people.map((client, index) => one(client, (index * BEAT) / people.length)));
  for (const each of Object.values(times)) each.sort((a, b) => a - b);
  return times;
}

const at = (times, share) => times[Math.ceil(times.length * share) - 1];
const said = (times) => Object.entries(times).map(([kind, each]) => `${kind} p50 ${at(each, 0.5).toFixed(1)} p99 ${at(each, 0.99).toFixed(1)} ms of ${each.length}`).join(', ');

/** p99 of each kind is at most HELD_UP worse than in quiet times; what it was is told either way. */
export function assertNotHeldUp(context, quiet, disturbed) {
  context.diagnostic(`in quiet times: ${said(quiet)}; disturbed: ${said(disturbed)}; load of the machine ${loadavg()[0].toFixed(1)}`);
  for (const kind of Object.keys(quiet)) {
    const bound = (at(quiet[kind], 0.99) + HELD_UP) * patience;
    assert.ok(at(disturbed[kind], 0.99) < bound, `p99 of a ${kind} under ${bound.toFixed(1)} ms; quiet: ${said(quiet)}; disturbed: ${said(disturbed)}`);
  }
}
