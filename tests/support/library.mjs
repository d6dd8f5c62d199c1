// People who come with a build of lib-jitsi-meet, the library below the stock client: a bare page that the server itself serves as its web
// root, with the library and support/library_page.js, driven in Chromium.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chromiumPeople, webServer } from './browser.mjs';
import { nearest } from './picture.mjs';
import { webRoot } from './web_root.mjs';
import { eventually } from './waiting.mjs';

const page = readFileSync(new URL('library_page.js', import.meta.url));
const nodeModule = (name) => readFileSync(new URL(`../node_modules/${name}`, import.meta.url));

/** The library of December 2021, with the jQuery that it expects to find, and by the name by which it looks for it. */
export const oldLibrary = () => [nodeModule('jquery/dist/jquery.min.js'), 'window.jquery = window.jQuery;', nodeModule('@lyno/lib-jitsi-meet/lib-jitsi-meet.min.js')];

/** A server whose web root is that page. `scripts`: what is loaded, in order. */
export function libraryServer(context, { scripts = oldLibrary(), ...options } = {}) {
  const names = scripts.map((_, index) => `libs/script${index}.js`);
  const root = webRoot(context, {
    'index.html': `<!doctype html><meta charset="utf-8"><!--#include virtual="base.html" --><script src="libs/page.js"></script>${names.map((name) => `<script src="${name}"></script>`).join('')}<body></body>`,
    'libs/page.js': page,
    ...Object.fromEntries(names.map((name, index) => [name, scripts[index]])),
  });
  return webServer(context, { ...options, env: { WEB_ROOT: root.folder, ...options.env } });
}

export class LibraryPerson {
  constructor(person, server, colour) {
    Object.assign(this, { person, server, colour, name: person.name, page: person.page });
  }

  async open(room, { tenant = '' } = {}) {
    this.room = room;
    await this.page.goto(`${this.server.publicUrl}/${tenant}${room}?colour=${this.colour}`, { waitUntil: 'load' });
    await eventually(() => `the page of ${this.name} has the library; console: ${this.person.said.slice(-10).join(' | ')}`, () => this.page.evaluate(() => Boolean(window.JitsiMeetJS && window.probe)));
  }

  /** Opens the page and joins; returns {joined: nick} or {failed: error, rest}. */
  async join(room, { token, bosh = false, ...options } = {}) {
    await this.open(room, options);
    const { server } = this;
    const path = bosh ? server.publicUrl + '/http-bind' : server.publicUrl.replace('https', 'wss') + '/xmpp-websocket';
    const outcome = await this.page.evaluate((given) => window.probe.join(given), {
      room,
      token,
      name: this.name,
      hosts: { domain: server.domain, muc: server.muc, focus: server.focus },
      serviceUrl: `${path}?room=${room}`,
      ...options,
    });
    this.nick = outcome.joined;
    return outcome;
  }

  async enters(room, options) {
    const outcome = await this.join(room, options);
    assert.ok(outcome.joined, `${this.name} joins: ${JSON.stringify(outcome)}; console: ${this.person.said.slice(-10).join(' | ')}`);
    return this;
  }

  /** Runs `act(probe, argument)` in the page. */
  does(act, argument) {
    return this.page.evaluate(([text, given]) => (0, eval)(`(${text})`)(window.probe, given), [String(act), argument]);
  }

  seen(name) {
    return this.page.evaluate((each) => window.probe.seen(each), name);
  }

  /** Until the library has said `name` with arguments that fit. */
  async hears(name, fits = () => true, timeout = 15000) {
    return eventually(
      () => `${this.name} hears ${name}; last events ${JSON.stringify(this.lastEvents)}; console: ${this.person.said.slice(-10).join(' | ')}`,
      async () => {
        const events = await this.page.evaluate(() => window.probe.events);
        this.lastEvents = events.slice(-25);
        return events.find(([each, ...args]) => each === name && fits(...args));
      },
      { timeout, every: 100 },
    );
  }

  /** Until all that the library has said so far fits. */
  async becomes(fits, what, timeout = 20000) {
    await eventually(() => `${this.name}: ${what}; last events ${JSON.stringify(this.lastEvents)}`, async () => {
      const events = await this.page.evaluate(() => window.probe.events);
      this.lastEvents = events.slice(-25);
      return fits(events);
    }, { timeout, every: 100 });
  }

  /** Until frames of somebody are decoded in his colour. */
  async sees(other, { video = 'camera', colour = video === 'desktop' ? 'blue' : other.colour, timeout = 25000 } = {}) {
    let last;
    let before;
    await eventually(
      () => `${this.name} sees ${colour} from ${other.name}; last ${JSON.stringify(last)}; console: ${this.person.said.slice(-10).join(' | ')}`,
      async () => {
        last = await this.page.evaluate(([id, kind]) => ({ frames: window.probe.frames(id, kind), pixel: window.probe.pixel(id, kind) }), [other.nick, video]);
        before ??= last.frames;
        return last.frames > before + 5 && last.pixel && nearest(last.pixel) === colour;
      },
      { timeout, every: 150 },
    );
  }

  /** Until the browser has decoded sound of `energy` more than now, over all connections. */
  async listens(energy = 0.001, timeout = 20000) {
    const heard = async () => (await this.page.evaluate(() => window.probe.media())).filter((each) => !each.out && each.kind === 'audio').reduce((sum, each) => sum + (each.energy ?? 0), 0);
    const before = await heard();
    let last;
    await eventually(() => `${this.name} hears more than ${before}: ${last}`, async () => (last = await heard()) > before + energy, { timeout, every: 150 });
  }
}

/** Each in the colour given: {Ada: 'red', …} → [LibraryPerson, …]. */
export async function libraryPeople(context, server, colours) {
  const people = await chromiumPeople(context, Object.keys(colours));
  return people.map((person) => new LibraryPerson(person, server, colours[person.name]));
}
