// BOSH in the shape of a WebSocket that speaks RFC 7395, so that Client (xmpp.mjs) and all people made of it come in by either:
// { transport: 'bosh' } beside a client's other options.
import { EventEmitter } from 'node:events';
import { Agent, request } from 'node:http';
import { parse } from 'ltx';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
const OPEN = 1;
const CLOSED = 3;

/** One POST with a body of any kind: {status, headers, text}. */
export function post(url, body, { headers = {}, agent, method = 'POST', signal } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, signal, headers: { 'Content-Type': 'text/xml; charset=utf-8', ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Attributes and children as a <body/>. */
export function bodyOf(attributes, payload = '') {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  return `<body xmlns="http://jabber.org/protocol/httpbind" xmlns:xmpp="urn:xmpp:xbosh"${written.join('')}>${payload}</body>`;
}

export class BoshSocket extends EventEmitter {
  readyState = OPEN;
  #agent = new Agent({ keepAlive: true, maxSockets: 2 });
  #rid = 1 + Math.floor(Math.random() * 1e9);
  #sid;
  #asked = false;
  #queue = [];
  #underWay = 0;

  constructor(url, { headers } = {}) {
    super();
    this.url = url;
    this.headers = headers;
    setImmediate(() => this.emit('open'));
  }

  send(text) {
    this.#queue.push(String(text));
    setImmediate(() => this.#pump());
  }

  close() {}

  /** Cuts the connections and says nothing. */
  terminate() {
    this.#end(1006);
    this.#agent.destroy();
  }

  #end(code) {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.emit('close', code, '');
    if (code === 1000) this.#agent.destroy();
  }

  #pump() {
    if (this.readyState === CLOSED || (this.#asked && !this.#sid)) return;
    if (this.#underWay >= 2 || (this.#queue.length === 0 && this.#underWay > 0)) return;
    if (!this.#asked && this.#queue.length === 0) return;
    const attributes = { rid: this.#rid++ };
    const first = this.#queue[0] ?? '';
    const to = /^<open [^>]*to="([^"]*)"/.exec(first)?.[1];
    let payload = '';
    if (to !== undefined) {
      this.#queue.shift();
      if (!this.#asked) Object.assign(attributes, { to, 'xml:lang': 'en', wait: 60, hold: 1, content: 'text/xml; charset=utf-8', ver: '1.6', 'xmpp:version': '1.0' });
      else Object.assign(attributes, { to, 'xmpp:restart': 'true' });
      this.asksHeader = true;
    } else {
      while (this.#queue.length > 0 && !/^<(open|close) /.test(this.#queue[0])) payload += this.#queue.shift();
      if (/^<close /.test(this.#queue[0] ?? '')) {
        this.#queue.shift();
        attributes.type = 'terminate';
      }
    }
    if (this.#sid) attributes.sid = this.#sid;
    this.#asked = true;
    this.#underWay++;
    post(this.url, bodyOf(attributes, payload), { headers: this.headers, agent: this.#agent }).then(
      (response) => this.#answered(response),
      () => this.#end(1006),
    );
    if (this.#sid) this.#pump();
  }

  #answered({ status, text }) {
    this.#underWay--;
    if (this.readyState === CLOSED) return;
    if (status !== 200) return this.#end(1006);
    const body = parse(text);
    this.lastBody = body;
    this.#sid ??= body.attrs.sid;
    if (this.asksHeader && (body.attrs.sid || body.children.some((each) => each.name === 'stream:features'))) {
      this.asksHeader = false;
      this.emit('message', `<open xmlns="${FRAMING}" from="${body.attrs.from ?? ''}" version="1.0"/>`);
    }
    for (const each of body.children) this.emit('message', String(each));
    if (body.attrs.type === 'terminate') {
      this.condition = body.attrs.condition;
      return this.#end(1000);
    }
    this.#pump();
  }
}
