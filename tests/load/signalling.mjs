// ./dev bench signalling: one room that fills and empties, here and in Prosody as a plain chat room, by the same clients. Both do what
// XEP-0045 asks; ours decides who may come in as well, and offers everybody media.
import { fresh, hostIn } from '../support/people.mjs';
import { Server } from '../support/server.mjs';
import { cpuSeconds, megabytes, residentBytes } from './figures.mjs';
import { LightClient } from './light_client.mjs';
import { startProsody } from './prosody.mjs';

const count = Number(process.env.CONCLAVE_LOAD_CLIENTS ?? 499);
const parallel = 32;
const settleMilliseconds = 22_000;

async function each(many, work) {
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < many.length) await work(many[next++]);
    }),
  );
}

/** Fills a room and empties half of it. `prepare` opens one client that may join; `base` people are inside before. */
async function measure(name, server, { prepare, room, base = 0 }) {
  const memoryBefore = residentBytes(server.pid);
  const people = [];
  const everybody = (client) => client.available.size === count + base;
  let cpu = cpuSeconds(server.pid);
  let begun = performance.now();
  await each(Array.from({ length: count }), async () => {
    const client = await prepare();
    people.push(client);
    client.join(room);
    await client.until(() => client.available.has(client.nick));
  });
  await Promise.all(people.map((client) => client.until(everybody)));
  const joins = { seconds: (performance.now() - begun) / 1000, cpu: cpuSeconds(server.pid) - cpu };
  const twice = people.reduce((sum, client) => sum + [...client.available.values()].filter((times) => times > 1).length, 0);
  // What is still held when the burst is over: both give back a part of what it took, each in its own time.
  await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
  const memory = residentBytes(server.pid) - memoryBefore;

  const leaving = people.splice(0, Math.floor(count / 2));
  const gone = leaving.map((client) => client.nick);
  cpu = cpuSeconds(server.pid);
  begun = performance.now();
  for (const client of leaving) client.leave();
  await Promise.all(people.map((client) => client.until(() => client.unavailable.size === gone.length)));
  const leaves = { seconds: (performance.now() - begun) / 1000, cpu: cpuSeconds(server.pid) - cpu };
  for (const client of [...people, ...leaving]) client.close();

  console.log(`${name}`);
  console.log(`  ${count} join               ${joins.seconds.toFixed(2)} s, server CPU ${joins.cpu.toFixed(2)} s; ${twice} presences came again`);
  console.log(`  ${gone.length} leave at once      ${leaves.seconds.toFixed(2)} s, server CPU ${leaves.cpu.toFixed(2)} s`);
  console.log(`  memory              ${megabytes(memory)} MB, ${(memory / count / 1024).toFixed(1)} kB an occupant`);
  return { cpu: joins.cpu + leaves.cpu, memory, seconds: joins.seconds };
}

async function ofConclave() {
  const server = await Server.start();
  const name = fresh('bench');
  const host = await hostIn(server, name);
  const room = `${name}@conference.${server.domain}`;
  const prepare = async () => {
    const client = await LightClient.open(`${server.webSocketUrl}?room=${name}`, server.domain);
    const answer = await client.iq('set', server.focus, `<conference xmlns="http://jitsi.org/protocol/focus" room="${room}"/>`);
    if (!answer.includes('ready="true"')) throw new Error(answer);
    return client;
  };
  const figures = await measure('Conclave', server, { prepare, room, base: 1 });
  await host.socket.terminate();
  await server.stop();
  return figures;
}

async function ofProsody() {
  const server = await startProsody();
  const prepare = () => LightClient.open(server.url, server.domain);
  const figures = await measure('Prosody 0.12, plain chat room', server, { prepare, room: `bench@conference.${server.domain}` });
  await server.stop();
  return figures;
}

const ours = await ofConclave();
const theirs = await ofProsody();
console.log(`ratio                 CPU ${(theirs.cpu / ours.cpu).toFixed(1)} times less, memory ${(theirs.memory / ours.memory).toFixed(1)} times less than Prosody (targets: 2 and 2); joins within 30 s: ${ours.seconds < 30 ? 'yes' : 'no'}`);
