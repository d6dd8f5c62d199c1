// BOSH and TCP in the shape of a WebSocket that speaks RFC 7395, so that Client (xmpp.mjs) and all people made of it come in by any
// of the three: { transport: 'bosh' } or { transport: 'tcp' } beside a client's other options.
import { EventEmitter } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parse } from 'ltx';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
const STREAM = 'http://etherx.jabber.org/streams';
const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';
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
    if (this.asksHeader && (body.attrs.sid || find(body, 'stream:features'))) {
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

const find = (element, name) => element.children.find((each) => each.name === name);

export class TcpSocket extends EventEmitter {
  readyState = OPEN;
  #socket;
  #buffer = '';
  #queue = [];
  #secured = false;
  #header;

  /** `tls: false`: no STARTTLS, whatever the server wants. */
  constructor(port, host, { tls = true } = {}) {
    super();
    this.#secured = !tls;
    this.#attach(connect(port, host, () => this.emit('open')));
  }

  #attach(socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      this.#buffer += text;
      this.#read();
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#socket === socket && this.#end());
  }

  #end() {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.emit('close', 1006, '');
  }

  send(text) {
    if (this.#queue.length > 0 || (!this.#secured && this.#header)) this.#queue.push(text);
    else this.#write(String(text));
  }

  raw(bytes) {
    this.#socket.write(bytes);
  }

  pause() {
    this.#socket.pause();
  }

  get socket() {
    return this.#socket;
  }

  close() {
    this.#socket.end();
  }

  terminate() {
    this.#socket.destroy();
    this.#end();
  }

  #write(text) {
    const to = /^<open [^>]*to="([^"]*)"/.exec(text)?.[1];
    if (to !== undefined) this.#header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${STREAM}' to='${to}' version='1.0'>`;
    if (to !== undefined) this.#socket.write(this.#header);
    else this.#socket.write(/^<close /.test(text) ? '</stream:stream>' : text);
  }

  /** A reader for well-behaved servers: top-level elements are found by counting tags. */
  #read() {
    for (;;) {
      this.#buffer = this.#buffer.replace(/^\s+/, '').replace(/^<\?xml[^>]*\?>\s*/, '');
      const header = /^<stream:stream[^>]*>/.exec(this.#buffer)?.[0];
      if (header) {
        this.#buffer = this.#buffer.slice(header.length);
        this.streamId = /\bid=["']([^"']*)/.exec(header)?.[1];
        const from = /\bfrom=["']([^"']*)/.exec(header)?.[1] ?? '';
        if (this.#secured) this.emit('message', `<open xmlns="${FRAMING}" from="${from}" version="1.0"/>`);
        continue;
      }
      if (this.#buffer.startsWith('</stream:stream>')) {
        this.#buffer = this.#buffer.slice('</stream:stream>'.length);
        this.emit('message', `<close xmlns="${FRAMING}" />`);
        continue;
      }
      const element = topElement(this.#buffer);
      if (!element) return;
      this.#buffer = this.#buffer.slice(element.length);
      if (!this.#secured && this.#secure(element)) return;
      this.emit('message', element);
    }
  }

  /** STARTTLS, unseen by whoever uses the socket. True once <proceed/> has come. */
  #secure(element) {
    if (/^<stream:features/.test(element)) {
      this.tlsRequired = element.includes('<required');
      this.#socket.write(`<starttls xmlns='${TLS}'/>`);
      return false;
    }
    if (!/^<proceed/.test(element)) return false;
    const plain = this.#socket;
    plain.removeAllListeners('data');
    const secure = connectTls({ socket: plain, rejectUnauthorized: false });
    this.#buffer = '';
    this.#attach(secure);
    secure.on('secureConnect', () => {
      this.#secured = true;
      secure.write(this.#header);
      for (const text of this.#queue.splice(0)) this.#write(text);
    });
    return true;
  }
}

function topElement(text) {
  let depth = 0;
  const tag = /<(\/?)[^<>"']+(?:(?:"[^"]*"|'[^']*')[^<>"']*)*?(\/?)>/g;
  for (let match; (match = tag.exec(text)); ) {
    if (match.index !== 0 && depth === 0) return undefined;
    if (match[1]) depth--;
    else if (!match[2]) depth++;
    if (depth === 0) return text.slice(0, tag.lastIndex);
  }
  return undefined;
}
