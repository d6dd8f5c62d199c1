// The load generator (src/sfu/load) as a child process: clients with real sockets, which it is told of by JSON lines.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../support/server.mjs';
import { within } from '../support/waiting.mjs';

const binary = resolve(root, process.env.CONCLAVE_LOAD_GENERATOR ?? 'build/release/src/sfu/load/sfu_load');
const connectMilliseconds = 30_000;

export class Generator {
  profiles = new Set(); // of SRTP
  #child;
  #added = new Map(); // id → resolve
  #connected = new Map();
  #counted = [];

  constructor(address) {
    if (!existsSync(binary)) throw new Error(`there is no ${binary}: ./dev bench sfu builds it`);
    this.#child = spawn(binary, [address], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(JSON.parse(line)));
  }

  /** A client: {id, ufrag, pwd, fingerprint, port, connected}; `role` is the one of ICE. */
  async add(id, role) {
    const added = new Promise((done) => this.#added.set(id, done));
    const connected = new Promise((done) => this.#connected.set(id, done));
    this.#say({ op: 'add', id, role });
    return { ...(await added), id, connected: () => within(connectMilliseconds, connected, `media connection of ${id}`) };
  }

  /** What the SFU said of itself: {ufrag, pwd, fingerprint, ip, port}; packets of that payload type are counted. */
  remote(id, remote, payloadType) {
    this.#say({ op: 'remote', id, ...remote, payload_type: payloadType });
  }

  /** What that client sends: {kind, ssrc, payloadType, audioLevelId, rate (frames a second), packets (a frame), bytes}. */
  stream(id, { payloadType, audioLevelId = 0, ...stream }) {
    this.#say({ op: 'stream', id, ...stream, payload_type: payloadType, audio_level_id: audioLevelId });
  }

  start() {
    this.#say({ op: 'start' });
  }

  /** Nobody sends any more, and all that was under way has come: the counts do not change for half a second. */
  async stop() {
    this.#say({ op: 'stop' });
    for (let last = -1, now; last !== (now = (await this.count()).delivered); last = now) await new Promise((done) => setTimeout(done, 500));
  }

  /** {sent, delivered, verified, bad, cpu}, all since the beginning; {median, late}: milliseconds of delay since the start, 50 and 99 %. */
  count() {
    return new Promise((done) => {
      this.#counted.push(done);
      this.#say({ op: 'count' });
    });
  }

  async end() {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  #say(message) {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #take(message) {
    if (message.added) this.#added.get(message.added)(message);
    if (message.connected) {
      this.profiles.add(message.profile);
      this.#connected.get(message.connected)();
    }
    if (message.count) this.#counted.shift()(message.count);
  }
}
