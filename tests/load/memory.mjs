// ./dev bench: memory of the idle server, and of each person in a meeting. Two lines.
import { Server } from '../support/server.mjs';
import { joinMany, megabytes, residentBytes } from './figures.mjs';

const count = Number(process.env.CONCLAVE_LOAD_CLIENTS ?? 300);
const server = await Server.start();
const idle = residentBytes(server.pid);
const { people, hosts } = await joinMany(server, { count });
const busy = residentBytes(server.pid);
const endpoints = people.length + hosts.length;
await server.stop();
console.log(`memory idle                ${megabytes(idle)} MB  (target: under 40 MB)`);
console.log(`memory per endpoint        ${((busy - idle) / endpoints / 1024).toFixed(1)} kB  (${endpoints} endpoints in a meeting with an offer each, no media yet)`);
