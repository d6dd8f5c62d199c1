// The figures of ./dev bench that need the running server: joins per second, memory, time to the first decoded frame.
import { readFileSync, existsSync } from 'node:fs';
import { fresh, guest, hostIn } from '../support/people.mjs';

/** Resident memory of a process in bytes. */
export function residentBytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
}

/** CPU seconds that a process has used. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);

/** `count` guests ask and join rooms of `perRoom`, `parallel` at a time. Each brings its own connection: this is a whole entry. */
export async function joinMany(server, { count, perRoom = 10, parallel = 16 }) {
  const rooms = [];
  const hosts = [];
  for (let index = 0; index < Math.ceil(count / perRoom); index++) {
    rooms.push(fresh('load'));
    hosts.push(await hostIn(server, rooms[index]));
  }
  const people = [];
  let next = 0;
  const cpuBefore = cpuSeconds(server.pid);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) {
        const index = next++;
        const room = rooms[Math.floor(index / perRoom)];
        const person = await guest(server, room, `p${index}`);
        await person.enter(room);
        people.push(person);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  return { rooms, hosts, people, seconds, perSecond: count / seconds, cpuSeconds: cpuSeconds(server.pid) - cpuBefore };
}

export const sanitized = (server) => existsSync(`/proc/${server.pid}/maps`) && readFileSync(`/proc/${server.pid}/maps`, 'utf8').includes('libasan');
