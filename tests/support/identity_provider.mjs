// OpenID Connect providers of the test's own: a real one (oidc-provider), and a scripted one that can lie in every way.
import { createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';
import { Authority, KeyServer } from './key_server.mjs';

const SECRET = 'oidc-client-canary-3f1c9be277aa';
export const CLIENT = { id: 'meet', secret: SECRET };

/** The settings of a conclave at `origin` whose people log in at `issuer`. */
export function oidcSettings(origin, issuer, caFile, more = {}) {
  return {
    HTTP_PORT: new URL(origin).port,
    PUBLIC_URL: origin,
    CONCLAVE_OIDC_ISSUER: issuer,
    CONCLAVE_OIDC_CLIENT_ID: CLIENT.id,
    CONCLAVE_OIDC_CLIENT_SECRET: SECRET,
    CONCLAVE_OIDC_CA_FILE: caFile,
    CONCLAVE_OIDC_SCOPES: 'openid profile email groups',
    CONCLAVE_OIDC_HOST_CLAIM: 'groups',
    CONCLAVE_OIDC_HOST_VALUES: 'teachers',
    CONCLAVE_OIDC_NAME: 'the school',
    ...more,
  };
}

/** oidc-provider over HTTPS with its log-in and consent forms; `people`: login → claims. Any password is right. `host`: how it is called. */
export async function startProvider(t, origin, people, options = {}, host = 'localhost') {
  const authority = new Authority(t, 'provider');
  const server = createServer(authority.certificate(host === 'localhost' ? undefined : `IP:${host}`));
  server.listen(0, host === 'localhost' ? '127.0.0.1' : host);
  await once(server, 'listening');
  const issuer = `https://${host}:${server.address().port}`;
  const provider = quietly(
    () =>
      new Provider(issuer, {
        clients: [
          {
            client_id: CLIENT.id,
            client_secret: SECRET,
            redirect_uris: [`${origin}/auth/callback`],
            post_logout_redirect_uris: [`${origin}/`],
          },
        ],
        jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] },
        cookies: { keys: ['provider-cookie-key'] },
        claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'], groups: ['groups'] },
        scopes: ['openid', 'profile', 'email', 'groups'],
        pkce: { required: () => true },
        findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
        ...options,
      }),
  );
  server.on('request', provider.callback());
  t.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { issuer, caFile: authority.caFile, provider };
}

/** oidc-provider says on the console that its forms are for development; that is what they are used for. */
function quietly(work) {
  const { info, warn } = console;
  console.info = console.warn = () => {};
  try {
    return work();
  } finally {
    Object.assign(console, { info, warn });
  }
}

/** Logs `login` in at a real provider, beginning at `start`: the address in the end, with its fragment. */
export async function logIn(browser, start, login, origin) {
  const stop = (url) => url.startsWith(`${origin}/`) && !url.startsWith(`${origin}/auth/`);
  let page = await browser.open(start, { stop });
  for (let forms = 0; page.body !== undefined && /<form/.test(page.body); forms++) {
    if (forms === 4) throw new Error(`still a form: ${page.body.slice(0, 500)}`);
    page = await browser.submit(page, /name="login"/.test(page.body) ? { login, password: 'any' } : {}, { stop });
  }
  return page;
}

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A provider without forms: whoever comes is logged in at once. What it says can be changed while it runs:
 *  `claims(claims)`, `header(header)`, `token(text)`, `metadata(document)`, `way(parameters)` return what is sent instead; `answer` is a request listener that goes first and says true
 *  if it answered. */
export class ScriptedProvider {
  static async start(t) {
    const authority = new Authority(t, 'scripted');
    const self = new ScriptedProvider();
    self.caFile = authority.caFile;
    self.same();
    self.rotate('first');
    self.codes = new Map();
    self.server = await KeyServer.start(t, authority.certificate(), (request, response) => self.#serve(request, response));
    self.issuer = self.server.url('').replace(/\/$/, '');
    return self;
  }

  /** Honest again. */
  same() {
    const unchanged = (value) => value;
    Object.assign(this, { claims: unchanged, header: unchanged, token: unchanged, metadata: unchanged, way: unchanged, userinfo: unchanged, answer: () => false });
  }

  /** Another signing key from now on. */
  rotate(kid) {
    this.kid = kid;
    this.key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  }

  sign(claims) {
    const header = this.header({ alg: 'RS256', kid: this.kid, typ: 'JWT' });
    const text = `${part(header)}.${part(this.claims(claims))}`;
    return this.token(`${text}.${signBytes('sha256', Buffer.from(text), this.key).toString('base64url')}`);
  }

  async #serve(request, response) {
    if (this.answer(request, response)) return;
    const url = new URL(request.url, this.issuer);
    const json = (value, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(
        this.metadata({
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/authorize`,
          token_endpoint: `${this.issuer}/token`,
          jwks_uri: `${this.issuer}/keys`,
          userinfo_endpoint: `${this.issuer}/me`,
          end_session_endpoint: `${this.issuer}/end`,
        }),
      );
    }
    if (url.pathname === '/keys') return json({ keys: [{ ...createPublicKey(this.key).export({ format: 'jwk' }), kid: this.kid, use: 'sig', alg: 'RS256' }] });
    if (url.pathname === '/authorize') {
      const code = `code-canary-${this.codes.size}-${Math.random().toString(36).slice(2)}`;
      this.codes.set(code, url.searchParams);
      const back = new URL(url.searchParams.get('redirect_uri'));
      for (const [name, value] of Object.entries(this.way({ code, state: url.searchParams.get('state') }))) back.searchParams.set(name, value);
      return response.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === '/token') return this.#tokens(request, json);
    if (url.pathname === '/me') return json(this.userinfo({ sub: 'ada', name: 'Ada', groups: ['teachers'] }));
    response.writeHead(404).end();
  }

  async #tokens(request, json) {
    let body = '';
    for await (const chunk of request) body += chunk;
    const code = new URLSearchParams(body).get('code');
    const asked = this.codes.get(code);
    this.codes.delete(code); // good once, RFC 6749 4.1.2
    if (!asked) return json({ error: 'invalid_grant' }, 400);
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.issuer, aud: CLIENT.id, sub: 'ada', iat: now, exp: now + 300, nonce: asked.get('nonce'), name: 'Ada', groups: ['teachers'] };
    json({ id_token: this.sign(claims), access_token: 'access-canary-77', token_type: 'Bearer' });
  }
}
