// Janus from Debian with its videoroom alone, to be measured beside us. It runs on loopback ports of its own, with a configuration of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { freePort } from '../support/server.mjs';
import { eventually, within } from '../support/waiting.mjs';
import { answer, offer, remoteOf } from './sdp.mjs';

const LIBRARIES = '/usr/lib/x86_64-linux-gnu/janus';
const ROOM = 1;

const others = (folder, wanted) =>
  readdirSync(join(LIBRARIES, folder))
    .filter((name) => name.endsWith('.so') && name !== wanted)
    .join(',');

/** `address`: where its media are; libnice takes no loopback one. */
const configuration = (address) => `
general: { debug_level = 2, debug_timestamps = false, plugins_folder = "${LIBRARIES}/plugins", transports_folder = "${LIBRARIES}/transports",
  session_timeout = 0, event_loops = ${Number(process.env.CONCLAVE_JANUS_EVENT_LOOPS ?? 0)} }
nat: { ice_enforce_list = "${address}", full_trickle = false }
plugins: { disable = "${others('plugins', 'libjanus_videoroom.so')}" }
transports: { disable = "${others('transports', 'libjanus_websockets.so')}" }
`;

export class Janus {
  #socket;
  #waiting = new Map(); // transaction → {resolve, reject}
  #serial = 0;

  static async start(address) {
    const janus = new Janus();
    janus.address = address;
    janus.folder = mkdtempSync(join(tmpdir(), 'conclave-janus-'));
    const port = await freePort();
    const write = (name, content) => writeFileSync(join(janus.folder, name), content);
    write('janus.jcfg', configuration(address));
    write('janus.transport.websockets.jcfg', `general: { json = "compact", ws = true, ws_port = ${port}, ws_ip = "127.0.0.1", wss = false }\nadmin: { admin_ws = false, admin_wss = false }\n`);
    write('janus.plugin.videoroom.jcfg', 'general: {}\n');
    janus.child = spawn('janus', ['--configs-folder', janus.folder, '--disable-colors'], { stdio: ['ignore', 'pipe', 'pipe'], cwd: janus.folder });
    janus.pid = janus.child.pid;
    janus.said = '';
    for (const stream of [janus.child.stdout, janus.child.stderr]) stream.on('data', (chunk) => (janus.said = (janus.said + chunk).slice(-8000)));
    janus.ended = once(janus.child, 'exit');
    await eventually('the WebSocket of Janus', async () => {
      if (janus.child.exitCode !== null) throw new Error(`janus ended: ${janus.said}`);
      return janus.#connect(port);
    });
    janus.session = (await janus.#ask({ janus: 'create' })).data.id;
    return janus;
  }

  async #connect(port) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'janus-protocol', { perMessageDeflate: false });
    const open = await Promise.race([once(socket, 'open').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
    if (!open) return undefined;
    this.#socket = socket;
    socket.on('message', (data) => this.#take(JSON.parse(String(data))));
    return true;
  }

  /** The room that all are in. */
  async createRoom() {
    const handle = await this.#attach();
    await this.#request(handle, { request: 'create', room: ROOM, publishers: 1000, bitrate: 0, transport_wide_cc_ext: false, videoorient_ext: false, playoutdelay_ext: false, audiocodec: 'opus', videocodec: 'vp8' });
  }

  /** A client of the generator sends that stream; `feed`: a number by which others subscribe to him. */
  async publish(generator, feed, stream) {
    const client = await generator.add(`sender ${feed}`, 'controlling');
    const handle = await this.#attach();
    await this.#request(handle, { request: 'join', ptype: 'publisher', room: ROOM, id: feed, display: `${feed}` });
    const { jsep } = await this.#request(handle, { request: 'publish', audiocodec: 'opus', videocodec: 'vp8' }, { type: 'offer', sdp: offer(client, this.address, stream) });
    generator.remote(client.id, remoteOf(jsep.sdp), stream.payloadType);
    generator.stream(client.id, stream);
    await client.connected();
  }

  /** A client of the generator receives those feeds. */
  async subscribe(generator, name, feeds) {
    const client = await generator.add(name, 'controlled');
    const handle = await this.#attach();
    const { jsep } = await this.#request(handle, { request: 'join', ptype: 'subscriber', room: ROOM, streams: feeds.map((feed) => ({ feed })) });
    const { sdp, payloadType } = answer(client, this.address, jsep.sdp);
    generator.remote(client.id, remoteOf(jsep.sdp), payloadType);
    await this.#request(handle, { request: 'start' }, { type: 'answer', sdp });
    await client.connected();
  }

  async stop() {
    this.#socket.terminate();
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    await this.ended;
    clearTimeout(late);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #attach() {
    return (await this.#ask({ janus: 'attach', session_id: this.session, plugin: 'janus.plugin.videoroom' })).data.id;
  }

  /** Resolves with the plugin's answer; rejects with its error. */
  async #request(handle, body, jsep) {
    const message = await this.#ask({ janus: 'message', session_id: this.session, handle_id: handle, body, jsep });
    const data = message.plugindata?.data;
    if (data?.error) throw new Error(`janus: ${body.request}: ${data.error}`);
    return message;
  }

  #ask(message) {
    const transaction = `t${++this.#serial}`;
    const answered = new Promise((resolve, reject) => this.#waiting.set(transaction, { resolve, reject }));
    this.#socket.send(JSON.stringify({ ...message, transaction }));
    return within(20_000, answered, () => `answer of janus to ${JSON.stringify(message).slice(0, 200)}; it printed: ${this.said}`);
  }

  #take(message) {
    const waiting = this.#waiting.get(message.transaction);
    if (!waiting || message.janus === 'ack') return;
    this.#waiting.delete(message.transaction);
    if (message.janus === 'error') waiting.reject(new Error(`janus: ${JSON.stringify(message.error)}`));
    else waiting.resolve(message);
  }
}
