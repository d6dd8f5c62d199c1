// A browser without a screen: plain requests, a cookie jar, redirects followed one by one, forms filled in.
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { within } from './waiting.mjs';

export class HttpBrowser {
  /** `ca`: PEM that https servers are checked against. */
  constructor({ ca } = {}) {
    this.ca = ca;
    this.jar = new Map(); // origin → Map(name → {value, path})
    this.visited = [];
  }

  cookies(url) {
    const { origin, pathname } = new URL(url);
    return [...(this.jar.get(origin) ?? [])].filter(([, { path }]) => pathname.startsWith(path)).map(([name, { value }]) => `${name}=${value}`);
  }

  #keep(url, header) {
    const { origin } = new URL(url);
    if (!this.jar.has(origin)) this.jar.set(origin, new Map());
    const [pair, ...attributes] = header.split(';').map((part) => part.trim());
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const attribute = (wanted) => attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    if (attribute('max-age') === '0' || (attribute('expires') && Date.parse(attribute('expires')) <= Date.now())) this.jar.get(origin).delete(name);
    else this.jar.get(origin).set(name, { value, path: attribute('path') ?? '/' });
  }

  /** One request: {status, headers, body, url}. */
  async ask(url, { method = 'GET', form, headers: more = {}, timeout = 20000 } = {}) {
    this.visited.push(url);
    const body = form ? new URLSearchParams(form).toString() : undefined;
    const headers = { ...(body !== undefined ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...more };
    const cookies = this.cookies(url);
    if (cookies.length) headers.cookie = cookies.join('; ');
    const answer = new Promise((resolve, reject) => {
      const sent = (url.startsWith('https:') ? https : http)(url, { method, headers, ca: this.ca, agent: false }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString(), url }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
    const response = await within(timeout, answer, `answer of ${new URL(url).pathname}`);
    for (const header of response.headers['set-cookie'] ?? []) this.#keep(url, header);
    return response;
  }

  /** Follows redirects until there is none, or until `stop(url)`: then {url} alone. */
  async open(url, { stop = () => false, ...options } = {}) {
    let response = await this.ask(url, options);
    for (let hops = 0; response.status >= 300 && response.status < 400; hops++) {
      if (hops === 20) throw new Error(`twenty redirects: ${this.visited.join(' ')}`);
      const next = new URL(response.headers.location, response.url).href;
      if (stop(next)) return { url: next, from: response };
      response = await this.ask(next.replace(/#.*/, ''));
    }
    return response;
  }

  /** Sends the first form of a page with these fields beside its hidden ones. */
  submit(page, fields, options) {
    const form = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.body);
    if (!form) throw new Error(`no form in ${page.status} ${page.url}: ${page.body.slice(0, 500)}`);
    const hidden = [...form[2].matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [/name="([^"]*)"/.exec(input)[1], /value="([^"]*)"/.exec(input)?.[1] ?? '']);
    return this.open(new URL(form[1].replaceAll('&amp;', '&'), page.url).href, { method: 'POST', form: { ...Object.fromEntries(hidden), ...fields }, ...options });
  }
}
