// Real browsers as people: Chromium through playwright-core, Firefox through puppeteer-core, each with a camera of one colour where the
// browser allows it. What is measured is taken from the browser's own statistics and pixels, not from what the page says of itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { nearest, writeCamera } from './picture.mjs';
import { Server, freePort, root } from './server.mjs';
import { eventually, patience } from './waiting.mjs';

/** The address that browsers use: not loopback inside the test's network namespace (tests/support/in_namespace). */
export const address = process.env.CONCLAVE_TEST_ADDRESS ?? '127.0.0.1';
export const hasRoute = Boolean(process.env.CONCLAVE_TEST_ADDRESS);

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** Keeps every RTCPeerConnection and WebSocket in sight; runs in the page before its scripts. */
function watchConnections() {
  const NativeSocket = window.WebSocket;
  window.testSockets = [];
  window.WebSocket = class extends NativeSocket {
    constructor(...args) {
      super(...args);
      window.testSockets.push(this);
    }
  };
  const Native = window.RTCPeerConnection;
  window.testConnections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      window.testConnections.push(this);
    }
  };
}

/** A server with HTTPS on `address`, as browsers need it for camera and microphone. */
export async function webServer(context, { env = {}, ...options } = {}) {
  const https = await freePort();
  const server = await Server.start({
    ...options,
    env: {
      DISABLE_HTTPS: '0',
      HTTPS_PORT: String(https),
      PUBLIC_URL: `https://${address}:${https}`,
      CONCLAVE_BIND: '0.0.0.0',
      JVB_ADVERTISE_IPS: address,
      ...env,
    },
  });
  server.host = '127.0.0.1';
  server.publicUrl = `https://${address}:${https}`;
  context.after(() => server.stop());
  return server;
}

const testId = (name, attributes = '') => `[data-testid="${name}"]${attributes}`;

/** What a person sees and does, in either browser: `page` has evaluate(), goto() and so on in the shape that both libraries share. */
export class Person {
  constructor(page, { name, kind }) {
    Object.assign(this, { page, name, kind, said: [] });
    const note = (text) => this.said.push(text);
    page.on('console', (message) => note(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => note(`uncaught: ${error}`));
  }

  async open(server, room, { token, autojoin = true, name = this.name } = {}) {
    const query = new URLSearchParams({ name, ...(autojoin ? { autojoin: '1' } : {}) });
    await this.page.goto(`${server.publicUrl}/${room}?${query}${token ? `#jwt=${token}` : ''}`, { waitUntil: 'load' });
  }

  /** Presses F5, and Join if the page asks once more: its address no longer says autojoin. */
  async reload() {
    await this.page.reload({ waitUntil: 'load' });
    await eventually(`${this.name} sees a page after the reload`, async () => (await this.count('[data-testid="join"], [data-testid="tile"], [data-testid="waiting"], [data-testid="knocking"]').catch(() => 0)) > 0, { timeout: 15000 });
    if (await this.count(testId('join'))) await this.click('join');
  }

  count(selector) {
    return this.page.evaluate((text) => document.querySelectorAll(text).length, selector);
  }

  text(selector) {
    return this.page.evaluate((wanted) => document.querySelector(wanted)?.textContent ?? null, selector);
  }

  async sees(name, { attributes = '', timeout = 15000, gone = false } = {}) {
    const selector = testId(name, attributes);
    await eventually(
      () => `${this.name} ${gone ? 'no longer sees' : 'sees'} ${selector}; the page shows: ${this.lastText}; the console: ${this.said.slice(-15).join(' | ')}`,
      async () => {
        this.lastText = await this.page.evaluate(() => document.body?.innerText?.slice(0, 400)).catch((error) => String(error));
        return ((await this.count(selector).catch(() => 0)) > 0) !== gone;
      },
      { timeout, every: 100 },
    );
  }

  async click(name, attributes = '') {
    await this.sees(name, { attributes });
    await this.page.evaluate((selector) => document.querySelector(selector).click(), testId(name, attributes));
  }

  async type(name, text) {
    await this.sees(name);
    await this.page.focus(testId(name));
    await this.page.keyboard.type(text);
  }

  state() {
    return this.page.evaluate(() => window.conclave?.state());
  }

  async inMeeting(people, timeout = 30000) {
    const selector = testId('tile', '[data-source="camera"]');
    await eventually(
      () => `${this.name} sees ${people} tiles; state ${JSON.stringify(this.lastState)}; console: ${this.said.slice(-15).join(' | ')}`,
      async () => {
        this.lastState = await this.state().catch(() => undefined);
        return (await this.count(selector).catch(() => 0)) === people;
      },
      { timeout, every: 100 },
    );
  }

  async nick() {
    return (await this.state()).nick;
  }

  /** The nick of somebody by the name that his tile shows. */
  async nickOf(name) {
    let found;
    await eventually(`${this.name} sees a tile with the name ${name}`, async () => {
      found = await this.page.evaluate(
        (wanted) => [...document.querySelectorAll('[data-testid="tile"]')].find((tile) => tile.querySelector('[data-testid="tile-name"]')?.textContent.includes(wanted))?.dataset.endpoint,
        name,
      );
      return found;
    });
    return found;
  }

  /** Sums over all connections of what the browser itself counted for incoming media, and the largest single audio energy. */
  received() {
    return this.page.evaluate(async () => {
      const sum = { frames: 0, audioEnergy: 0, audioPackets: 0, videoPackets: 0, width: 0, connected: 0 };
      for (const connection of window.testConnections ?? []) {
        if (connection.connectionState === 'connected') sum.connected++;
        for (const report of (await connection.getStats()).values()) {
          if (report.type !== 'inbound-rtp') continue;
          if (report.kind === 'video') {
            sum.frames += report.framesDecoded ?? 0;
            sum.videoPackets += report.packetsReceived ?? 0;
            sum.width = Math.max(sum.width, report.frameWidth ?? 0);
          } else {
            sum.audioEnergy += report.totalAudioEnergy ?? 0;
            sum.audioPackets += report.packetsReceived ?? 0;
          }
        }
      }
      return sum;
    });
  }

  /** Sound energy heard from one person, by the page's own mapping of sources to receivers. */
  energyOf(nick) {
    return this.page.evaluate(async (prefix) => {
      const all = await window.conclave.stats();
      return all.filter((each) => each.kind === 'audio' && each.source.startsWith(prefix)).reduce((sum, each) => sum + each.totalAudioEnergy, 0);
    }, `${nick}-`);
  }

  /** Until what is measured has grown by `amount` since now. */
  async grows(what, amount, timeout = 20000) {
    const before = (await this.received())[what];
    await eventually(
      () => `${what} of ${this.name} grew by ${amount} from ${before}; now ${JSON.stringify(this.last)}; console: ${this.said.slice(-15).join(' | ')}`,
      async () => {
        this.last = await this.received();
        return this.last[what] >= before + amount;
      },
      { timeout, every: 200 },
    );
  }

  /** The average colour of the middle of somebody's picture, as this person's browser shows it: [r, g, b] or null. */
  pixels(nick) {
    return this.page.evaluate((endpoint) => {
      const video = document.querySelector(`[data-testid="tile"][data-endpoint="${endpoint}"] video`);
      if (!video || !video.videoWidth) return null;
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 16;
      const context = canvas.getContext('2d');
      context.drawImage(video, video.videoWidth / 4, video.videoHeight / 3, video.videoWidth / 2, video.videoHeight / 2, 0, 0, 16, 16);
      const { data } = context.getImageData(0, 0, 16, 16);
      const sum = [0, 0, 0];
      for (let index = 0; index < data.length; index += 4) for (const colour of [0, 1, 2]) sum[colour] += data[index + colour];
      return sum.map((value) => Math.round(value / (data.length / 4)));
    }, nick);
  }

  async seesColour(nick, colour, timeout = 20000) {
    let last;
    await eventually(
      () => `${this.name} sees ${colour} in the picture of ${nick}; last it was ${JSON.stringify(last)}`,
      async () => {
        last = await this.pixels(nick);
        return last && nearest(last) === colour;
      },
      { timeout, every: 200 },
    );
  }

  /** Presses a key of the keyboard, as in the browser's own names: Tab, Escape. */
  press(key) {
    return this.page.keyboard.press(key);
  }

  /** Chooses an option of a select by its value. */
  async choose(name, value) {
    await this.sees(name);
    await this.page.evaluate(
      ([selector, wanted]) => {
        const select = document.querySelector(selector);
        select.value = wanted;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      },
      [testId(name), value],
    );
  }

  value(name) {
    return this.page.evaluate((selector) => document.querySelector(selector)?.value ?? null, testId(name));
  }

  /** What window.conclave.state() says about itself, until it fits. */
  async is(what, fits, timeout = 20000) {
    await eventually(
      () => `${this.name} is ${what}; state ${JSON.stringify(this.lastState)}; console: ${this.said.slice(-10).join(' | ')}`,
      async () => {
        this.lastState = await this.state().catch(() => undefined);
        return this.lastState && fits(this.lastState);
      },
      { timeout, every: 100 },
    );
  }

  async screenshot(name) {
    const folder = process.env.CONCLAVE_TEST_PICTURES ?? join(root, 'build/screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  /** Breaks the socket of the XMPP stream, as a change of network does; the page is not told why. */
  cutStream() {
    return this.page.evaluate(() => window.testSockets.filter((socket) => socket.url.includes('xmpp-websocket')).at(-1).close());
  }

  /** How many sockets of XMPP streams the page has opened. */
  streams() {
    return this.page.evaluate(() => window.testSockets.filter((socket) => socket.url.includes('xmpp-websocket')).length);
  }

  /** Errors that the page itself did not expect. */
  uncaught() {
    return this.said.filter((line) => line.startsWith('uncaught'));
  }
}

/** A Chromium of one's own, since the fake camera is a flag of the whole program. */
export async function chromiumPerson(context, name, { colour, width = 1280, height = 720 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-browser-'));
  const camera = colour ? [`--use-file-for-fake-video-capture=${writeCamera(join(folder, 'camera.y4m'), colour)}`] : [];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: [...CHROMIUM_FLAGS, ...camera], timeout: 30000 * patience });
  context.after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const profile = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height } });
  await profile.addInitScript(watchConnections);
  const person = new Person(await profile.newPage(), { name, kind: 'chromium' });
  person.secondTab = async () => new Person(await profile.newPage(), { name: `${name}, second tab`, kind: 'chromium' });
  return person;
}

/** Several people in one Chromium, each with a storage of his own; their cameras show the browser's own test picture. */
export async function chromiumPeople(context, names, { width = 1280, height = 720 } = {}) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: CHROMIUM_FLAGS, timeout: 30000 * patience });
  context.after(() => browser.close());
  return Promise.all(
    names.map(async (name) => {
      const profile = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width, height } });
      await profile.addInitScript(watchConnections);
      const person = new Person(await profile.newPage(), { name, kind: 'chromium' });
      person.secondTab = async () => new Person(await profile.newPage(), { name: `${name}, second tab`, kind: 'chromium' });
      return person;
    }),
  );
}

export async function firefoxPerson(context, name) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    headless: true,
    acceptInsecureCerts: true,
    timeout: 60000 * patience,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.autoplay.default': 0,
      'media.autoplay.blocking_policy': 0,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  });
  context.after(() => browser.close());
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(watchConnections);
  return new Person(page, { name, kind: 'firefox' });
}
