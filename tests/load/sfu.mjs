// ./dev bench sfu: what it costs to forward a packet, here and in Janus' videoroom from Debian, in one run and under the same load generator.
// CPU of the server's process for each packet that has reached a receiver; the load is small enough that nobody is saturated, and loss is printed.
import { fresh, hostIn } from '../support/people.mjs';
import { Server } from '../support/server.mjs';
import { cpuSeconds, residentBytes } from './figures.mjs';
import { Generator } from './generator.mjs';
import { Janus } from './janus.mjs';
import { enterWithMedia } from './media_client.mjs';
import { profile } from './profile.mjs';

const address = process.env.CONCLAVE_TEST_ADDRESS; // tests/support/in_namespace gives it
const number = (name, otherwise) => Number(process.env[name] ?? otherwise);
const seconds = number('CONCLAVE_LOAD_SECONDS', 10);
const warmUpMilliseconds = 3_000;
const profileMilliseconds = 5_000;
const parallel = 8;

const video = { kind: 'video', payloadType: 100, bytes: 1200 };
const audio = { kind: 'audio', payloadType: 111, bytes: 100, packets: 1, rate: 50, audioLevelId: 1 };
// A room of ours takes 500: a host, one who speaks, and these. The goal speaks of 1,000.
const listeners = number('CONCLAVE_LOAD_LISTENERS', 498);
const people = number('CONCLAVE_LOAD_PEOPLE', 30);
const viewers = number('CONCLAVE_LOAD_VIEWERS', 100);
const seen = Math.min(25, people - 1);

const loads = {
  video: { text: `1 sender → ${viewers} receivers, 1,200 bytes`, senders: 1, receivers: viewers, sees: 1, stream: { ...video, rate: 30, packets: 6 }, target: 300_000 },
  audio: { text: `1 speaker → ${listeners} listeners, 100 bytes`, senders: 1, receivers: listeners, sees: 0, stream: audio },
  meeting: { text: `${people} send and see ${seen}, 1,200 bytes`, senders: people, receivers: 0, sees: seen, stream: { ...video, rate: 15, packets: 4 } },
};

async function each(count, work) {
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

const streamOf = (load, index) => ({ ...load.stream, ssrc: 1000 + index });

/** Lets everybody send, twice: the first time is for buffers and layers to settle. {delivered, offered, cpu, generatorCpu, …} of the second,
 * and the shares of a third. */
async function measure(pid, generator, copies) {
  const play = async (milliseconds) => {
    generator.start();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await generator.stop();
    return { ...(await generator.count()), server: cpuSeconds(pid) };
  };
  const before = await play(warmUpMilliseconds);
  const after = await play(seconds * 1000);
  const shares = await profile(pid, () => play(profileMilliseconds)); // a third time: to be watched costs
  return {
    delivered: after.delivered - before.delivered,
    offered: (after.sent - before.sent) * copies,
    shares,
    median: after.median,
    late: after.late,
    bad: after.bad,
    verified: after.verified,
    cpu: after.server - before.server,
    generatorCpu: after.cpu - before.cpu,
  };
}

async function ofConclave(load) {
  const server = await Server.start();
  const kill = () => server.child.kill('SIGKILL');
  process.once('exit', kill); // a client may throw where nobody catches
  const room = fresh('bench');
  const host = await hostIn(server, room);
  const memory = residentBytes(server.pid);
  const generator = new Generator('127.0.0.1');
  const open = [];
  const enter = async (index, sends) =>
    open.push(
      await enterWithMedia(server, generator, room, {
        stream: sends ? streamOf(load, index) : undefined,
        lastN: load.stream.kind === 'video' && (!sends || load.receivers === 0) ? load.sees : undefined,
        payloadType: load.stream.payloadType,
      }),
    );
  await each(load.senders, (index) => enter(index, true));
  await each(load.receivers, (index) => enter(index, false));
  const figures = await measure(server.pid, generator, load.receivers || load.sees);
  figures.memory = (residentBytes(server.pid) - memory) / open.length;
  figures.profiles = [...generator.profiles];
  await generator.end();
  for (const person of open) person.close();
  await host.socket.terminate();
  await server.stop();
  process.off('exit', kill);
  return figures;
}

async function ofJanus(load) {
  const janus = await Janus.start(address);
  const memory = residentBytes(janus.pid);
  const generator = new Generator(address);
  try {
    await janus.createRoom();
    await each(load.senders, (index) => janus.publish(generator, index + 1, streamOf(load, index)));
    if (load.receivers) await each(load.receivers, (index) => janus.subscribe(generator, `receiver ${index}`, [1]));
    else await each(load.senders, (index) => janus.subscribe(generator, `receiver ${index}`, Array.from({ length: load.sees }, (_, i) => ((index + i + 1) % load.senders) + 1)));
    const figures = await measure(janus.pid, generator, load.receivers || load.sees);
    figures.memory = (residentBytes(janus.pid) - memory) / (load.receivers + load.senders);
    figures.profiles = [...generator.profiles];
    return figures;
  } finally {
    await generator.end();
    await janus.stop();
  }
}

const perSecond = (figures) => figures.delivered / figures.cpu;

function print(name, figures) {
  const lost = 100 * (1 - figures.delivered / figures.offered);
  console.log(
    `  ${name.padEnd(9)} ${perSecond(figures).toFixed(0).padStart(7)} packets per CPU-second  (${figures.delivered} of ${figures.offered} delivered, ${lost.toFixed(2)} % lost; ` +
      `server ${figures.cpu.toFixed(2)} s, generator ${figures.generatorCpu.toFixed(2)} s of CPU in ${seconds} s; ${(figures.memory / 1024).toFixed(0)} kB an endpoint; ` +
      `delay ${figures.median.toFixed(2)} ms, 99 % under ${figures.late.toFixed(2)} ms; ${figures.profiles}; ${figures.verified} decrypted, ${figures.bad} of them badly)`,
  );
  const share = (owner) => `${owner} ${figures.shares[owner].toFixed(0)} %`;
  console.log(`            ${figures.shares ? ['kernel', 'encryption', 'libc', 'own'].map(share).join(', ') : 'no profile: perf is missing or not allowed'}`);
}

const wanted = process.argv.slice(2);
for (const name of wanted.length ? wanted : Object.keys(loads)) {
  const load = loads[name];
  console.log(`${load.text}`);
  const ours = await ofConclave(load);
  print('Conclave', ours);
  const theirs = await ofJanus(load);
  print('Janus', theirs);
  const target = load.target ? `, ${load.target} packets per CPU-second: ${perSecond(ours) >= load.target ? 'reached' : 'missed'}` : '';
  console.log(`  ratio     ${(perSecond(ours) / perSecond(theirs)).toFixed(1)}  (targets: 5${target})`);
}
