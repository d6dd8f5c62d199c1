// An XMPP client for measuring servers: frames are counted, not parsed, so that the client costs little beside the server.
import { WebSocket } from 'ws';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
const attribute = (frame, name) => new RegExp(`^<[^>]*? ${name}=["']([^"']*)["']`).exec(frame)?.[1];

export class LightClient {
  available = new Map(); // nick → how many presences of his have come
  unavailable = new Set();
  features = undefined; // namespaces: then he answers the focus' question after them
  #socket;
  #waiting = []; // [fits, resolve]
  #watching; // [fits, resolve]: the state that somebody waits for

  /** A bound stream, anonymous. `url` with its query. */
  static async open(url, domain) {
    const client = new LightClient();
    client.domain = domain;
    client.#socket = new WebSocket(url, 'xmpp', { perMessageDeflate: false });
    await new Promise((resolve, reject) => client.#socket.once('open', resolve).once('error', reject));
    client.#socket.on('message', (data) => client.#take(String(data)));
    await client.#opened();
    client.send('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>');
    await client.#next((frame) => frame.startsWith('<success'));
    await client.#opened();
    const bound = await client.iq('set', '', '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>');
    client.jid = /<jid[^>]*>([^<]+)</.exec(bound)[1];
    client.nick = client.jid.slice(0, 8);
    return client;
  }

  async #opened() {
    this.send(`<open xmlns="${FRAMING}" to="${this.domain}" version="1.0"/>`);
    await this.#next((frame) => frame.includes('features'));
  }

  send(text) {
    this.#socket.send(text);
  }

  /** Resolves with the answer as text. */
  async iq(type, to, payload) {
    const id = `q${Math.random().toString(36).slice(2)}`;
    this.send(`<iq xmlns="jabber:client" type="${type}" id="${id}"${to ? ` to="${to}"` : ''}>${payload}</iq>`);
    return this.#next((frame) => frame.startsWith('<iq') && attribute(frame, 'id') === id);
  }

  join(room, extra = '') {
    this.room = room;
    this.send(
      `<presence xmlns="jabber:client" to="${room}/${this.nick}"><x xmlns="http://jabber.org/protocol/muc"/>` +
        `<nick xmlns="http://jabber.org/protocol/nick">Person ${this.nick}</nick>${extra}</presence>`,
    );
  }

  leave() {
    this.send(`<presence xmlns="jabber:client" type="unavailable" to="${this.room}/${this.nick}"/>`);
  }

  /** Resolves with the next frame that fits. Ask before it can come. */
  expect(fits) {
    return this.#next(fits);
  }

  /** Resolves as soon as `fits(this)`. One at a time. */
  async until(fits) {
    if (fits(this)) return;
    await new Promise((resolve) => (this.#watching = [fits, resolve]));
  }

  close() {
    this.#socket.terminate();
  }

  #next(fits) {
    return new Promise((resolve) => this.#waiting.push([fits, resolve]));
  }

  #take(frame) {
    if (frame.startsWith('<presence')) this.#note(frame);
    else if (frame.startsWith('<iq') && attribute(frame, 'type') === 'set') this.#answer(frame, '');
    else if (this.features && frame.startsWith('<iq') && attribute(frame, 'type') === 'get') this.#answer(frame, `<query xmlns="http://jabber.org/protocol/disco#info">${this.features.map((feature) => `<feature var="${feature}"/>`).join('')}</query>`);
    const index = this.#waiting.findIndex(([fits]) => fits(frame));
    if (index >= 0) this.#waiting.splice(index, 1)[0][1](frame);
  }

  #answer(frame, payload) {
    this.send(`<iq xmlns="jabber:client" type="result" id="${attribute(frame, 'id')}" to="${attribute(frame, 'from')}">${payload}</iq>`);
  }

  #note(frame) {
    const nick = attribute(frame, 'from')?.split('/')[1];
    const type = attribute(frame, 'type');
    if (type === 'error') throw new Error(`${this.nick}: ${frame}`);
    if (type === 'unavailable') this.unavailable.add(nick);
    else if (nick !== 'focus') this.available.set(nick, (this.available.get(nick) ?? 0) + 1);
    if (this.#watching?.[0](this)) {
      const [, resolve] = this.#watching;
      this.#watching = undefined;
      resolve();
    }
  }
}
