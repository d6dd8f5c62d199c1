// ./dev bench: joins per second. One line.
import { Server } from '../support/server.mjs';
import { joinMany } from './figures.mjs';

const count = Number(process.env.CONCLAVE_LOAD_CLIENTS ?? 300);
const server = await Server.start();
const { perSecond, cpuSeconds } = await joinMany(server, { count });
await server.stop();
console.log(`joins per second           ${perSecond.toFixed(0)}  (${count} people into rooms of ten: connect, SASL, bind, ask, join; server CPU ${((cpuSeconds / count) * 1000).toFixed(2)} ms each)`);
