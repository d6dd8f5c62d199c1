// A plain XMPP-over-WebSocket client (RFC 7395) for tests. It shows every frame as it came, hides nothing, and forgives nothing:
// the answers that the stock client must find are looked for where the stock client looks. Stanzas go out as text or as ltx elements.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Element, parse } from 'ltx';
import WebSocket from 'ws';
import { Scram, plainMessage } from './sasl.mjs';
import { BoshSocket } from './transports.mjs';
import { Inbox, within } from './waiting.mjs';

export const NS = {
  framing: 'urn:ietf:params:xml:ns:xmpp-framing',
  stream: 'http://etherx.jabber.org/streams',
  streams: 'urn:ietf:params:xml:ns:xmpp-streams',
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  bind: 'urn:ietf:params:xml:ns:xmpp-bind',
  sm: 'urn:xmpp:sm:3',
  ping: 'urn:xmpp:ping',
  disco: 'http://jabber.org/protocol/disco#info',
  extdisco: 'urn:xmpp:extdisco:2',
  focus: 'http://jitsi.org/protocol/focus',
  muc: 'http://jabber.org/protocol/muc',
  mucUser: 'http://jabber.org/protocol/muc#user',
  mucAdmin: 'http://jabber.org/protocol/muc#admin',
  mucOwner: 'http://jabber.org/protocol/muc#owner',
  form: 'jabber:x:data',
  nick: 'http://jabber.org/protocol/nick',
  caps: 'http://jabber.org/protocol/caps',
  jitmeet: 'http://jitsi.org/jitmeet',
  jingle: 'urn:xmpp:jingle:1',
};

/** What the stock client of signalling.md 3.6 says about itself. */
export const FEATURES = [
  'urn:xmpp:jingle:1',
  'urn:xmpp:jingle:apps:rtp:1',
  'urn:xmpp:jingle:transports:ice-udp:1',
  'urn:xmpp:jingle:apps:dtls:0',
  'urn:xmpp:jingle:apps:rtp:audio',
  'urn:xmpp:jingle:apps:rtp:video',
  'http://jitsi.org/json-encoded-sources',
  'urn:ietf:rfc:4588',
  'http://jitsi.org/tcc',
  'http://jitsi.org/source-name',
  'http://jitsi.org/receive-multiple-video-streams',
  'http://jitsi.org/ssrc-rewriting-1',
  'http://jitsi.org/rtp-mid-demux',
  'http://jabber.org/protocol/caps',
];

export const el = (name, attrs = {}, ...children) => {
  const element = new Element(name, attrs);
  for (const child of children.flat()) if (child !== undefined) element.cnode(child);
  return element;
};

/** A direct child by name, whose xmlns stands literally on it (signalling.md 0.1): inherited namespaces do not count. */
export const child = (element, name, xmlns) =>
  element?.children.find((each) => each.name === name && (xmlns === undefined || each.attrs.xmlns === xmlns));
export const childrenOf = (element, name) => (element?.children ?? []).filter((each) => each.name === name);

/** Depth first, the first element of that name. */
export function find(element, name, fits = () => true) {
  if (!element || typeof element === 'string') return undefined;
  if (element.name === name && fits(element)) return element;
  for (const each of element.children) {
    const found = find(each, name, fits);
    if (found) return found;
  }
  return undefined;
}

/** The parts of a stanza error: {type, condition, text, code, children: ['name xmlns', …]}. */
export function errorOf(stanza) {
  const error = child(stanza, 'error');
  if (!error) return undefined;
  const elements = error.children.filter((each) => typeof each !== 'string');
  return {
    type: error.attrs.type,
    code: error.attrs.code,
    condition: elements.find((each) => each.attrs.xmlns === NS.stanzas && each.name !== 'text')?.name,
    text: elements.find((each) => each.name === 'text')?.getText(),
    children: elements.filter((each) => each.attrs.xmlns !== NS.stanzas).map((each) => each.name),
    elements,
  };
}

export const isPresence = (frame) => frame.el?.name === 'presence';
export const isMessage = (frame) => frame.el?.name === 'message';
export const isIq = (frame) => frame.el?.name === 'iq';
export const codes = (presence) => childrenOf(child(presence, 'x', NS.mucUser), 'status').map((status) => status.attrs.code);
export const itemOf = (presence) => child(child(presence, 'x', NS.mucUser), 'item')?.attrs;
export const bodyOf = (message) => child(message, 'body')?.getText();
const bare = (jid) => jid.split('/')[0];
const resource = (jid) => jid.slice(jid.indexOf('/') + 1);

/** What one browser keeps: machine-uid for good, session-id as the server gives it. Tabs and reloads share it. */
export class Storage {
  machineUid = randomBytes(16).toString('hex');
  sessionId = undefined;
}

/** The way in: a WebSocket, unless { transport: 'bosh' } wants the other (transports.mjs). */
function open(server, base, query, { transport, headers }) {
  if (transport === 'bosh') return new BoshSocket(`${base.replace(/^ws/, 'http').replace('xmpp-websocket', 'http-bind')}?${query}`, { headers });
  return new WebSocket(`${base}?${query}`, 'xmpp', { headers, perMessageDeflate: false, rejectUnauthorized: false });
}

let serial = 0;

export class Client {
  log = []; // every frame in order of arrival, never emptied
  inbox = new Inbox(); // frames that nobody has waited for yet
  rosters = new Map(); // room JID → Map(nick → latest presence)
  sent = 0; // stanzas since <enabled/>, ours
  received = 0; // and theirs
  acknowledged = 0;
  counting = false;
  outbox = []; // our stanzas since <enabled/>, for a resumption
  inherits = {}; // what a resumed stream takes over from its predecessor
  #requests = new Map();

  /** Opens the socket only. Options: room, token, previd, prefix, headers, storage, host (the `to` of the stream), tenant. */
  static async open(server, options = {}) {
    const client = new Client();
    client.server = server;
    client.options = options;
    client.storage = options.storage ?? new Storage();
    client.host = options.host ?? server.domain;
    client.name = options.name ?? `client ${++serial}`;
    const query = new URLSearchParams();
    for (const name of ['room', 'token', 'previd', 'prefix']) if (options[name] !== undefined) query.set(name, options[name]);
    const base = options.url ?? (options.tenant ? server.webSocketUrl.replace('/xmpp-websocket', `/${options.tenant}/xmpp-websocket`) : server.webSocketUrl);
    const socket = open(server, base, query, options);
    client.socket = socket;
    client.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: String(reason) })));
    client.closed.then(({ code }) => client.#ended(`${client.name}: the socket closed (${code})`));
    socket.on('message', (data) => client.#frame(String(data)));
    const refused = new Promise((_, reject) => {
      socket.on('unexpected-response', (_request, response) => {
        reject(Object.assign(new Error(`${client.name}: HTTP ${response.statusCode} to the upgrade`), { status: response.statusCode }));
        socket.terminate();
      });
      socket.on('error', reject);
    });
    refused.catch(() => {});
    await within(5000, Promise.race([once(socket, 'open'), refused]), `${client.name}: WebSocket upgrade`);
    server.clients?.add(client);
    return client;
  }

  /** Everything up to a stream that can ask and join. With `enable: false` without stream management. */
  static async login(server, options = {}) {
    const client = await Client.open(server, options);
    await client.start();
    await client.authenticate();
    await client.start();
    await client.bind();
    if (options.enable !== false) await client.enable();
    return client;
  }

  // --- frames -------------------------------------------------------------------------------------------------------

  #frame(raw) {
    let element;
    try {
      element = parse(raw.replace(/^<\?xml[^>]*\?>\s*/, ''));
    } catch {
      element = undefined; // kept with its text: a test will say what it thinks of it
    }
    const frame = { raw, el: element, at: performance.now() };
    this.log.push(frame);
    if (element && ['iq', 'message', 'presence'].includes(element.name)) {
      if (this.counting) this.received++;
      if (element.name === 'presence') this.#note(element);
      if (element.name === 'iq' && this.#reply(element)) return;
    } else if (element?.attrs.xmlns === NS.sm) {
      if (element.name === 'r') {
        this.#write(`<a xmlns="${NS.sm}" h="${this.received}"/>`);
        return;
      }
      if (element.name === 'a') this.acknowledged = Number(element.attrs.h);
      // Counting begins with this very frame: stanzas may stand right behind it.
      if (element.name === 'enabled') Object.assign(this, { counting: true, sent: 0, received: 0, outbox: [], resumption: element.attrs });
      if (element.name === 'resumed') this.#resumed(Number(element.attrs.h));
    }
    this.inbox.put(frame);
  }

  /** Goes on where the old stream was cut; what the server had not seen by then is sent again, as the stock client does. */
  #resumed(h) {
    Object.assign(this, this.inherits, { counting: true });
    const unseen = this.outbox.slice(h);
    this.outbox.length = this.sent = Math.min(h, this.sent);
    for (const stanza of unseen) this.send(stanza);
  }

  #note(presence) {
    const { from = '', type } = presence.attrs;
    if (!from.includes('/') || type === 'error') return;
    if (!this.rosters.has(bare(from))) this.rosters.set(bare(from), new Map());
    const roster = this.rosters.get(bare(from));
    if (type === 'unavailable') roster.delete(resource(from));
    else roster.set(resource(from), presence);
  }

  /** True if the IQ was the answer to one of ours. Requests of others are answered as the stock client does, and shown too. */
  #reply(iq) {
    const { type, id, from } = iq.attrs;
    if (type === 'result' || type === 'error') {
      const resolve = this.#requests.get(id);
      this.#requests.delete(id);
      resolve?.(iq);
      return Boolean(resolve);
    }
    if (this.options.answers === false || child(iq, 'mute')) return false;
    const answer = (attrs, ...children) => this.send(el('iq', { ...attrs, id, ...(from ? { to: from } : {}) }, ...children));
    const query = child(iq, 'query', NS.disco);
    if (child(iq, 'jingle')) answer({ type: 'result' });
    else if (query) {
      const features = (this.options.features ?? FEATURES).map((name) => el('feature', { var: name }));
      answer({ type: 'result' }, el('query', { xmlns: NS.disco, ...(query.attrs.node ? { node: query.attrs.node } : {}) }, features));
    } else answer({ type: 'error' }, el('error', { type: 'cancel' }, el('service-unavailable', { xmlns: NS.stanzas })));
    return false;
  }

  #ended(reason) {
    for (const resolve of this.#requests.values()) resolve(undefined);
    this.#requests.clear();
    this.inbox.close(reason);
  }

  #write(text) {
    this.socket.send(String(text));
  }

  /** Sends one frame, as it is. */
  send(stanza) {
    const text = String(stanza);
    if (this.counting && /^<(iq|message|presence)[\s/>]/.test(text)) {
      this.sent++;
      this.outbox.push(text);
    }
    this.#write(text);
  }

  /** The next frame that fits, taken out of the inbox. */
  async expect(fits, what, timeout = 5000) {
    return this.inbox.next(fits, { timeout, what: `${this.name}: ${what}`, describe: (frame) => frame.raw });
  }

  /** Whether such a frame has ever come. Only meaningful after a barrier. */
  seen(fits) {
    return this.log.some(fits);
  }

  /** All that was sent to this stream because of earlier events has arrived once this resolves: frames keep their order. */
  async barrier() {
    const answer = await this.ping();
    if (!answer) throw new Error(`${this.name}: the stream ended instead of answering a ping`);
  }

  // --- the stream ---------------------------------------------------------------------------------------------------

  /** <open/> there and back; resolves with the features. */
  async start(to = this.host) {
    this.#write(`<open xmlns="${NS.framing}" to="${to}" version="1.0"/>`);
    this.opened = await this.expect((frame) => /^(<\?xml[^>]*\?>)?\s*<(open|close) /.test(frame.raw), '<open …>');
    if (this.opened.el?.name === 'close') throw new Error(`${this.name}: the stream was closed instead of opened: ${this.opened.raw}`);
    const features = await this.expect((frame) => frame.el?.name === 'stream:features' || frame.el?.name === 'stream:error', 'stream features');
    if (features.el.name !== 'stream:features') throw new Error(`${this.name}: ${features.raw}`);
    this.features = features.el;
    return features;
  }

  get mechanisms() {
    return childrenOf(child(this.features, 'mechanisms'), 'mechanism').map((each) => each.getText());
  }

  async tryAuth(mechanism = 'ANONYMOUS', payload = '') {
    this.#write(`<auth xmlns="${NS.sasl}" mechanism="${mechanism}">${payload}</auth>`);
    return this.expect((frame) => ['success', 'failure'].includes(frame.el?.name), 'SASL success or failure');
  }

  async auth(mechanism, payload) {
    const answer = await this.tryAuth(mechanism, payload);
    if (answer.el.name !== 'success') throw Object.assign(new Error(`${this.name}: SASL ${answer.raw}`), { failure: answer });
    return answer;
  }

  /** As who the options say: {account: {name, password, mechanism}}, else anonymously. */
  async authenticate() {
    const { account } = this.options;
    if (!account) return this.auth();
    const answer = await this.prove(account);
    if (answer.el.name !== 'success') throw Object.assign(new Error(`${this.name}: SASL ${answer.raw}`), { failure: answer });
    return answer;
  }

  /** Shows a password; without `mechanism` by the strongest that is offered. Resolves with <success/> or <failure/>. */
  async prove({ name, password, authzid, mechanism = this.mechanisms.find((each) => each !== 'ANONYMOUS'), timeout = 5000 }) {
    const answered = (names) => this.expect((frame) => names.includes(frame.el?.name), `SASL ${names.join(' or ')}`, timeout);
    const auth = (payload) => this.#write(`<auth xmlns="${NS.sasl}" mechanism="${mechanism}">${payload}</auth>`);
    if (mechanism === 'PLAIN') {
      auth(plainMessage({ name, password, authzid }));
      return answered(['success', 'failure']);
    }
    const scram = new Scram(mechanism, { name, password, authzid });
    auth(scram.first());
    const challenge = await answered(['challenge', 'failure']);
    if (challenge.el.name === 'failure') return challenge;
    this.challenge = Scram.parse(challenge.el.getText());
    this.proof = scram.final(challenge.el.getText());
    this.#write(`<response xmlns="${NS.sasl}">${this.proof}</response>`);
    const answer = await answered(['success', 'failure']);
    if (answer.el.name === 'success' && !scram.verify(answer.el.getText())) throw new Error(`${this.name}: the server's signature is wrong: ${answer.raw}`);
    return answer;
  }

  async bind() {
    const answer = await this.iq('set', undefined, el('bind', { xmlns: NS.bind }), { id: '_bind_auth_2' });
    this.jid = find(answer, 'jid')?.getText();
    if (!this.jid) throw new Error(`${this.name}: bind was answered ${answer}`);
    this.nick = /^[0-9a-f]{8}/.exec(this.jid)?.[0] ?? randomBytes(4).toString('hex');
    return answer;
  }

  async enable() {
    this.#write(`<enable xmlns="${NS.sm}" resume="true"/>`);
    const answer = await this.expect((frame) => frame.el?.attrs.xmlns === NS.sm && ['enabled', 'failed'].includes(frame.el.name), '<enabled/>');
    if (answer.el.name !== 'enabled') throw new Error(`${this.name}: ${answer.raw}`);
    return answer;
  }

  /** A new socket that resumes this stream (XEP-0198), with what the browser would send. Resolves when resumed, or with `failed`. */
  async resume(options = {}) {
    const next = await Client.open(this.server, { ...this.options, storage: this.storage, previd: this.resumption?.id, ...options });
    next.name = `${this.name}, resumed`;
    await next.start();
    await next.authenticate();
    await next.start();
    const { jid, nick, sent, received, outbox, resumption, rosters } = this;
    next.inherits = { jid, nick, sent, received, outbox: [...outbox], resumption, rosters };
    next.#write(`<resume xmlns="${NS.sm}" h="${options.h ?? this.received}" previd="${options.previd ?? this.resumption.id}"/>`);
    const answer = await next.expect((frame) => frame.el?.attrs.xmlns === NS.sm && ['resumed', 'failed'].includes(frame.el.name), '<resumed/> or <failed/>');
    next.resumed = answer;
    return next;
  }

  /** Asks for an acknowledgement; resolves with h. */
  async requestAck() {
    this.#write(`<r xmlns="${NS.sm}"/>`);
    const answer = await this.expect((frame) => frame.el?.name === 'a' && frame.el.attrs.xmlns === NS.sm, '<a h=…/>');
    return Number(answer.el.attrs.h);
  }

  /** A page reload: the old page says goodbye, the new one has the same storage, no token and no password. */
  async reload(options = {}) {
    await this.close();
    return Client.login(this.server, { ...this.options, token: undefined, account: undefined, name: `${this.name}, reloaded`, storage: this.storage, ...options });
  }

  /** Leaves as the stock client does: unavailable, <close/>, and the socket shut without waiting for an answer. */
  async close() {
    if (this.socket.readyState === WebSocket.OPEN) {
      this.#write('<presence type="unavailable" xmlns="jabber:client"/>');
      this.#write(`<close xmlns="${NS.framing}"/>`);
      this.socket.close();
    }
    await within(5000, this.closed, `${this.name}: closing handshake`);
  }

  /** Is gone, without a word. */
  vanish() {
    this.socket.terminate();
  }

  credentials() {
    return [
      ['a session-id', this.storage.sessionId],
      ['a resumption id', this.resumption?.id],
    ];
  }

  // --- requests -----------------------------------------------------------------------------------------------------

  /** An IQ and its answer, result or error; undefined if the stream ended first. */
  async iq(type, to, payload, { id = `q${++serial}`, timeout = 5000 } = {}) {
    const answer = new Promise((resolve) => this.#requests.set(id, resolve));
    const sent = el('iq', { type, id, ...(to ? { to } : {}), xmlns: 'jabber:client' }, payload);
    this.send(sent);
    return within(timeout, answer, () => `${this.name}: answer to ${sent}; came and not taken:\n${this.inbox.list((frame) => frame.raw)}`);
  }

  ping(to = this.server.domain) {
    return this.iq('get', to, el('ping', { xmlns: NS.ping }));
  }

  disco(to = this.server.domain, node) {
    return this.iq('get', to, el('query', { xmlns: NS.disco, ...(node ? { node } : {}) }));
  }

  roomJid(room) {
    return room.includes('@') ? room : `${room}@${this.server.muc}`;
  }

  /** The conference request (signalling.md 4.1): {ready, error, reply}. Keeps the session-id, and drops it when it is invalid. */
  async ask(room, { sessionId = this.storage.sessionId, machineUid = this.storage.machineUid, token = this.options.token, keep = true } = {}) {
    const attrs = { xmlns: NS.focus, room: this.roomJid(room), 'machine-uid': machineUid };
    if (sessionId) attrs['session-id'] = sessionId;
    if (token) attrs.token = token;
    const request = el('conference', attrs, el('property', { name: 'rtcstatsEnabled', value: 'false' }), el('property', { name: 'visitors-version', value: '1' }));
    const reply = await this.iq('set', this.server.focus, request);
    if (!reply) throw new Error(`${this.name}: the stream ended instead of answering the conference request`);
    const conference = child(reply, 'conference', NS.focus);
    const error = reply.attrs.type === 'error' ? errorOf(reply) : undefined;
    const invalid = Boolean(error?.children.includes('session-invalid'));
    if (keep && conference?.attrs['session-id']) this.storage.sessionId = conference.attrs['session-id'];
    if (keep && invalid) this.storage.sessionId = undefined;
    return { reply, error, sessionInvalid: invalid, conference: conference?.attrs, ready: !error && conference?.attrs.ready === 'true' };
  }

  /** As the stock client does: a session-id that was refused is dropped, and the request made once more. */
  async askAgainWhenInvalid(room, options) {
    const first = await this.ask(room, options);
    return first.sessionInvalid ? this.ask(room) : first;
  }

  /** Forgets the ticket on both sides (signalling.md 4.5); resolves with the answer. */
  async logout() {
    const answer = await this.iq('set', this.server.focus, el('logout', { xmlns: NS.focus, 'session-id': this.storage.sessionId }));
    return answer;
  }

  /** The MUC presence of signalling.md 5.2 as an element. */
  presence(room, { nick = this.nick, name = this.name, first = true, children = [], password } = {}) {
    const muc = el('x', { xmlns: NS.muc }, password ? el('password', {}, password) : undefined);
    return el(
      'presence',
      { xmlns: 'jabber:client', to: `${this.roomJid(room)}/${nick}` },
      first ? muc : undefined,
      el('stats-id', {}, 'Test-abc'),
      el('c', { xmlns: NS.caps, hash: 'sha-1', node: 'https://jitsi.org/jitsi-meet', ver: 'conclave-tests' }),
      el('features', {}, el('feature', { var: 'https://jitsi.org/meet/e2ee' })),
      el('jitsi_participant_codecList', {}, 'vp8,vp9,h264,av1'),
      el('SourceInfo', {}, JSON.stringify({ [`${nick}-a0`]: { muted: true }, [`${nick}-v0`]: { muted: true, videoType: 'camera' } })),
      el('nick', { xmlns: NS.nick }, name),
      children,
    );
  }

  /** Sends the presence and waits for the answer: {self, others} or {error, presence}. */
  async join(room, options = {}) {
    const jid = `${this.roomJid(room)}/${options.nick ?? this.nick}`;
    const mark = this.log.length;
    this.send(this.presence(room, options));
    const answer = await this.expect(
      (frame) => isPresence(frame) && frame.el.attrs.from === jid && (frame.el.attrs.type === 'error' || codes(frame.el).includes('110')),
      `self-presence or error from ${jid}`,
    );
    if (answer.el.attrs.type === 'error') return { error: errorOf(answer.el), presence: answer.el, frame: answer };
    const end = this.log.indexOf(answer);
    const others = this.log.slice(mark, end).filter((frame) => isPresence(frame) && bare(frame.el.attrs.from ?? '') === this.roomJid(room));
    return { self: answer.el, frame: answer, others: others.map((frame) => frame.el), item: itemOf(answer.el), before: this.log.slice(mark, end) };
  }

  /** ask and join, both of which must succeed. */
  async enter(room, options = {}) {
    const asked = await this.ask(room, options);
    if (!asked.ready) throw new Error(`${this.name}: the request for ${room} was not ready: ${asked.reply}`);
    const joined = await this.join(room, options);
    if (joined.error) throw new Error(`${this.name}: could not join ${room}: ${joined.presence}`);
    return joined;
  }

  async leave(room, nick = this.nick, status = undefined) {
    const jid = `${this.roomJid(room)}/${nick}`;
    this.send(el('presence', { xmlns: 'jabber:client', type: 'unavailable', to: jid }, status ? el('status', {}, status) : undefined));
    return this.expect((frame) => isPresence(frame) && frame.el.attrs.from === jid && frame.el.attrs.type === 'unavailable', `own unavailable from ${jid}`);
  }

  /** From one room of a meeting to another, as the stock client goes (signalling.md 6.4). Resolves as join() does. */
  async move(from, to, options = {}) {
    await this.leave(from, this.nick, 'switch_room');
    const asked = await this.ask(to, options);
    if (!asked.ready) throw new Error(`${this.name}: the request for ${to} was not ready: ${asked.reply}`);
    return this.join(to, options);
  }

  /** What this client was last told about an occupant: {affiliation, role, jid}. */
  item(room, nick = this.nick) {
    return itemOf(this.rosters.get(this.roomJid(room))?.get(nick));
  }

  role(room, nick) {
    return this.item(room, nick)?.role;
  }

  /** Nicks of the room as told to this client, without the focus. */
  nicks(room) {
    return [...(this.rosters.get(this.roomJid(room))?.keys() ?? [])].filter((nick) => nick !== 'focus').sort();
  }

  expectPresence(room, nick, fits = () => true, what = 'presence', timeout) {
    const jid = `${this.roomJid(room)}/${nick}`;
    return this.expect((frame) => isPresence(frame) && frame.el.attrs.from === jid && fits(frame.el), `${what} from ${jid}`, timeout);
  }

  /** The unavailable presence that says somebody (or oneself) is out. */
  expectGone(room, nick, timeout) {
    return this.expectPresence(room, nick, (presence) => presence.attrs.type === 'unavailable', 'unavailable', timeout);
  }

  groupchat(room, text, id = `m${++serial}`) {
    this.send(el('message', { xmlns: 'jabber:client', type: 'groupchat', to: this.roomJid(room), id }, el('body', {}, text)));
    return id;
  }

  expectBody(text, timeout) {
    return this.expect((frame) => isMessage(frame) && bodyOf(frame.el) === text, `message "${text}"`, timeout);
  }

  admin(room, attrs, reason) {
    const item = el('item', attrs, reason ? el('reason', {}, reason) : undefined);
    return this.iq('set', this.roomJid(room), el('query', { xmlns: NS.mucAdmin }, item));
  }

  kick(room, nick, reason) {
    return this.admin(room, { nick, role: 'none' }, reason);
  }

  grant(room, jid, affiliation = 'owner') {
    return this.admin(room, { affiliation, jid: bare(jid) });
  }

  /** The mute request of signalling.md 6.1. */
  mute(room, nick, kind = 'audio', text = 'true') {
    const jid = this.roomJid(room);
    return this.iq('set', `${jid}/focus`, el('mute', { xmlns: `http://jitsi.org/jitmeet/${kind}`, jid: `${jid}/${nick}` }, text));
  }

  endForAll() {
    this.send(el('message', { xmlns: 'jabber:client', to: `endconference.${this.server.domain}` }, el('end_conference')));
  }
}

/** The stream is ended by the server: its <stream:error/> condition and the close of the socket. */
export async function streamError(client, timeout = 5000) {
  const frame = await client.expect((each) => each.el?.name === 'stream:error', 'stream error', timeout);
  const condition = frame.el.children.find((each) => each.attrs?.xmlns === NS.streams && each.name !== 'text')?.name;
  await within(timeout, client.closed, `${client.name}: close after the stream error ${frame.raw}`);
  return condition;
}
