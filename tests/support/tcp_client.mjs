// Clients of the TCP port: @xmpp/client, which knows nothing of us, as a native client or as an attached service; and bare sockets.
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { client, xml } from '@xmpp/client';
import { Inbox, within } from './waiting.mjs';

export { xml };
export const JIBRI = 'http://jitsi.org/protocol/jibri';
export const RAYO = 'urn:xmpp:rayo:1';
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';
export const MUC = 'http://jabber.org/protocol/muc';

/** The certificate is the server's own, and the library takes no option for that. */
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

/** A stream over TCP, bound. Without a user it is a guest. */
export class TcpClient {
  static async start(context, server, { domain = server.domain, username, password } = {}) {
    const one = new TcpClient();
    one.stanzas = new Inbox();
    one.errors = [];
    one.xmpp = client({ service: `xmpp://${server.host}:${server.xmpp}`, domain, ...(username && { username, password }) });
    one.xmpp.reconnect.stop();
    one.xmpp.on('stanza', (stanza) => one.stanzas.put(stanza));
    one.xmpp.on('error', (error) => one.errors.push(error));
    context.after(() => one.stop());
    one.address = await within(10000, one.xmpp.start(), 'stream over TCP');
    return one;
  }

  next(fits, what) {
    return this.stanzas.next(fits, { what });
  }

  send(stanza) {
    return this.xmpp.send(stanza);
  }

  /** The answer, also if it is an error. */
  async iq(type, to, ...children) {
    const id = `t${Math.random().toString(36).slice(2)}`;
    await this.send(xml('iq', { type, to, id }, ...children));
    return this.next((stanza) => stanza.is('iq') && stanza.attrs.id === id, `answer to ${id}`);
  }

  /** Joins a room; the self-presence, or the error. */
  async join(room, nick, ...children) {
    await this.send(xml('presence', { to: `${room}/${nick}` }, xml('x', { xmlns: MUC }), ...children));
    return this.next((stanza) => stanza.is('presence') && stanza.attrs.from === `${room}/${nick}`, `own presence in ${room}`);
  }

  /** From now on requests with that payload wait in `orders` for reply(); the library itself would refuse them. */
  serve(xmlns, name) {
    this.orders ??= new Inbox();
    this.replies ??= new WeakMap();
    this.xmpp.iqCallee.set(xmlns, name, ({ stanza }) => new Promise((reply) => {
      this.replies.set(stanza, reply);
      this.orders.put(stanza);
    }));
  }

  /** `payload`: of a result, or an <error/>; true: an empty result. */
  reply(order, payload) {
    this.replies.get(order)(payload);
  }

  async stop() {
    await this.xmpp.stop().catch(() => {});
  }
}

/** A scripted Jibri: its control connection, in the brewery. */
export class Jibri {
  static async start(context, server, { username = 'jibri', password, nick = 'jibri-1' }) {
    const jibri = new Jibri();
    jibri.brewery = `jibribrewery@internal-muc.${server.domain}`;
    jibri.nick = nick;
    jibri.client = await TcpClient.start(context, server, { domain: `auth.${server.domain}`, username, password });
    jibri.client.serve(JIBRI, 'jibri');
    jibri.joined = await jibri.client.join(jibri.brewery, nick, status('idle'));
    return jibri;
  }

  /** What focus orders next. */
  order(action) {
    return this.client.orders.next((stanza) => stanza.getChild('jibri', JIBRI).attrs.action === action, { what: `order to ${action}` });
  }

  answer(order, attrs) {
    this.client.reply(order, xml('jibri', { xmlns: JIBRI, ...attrs }));
  }

  /** Says how a session goes; focus' answer. */
  report(order, attrs) {
    const { session_id: id } = order.getChild('jibri', JIBRI).attrs;
    return this.client.iq('set', order.attrs.from, xml('jibri', { xmlns: JIBRI, session_id: id, ...attrs }));
  }

  async say(busy, health) {
    await this.client.send(xml('presence', { to: `${this.brewery}/${this.nick}` }, status(busy, health)));
    await this.client.next((stanza) => stanza.is('presence') && stanza.attrs.from === `${this.brewery}/${this.nick}`, 'own presence again');
  }

  stop() {
    return this.client.stop();
  }
}

/** A scripted Jigasi: calls, transcribes, or both. */
export class Jigasi {
  static async start(context, server, { password, nick = 'jigasi-1', sip = true, transcription = false, participants = 0 }) {
    const jigasi = new Jigasi();
    jigasi.brewery = `jigasibrewery@internal-muc.${server.domain}`;
    jigasi.client = await TcpClient.start(context, server, { domain: `auth.${server.domain}`, username: 'jigasi', password });
    for (const name of ['dial', 'hangup']) jigasi.client.serve(RAYO, name);
    const stats = Object.entries({ supports_sip: sip, supports_transcription: transcription, participants, shutdown_in_progress: false });
    const said = xml('stats', { xmlns: 'http://jitsi.org/protocol/colibri' }, ...stats.map(([name, value]) => xml('stat', { name, value: String(value) })));
    jigasi.joined = await jigasi.client.join(jigasi.brewery, nick, said);
    return jigasi;
  }

  /** What it is asked next: 'dial' or 'hangup'. */
  order(what) {
    return this.client.orders.next((stanza) => stanza.getChild(what, RAYO), { what: `order to ${what}` });
  }

  accept(order, resource) {
    this.client.reply(order, xml('ref', { xmlns: RAYO, uri: `xmpp:${resource}` }));
  }

  refuse(order) {
    this.client.reply(order, xml('error', { type: 'cancel' }, xml('undefined-condition', { xmlns: STANZAS })));
  }
}

function status(busy, health = 'healthy') {
  return xml(
    'jibri-status',
    { xmlns: JIBRI },
    xml('busy-status', { xmlns: JIBRI, status: busy }),
    xml('health-status', { xmlns: 'http://jitsi.org/protocol/health', status: health }),
  );
}

/** Bytes to the port and back. */
export class RawStream {
  static async open(server) {
    const raw = new RawStream();
    raw.#attach(connectSocket(server.xmpp, server.host));
    await once(raw.socket, 'connect');
    return raw;
  }

  #attach(socket) {
    this.socket = socket;
    this.text = '';
    this.arrived = new Inbox();
    this.ended = new Promise((done) => socket.on('close', done));
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1');
      this.arrived.put(this.text);
    });
  }

  write(text) {
    this.socket.write(text);
  }

  async until(pattern) {
    if (pattern.test(this.text)) return this.text;
    return this.arrived.next((text) => pattern.test(text), { what: `${pattern} after ${this.text}` });
  }

  /** All that was sent until the server closed. */
  async rest() {
    await within(15000, this.ended, `end of the connection; so far: ${this.text}`);
    return this.text;
  }

  async secure() {
    const plain = this.socket;
    plain.removeAllListeners('data');
    this.#attach(connectTls({ socket: plain, rejectUnauthorized: false }));
    await within(5000, once(this.socket, 'secureConnect'), 'TLS');
  }
}

export const header = (to, attrs = "version='1.0'") =>
  `<?xml version='1.0'?><stream:stream to='${to}' ${attrs} xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
export const STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
