// Whether people in a meeting notice what others do to the server: round trips of what they send, at a pace that no limit of a session slows down
// (15 IQs and 3 messages a second, docs/backpressure.md), so that what is measured is the server and not its throttle.
import assert from 'node:assert/strict';
import { loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { patience } from './waiting.mjs';

const BEAT = 100; // milliseconds between two pings of one person
const BEATS_A_MESSAGE = 5;
const HELD_UP = 50; // milliseconds that the 99th percentile may be worse than in quiet times
const CLOCK = 5; // milliseconds between two looks at how late this process is

async function timed(times, work) {
  const begun = performance.now();
  assert.ok(await work());
  times.push(performance.now() - begun);
}

let serial = 0;

/**
 * Sorted round trips of a ping of each of `people` at each beat, and, with a room, of messages that come back from it: {ping, message}, in milliseconds;
 * `late` is the 99th percentile of how late this process was itself, which is no fault of the server's: it does the disturbing too, on a machine that may be busy.
 * `beats` is how many, or a function that says whether to go on.
 */
export async function roundTrips(people, beats, room) {
  const goesOn = typeof beats === 'function' ? beats : (beat) => beat < beats;
  const times = { ping: [], ...(room && { message: [] }) };
  const lateness = monitorEventLoopDelay({ resolution: CLOCK });
  lateness.enable();
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
  lateness.disable();
  for (const each of Object.values(times)) each.sort((a, b) => a - b);
  return { times, late: Math.max(0, lateness.percentile(99) / 1e6 - CLOCK) };
}

const at = (times, share) => times[Math.ceil(times.length * share) - 1];
const said = ({ times, late }) =>
  Object.entries(times).map(([kind, each]) => `${kind} p50 ${at(each, 0.5).toFixed(1)} p99 ${at(each, 0.99).toFixed(1)} ms of ${each.length}, `).join('') + `this process late by ${late.toFixed(1)} ms`;

/** p99 of each kind is at most HELD_UP worse than in quiet times, beside what this process was late; what it was is told either way. */
export function assertNotHeldUp(context, quiet, disturbed) {
  context.diagnostic(`in quiet times: ${said(quiet)}; disturbed: ${said(disturbed)}; load of the machine ${loadavg()[0].toFixed(1)}`);
  for (const kind of Object.keys(quiet.times)) {
    const bound = (at(quiet.times[kind], 0.99) + HELD_UP + disturbed.late) * patience;
    assert.ok(at(disturbed.times[kind], 0.99) < bound, `p99 of a ${kind} under ${bound.toFixed(1)} ms; quiet: ${said(quiet)}; disturbed: ${said(disturbed)}`);
  }
}
