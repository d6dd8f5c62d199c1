// Logging in at an OpenID Connect provider: there and back with a browser's cookies and redirects, and into the room with what it brings.
// A22 is here as far as cookies of a log-in are concerned.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertAdmittedAs, assertRoomMismatch, assertWaits } from '../support/claims.mjs';
import { HttpBrowser } from '../support/http_browser.mjs';
import { CLIENT, ScriptedProvider, logIn, oidcSettings, startProvider } from '../support/identity_provider.mjs';
import { fresh } from '../support/people.mjs';
import { freePort, serve } from '../support/server.mjs';
import { patience } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

const PEOPLE = {
  ada: { name: 'Ada Lovelace', email: 'ada@school.example', email_verified: true, groups: ['staff', 'teachers'] },
  bob: { name: 'Bob', email: 'head@school.example', email_verified: false, groups: ['pupils'] },
};

async function withProvider(t, options, more) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const { issuer, caFile } = await startProvider(t, origin, PEOPLE, options);
  const server = await serve(t, { env: oidcSettings(origin, issuer, caFile, more) });
  return { origin, issuer, server, browser: () => new HttpBrowser({ ca: readFileSync(caFile) }) };
}

async function withScript(t, more) {
  const origin = `http://127.0.0.1:${await freePort()}`;
  const provider = await ScriptedProvider.start(t);
  const server = await serve(t, { env: oidcSettings(origin, provider.issuer, provider.caFile, more) });
  const browser = () => new HttpBrowser({ ca: readFileSync(provider.caFile) });
  const login = (room, who = browser()) => who.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('#jwt=') });
  return { origin, provider, server, browser, login };
}

const tokenOf = (page) => new URLSearchParams(new URL(page.url).hash.slice(1)).get('jwt');
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const keep = (server, page) => server.issuer.keep(tokenOf(page)); // from now on it must not be in the log

function assertPage(page, status, words) {
  assert.equal(page.status, status, page.body);
  assert.match(page.body, words);
  assert.match(page.headers['content-security-policy'], /default-src 'none'/);
  assert.equal(page.headers['cache-control'], 'no-store');
}

for (const [name, options] of [
  ['claims from the userinfo endpoint', {}],
  ['claims in the ID token', { conformIdTokenClaims: false }],
]) {
  test(`oidc: a teacher becomes host and a pupil participant, of one room (${name})`, async (t) => {
    const { origin, server, browser } = await withProvider(t, options);
    const [room, other] = [fresh('class'), fresh('other')];

    const arrived = await logIn(browser(), `${origin}/auth/login?room=${room}`, 'ada', origin);
    assert.equal(arrived.url.split('#')[0], `${origin}/${room}`);
    const token = keep(server, arrived);
    const host = await Client.login(server, { room, name: 'ignored', token });
    assertAdmittedAs(await host.enter(room), 'moderator');

    const pupil = await logIn(browser(), `${origin}/auth/login?room=${room}`, 'bob', origin);
    const participant = await Client.login(server, { room, token: keep(server, pupil) });
    assertAdmittedAs(await participant.enter(room), 'participant');

    await t.test('the token says who it is, for that room, for an hour', () => {
      const claims = claimsOf(token);
      assert.deepEqual([claims.iss, claims.room, claims.context.user.name, claims.context.user.email], ['conclave-oidc', room, 'Ada Lovelace', 'ada@school.example']);
      assert.ok(claims.exp - claims.iat <= 3600);
      assert.ok(!JSON.stringify(claims).includes('"ada"'), "not the provider's own subject");
    });

    await t.test('an address that the provider has not verified is not taken over', () => {
      assert.equal(claimsOf(keep(server, pupil)).context.user.email, undefined);
    });

    await t.test('it opens no other room', async () => {
      const elsewhere = await Client.login(server, { room: other, token });
      assertRoomMismatch(await elsewhere.join(other));
    });

    await t.test('the same person is the same subject next time, another is another', async () => {
      const again = await logIn(browser(), `${origin}/auth/login?room=${other}`, 'ada', origin);
      const id = (page) => claimsOf(keep(server, page)).context.user.id;
      assert.equal(id(again), claimsOf(token).context.user.id);
      assert.notEqual(id(pupil), id(again));
    });
  });
}

test("oidc: a tenant's room, as stock clients name it", async (t) => {
  const { origin, login, provider, server } = await withScript(t);
  const state = encodeURIComponent(JSON.stringify({ room: 'Stand Up', roomSafe: 'standup', tenant: 'acme' }));
  const page = await login(`Stand%20Up&state=${state}`);
  assert.equal(page.url.split('#')[0], `${origin}/acme/stand%20up`);
  const claims = claimsOf(keep(server, page));
  assert.deepEqual([claims.sub, claims.room], ['acme', 'stand up']);
  assert.ok(provider.codes.size === 0);
});

test('oidc: config.js tells stock clients where to log in and out', async (t) => {
  const { origin, browser, provider } = await withScript(t);
  const { body } = await browser().ask(`${origin}/config.js`);
  const config = JSON.parse(body.replace(/^var config = /, '').replace(/;\s*$/, ''));
  assert.equal(config.tokenAuthUrl, `${origin}/auth/login?room={room}&state={state}`);
  assert.equal(config.tokenLogoutUrl, `${origin}/auth/logout`);
  const out = await browser().ask(config.tokenLogoutUrl);
  const target = new URL(out.headers.location);
  assert.equal(target.origin + target.pathname, `${provider.issuer}/end`);
  assert.deepEqual(Object.fromEntries(target.searchParams), { client_id: CLIENT.id, post_logout_redirect_uri: `${origin}/` });
});

test('oidc: log-out ends the session at a real provider, which then asks for the password again', async (t) => {
  const { origin, server, browser } = await withProvider(t, { conformIdTokenClaims: false });
  const someone = browser();
  const room = fresh('class');
  keep(server, await logIn(someone, `${origin}/auth/login?room=${room}`, 'ada', origin));
  const silent = await someone.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('#jwt=') });
  keep(server, silent);
  const asked = await someone.open(`${origin}/auth/logout`);
  const done = await someone.submit(asked, { logout: 'yes' }, { stop: (url) => url.startsWith(`${origin}/`) });
  assert.match(done.url, new RegExp(`^${origin}/(\\?|$)`));
  const form = await someone.open(`${origin}/auth/login?room=${room}`);
  assert.match(form.body, /name="login"/);
});

test('oidc: a way back that was not begun, in another browser, twice, or with an old code', async (t) => {
  const { origin, login, browser, server } = await withScript(t);
  const room = fresh('class');

  assertPage(await browser().ask(`${origin}/auth/callback?code=x&state=${'a'.repeat(32)}`), 400, /This log-in is over/);
  assertPage(await browser().ask(`${origin}/auth/callback`), 400, /This log-in is over/);

  const ada = browser();
  const back = await ada.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('/auth/callback') });
  assertPage(await browser().ask(back.url), 400, /another browser/);
  keep(server, await ada.open(back.url, { stop: (url) => url.includes('#jwt=') })); // a stranger's try takes nothing from her

  const bob = browser();
  const begun = await bob.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('/auth/callback') });
  keep(server, await bob.open(begun.url, { stop: (url) => url.includes('#jwt=') }));
  assertPage(await bob.ask(begun.url), 400, /finished before/);

  const replay = await bob.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('/auth/callback') });
  const url = new URL(replay.url);
  url.searchParams.set('code', new URL(begun.url).searchParams.get('code'));
  assertPage(await bob.ask(url.href), 403, /You were not logged in/);

  keep(server, await login(room, bob)); // and he can still log in
  assert.deepEqual(bob.cookies(`${origin}/auth/callback`), [], 'no cookie is left');
});

test('oidc: an ID token that is not for this login is not believed', async (t) => {
  const { login, provider, server } = await withScript(t);
  const room = fresh('class');
  const now = Math.floor(Date.now() / 1000);
  const refused = async (what, change) => {
    await t.test(what, async () => {
      provider.same();
      Object.assign(provider, change);
      assertPage(await login(room), 502, /The log-in did not work/);
    });
  };
  const claim = (more) => ({ claims: (claims) => ({ ...claims, ...more }) });
  await refused('wrong nonce', claim({ nonce: 'another' }));
  await refused('no nonce', claim({ nonce: undefined }));
  await refused('another issuer', claim({ iss: 'https://evil.example' }));
  await refused('another audience', claim({ aud: 'other' }));
  await refused('several audiences without azp', claim({ aud: [CLIENT.id, 'other'] }));
  await refused('another azp', claim({ azp: 'other' }));
  await refused('expired', claim({ exp: now - 120 }));
  await refused('no exp', claim({ exp: undefined }));
  await refused('of the future', claim({ iat: now + 3600 }));
  await refused('no subject', claim({ sub: undefined }));
  await refused('alg none', { header: (header) => ({ ...header, alg: 'none' }), token: (token) => token.replace(/[^.]*$/, '') });
  await refused('signature of something else', { token: (token) => `${token.split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}` });
  await refused('HS256 with the client secret', { header: (header) => ({ ...header, alg: 'HS256' }) });
  await refused('no token at all', { token: () => '' });
  await refused('iss of another provider on the way back', { way: (all) => ({ ...all, iss: 'https://evil.example' }) });
  await refused('userinfo of another subject', { claims: ({ name, groups, ...claims }) => claims, userinfo: (all) => ({ ...all, sub: 'eve' }) });

  await t.test('an error on the way back is told to the person', async () => {
    provider.same();
    provider.way = ({ state }) => ({ state, error: 'access_denied', error_description: '<script>alert(1)</script>' });
    const page = await login(room);
    assertPage(page, 403, /You were not logged in/);
    assert.ok(!page.body.includes('alert'));
  });

  await t.test('honest again, the same server logs people in', async () => {
    provider.same();
    keep(server, await login(room));
  });
});

test('oidc: a provider that is down, broken, slow or lying about itself', async (t) => {
  const { login, provider, origin, browser, server } = await withScript(t);
  const room = fresh('class');
  const metadata = (request, answer) => request.url.includes('.well-known') && (answer(), true);

  await t.test('broken', async () => {
    provider.answer = (request, response) => metadata(request, () => response.writeHead(500).end('stack trace'));
    const page = await login(room);
    assertPage(page, 502, /does not answer/);
    assert.ok(page.body.includes('the school') && !page.body.includes('stack trace'));
  });
  await t.test('a redirect is not followed', async () => {
    provider.answer = (request, response) => metadata(request, () => response.writeHead(302, { location: `${provider.issuer}/elsewhere` }).end());
    assertPage(await login(room), 502, /did not work/);
    assert.ok(!provider.server.requests.includes('/elsewhere'));
  });
  await t.test('huge', async () => {
    provider.answer = (request, response) => metadata(request, () => response.writeHead(200).end('x'.repeat(1024 * 1024)));
    assertPage(await login(room), 502, /did not work/);
  });
  await t.test('metadata of another issuer, endpoints without TLS', async () => {
    provider.same();
    for (const change of [{ issuer: 'https://evil.example' }, { token_endpoint: 'http://127.0.0.1/token' }, { authorization_endpoint: 'javascript:alert(1)' }, { jwks_uri: undefined }]) {
      provider.metadata = (document) => ({ ...document, ...change });
      assertPage(await login(room), 502, /did not work/);
    }
  });
  await t.test('hanging: the person hears of it, and nobody else waits', async () => {
    provider.same();
    provider.answer = () => true;
    const waiting = login(room);
    const begun = performance.now();
    let slowest = 0;
    for (let i = 0; i < 50; i++) {
      const asked = performance.now();
      assert.equal((await browser().ask(`${origin}/about/health`)).status, 200);
      slowest = Math.max(slowest, performance.now() - asked);
    }
    assert.ok(slowest < 1000 * patience, `health took ${slowest} ms`);
    assertPage(await waiting, 502, /does not answer/);
    assert.ok(performance.now() - begun >= 6500, 'it was given its time');
  });
  await t.test('well again', async () => {
    provider.same();
    keep(server, await login(room));
  });
  await t.test('a key that is not known does not make us ask again for keys that are younger than a minute', async () => {
    provider.rotate('second');
    const asked = () => provider.server.requests.filter((path) => path === '/keys').length;
    const before = asked();
    assertPage(await login(room), 502, /did not work/);
    assert.equal(asked(), before);
  });
  await t.test('down while somebody is on the way', async () => {
    const ada = browser();
    const back = await ada.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('/auth/callback') });
    await provider.server.stop();
    assertPage(await ada.ask(back.url), 502, /does not answer/);
  });
  await t.test('A15 no code, client secret or access token was printed', () => {
    for (const canary of ['code-canary', 'access-canary', CLIENT.secret]) assert.ok(!server.output.includes(canary), canary);
  });
});

test('oidc: no address of a request leads anywhere but to the provider and to rooms', async (t) => {
  const { origin, browser, provider } = await withScript(t);
  const answer = (room) => browser().ask(`${origin}/auth/login?room=${encodeURIComponent(room)}`);
  for (const room of ['', '/', 'https://evil.example', 'a/b/c', '..', 'a%0d%0aX: y', '%2f%2fevil.example', 'focus', 'javascript:alert(1)', '<script>']) {
    const page = await answer(room);
    assertPage(page, 400, /no such room/);
    assert.ok(!page.body.includes('<script>'));
  }
  // A room of that odd name.
  const page = await answer('//evil.example');
  assert.equal(page.status, 302);
  assert.ok(page.headers.location.startsWith(`${provider.issuer}/authorize?`), page.headers.location);
  const back = await browser().open(`${origin}/auth/login?room=//a&redirect_uri=https://evil.example&next=https://evil.example`, { stop: (url) => url.includes('#jwt=') });
  assert.equal(back.url.split('#')[0], `${origin}/a`);
  assert.equal((await browser().ask(`${origin}/auth/elsewhere`)).status, 404);
  assert.equal((await browser().ask(`${origin}/auth/login?room=a`, { method: 'POST', form: {} })).status, 405);
});

test('oidc: one address may not log in without end, and a proxy in front is not the one that is counted', async (t) => {
  const { origin, browser } = await withScript(t);
  const login = (headers) => browser().ask(`${origin}/auth/login?room=a`, { headers });
  let page;
  // 60 at once, and one more each second that this takes.
  for (let i = 0; i < 600 && page?.status !== 429; i++) page = await login({ 'x-forwarded-for': `10.0.0.${i % 256}, 192.0.2.1` });
  assertPage(page, 429, /Wait a minute/);
  assert.equal((await login({ 'x-forwarded-for': '192.0.2.2' })).status, 302);
});

test('oidc: X-Forwarded-For of a stranger is not believed', async (t) => {
  const { origin, browser } = await withScript(t, { PROSODY_TRUSTED_PROXIES: '192.0.2.1' });
  let page;
  for (let i = 0; i < 600 && page?.status !== 429; i++) page = await browser().ask(`${origin}/auth/login?room=a`, { headers: { 'x-forwarded-for': `10.0.0.${i % 256}` } });
  assertPage(page, 429, /Wait a minute/);
});

test('A22 oidc: the cookie of a log-in is good for nothing else', async (t) => {
  const { origin, browser, server } = await withScript(t);
  const ada = browser();
  const room = fresh('class');
  const begun = await ada.ask(`${origin}/auth/login?room=${room}`);
  const cookie = begun.headers['set-cookie'][0];
  assert.match(cookie, /^conclave_login_\w{8}=[\w-]+; Path=\/auth\/; Max-Age=600; HttpOnly; SameSite=Lax$/);
  const guest = await Client.login(server, { room, name: 'ada', headers: { cookie: cookie.split(';')[0] } });
  assertWaits(await guest.ask(room));
});
