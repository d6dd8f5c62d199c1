// A stock web client served from WEB_ROOT, with what its usual web server does: pages of rooms and tenants, includes, files and their
// headers, the scripts that are made from the settings, the way to HTTPS. And everything that must not be served.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, openSync, closeSync, ftruncateSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { brotliCompressSync, gunzipSync } from 'node:zlib';
import { run, serve, settings } from '../support/server.mjs';
import { eventually, within } from '../support/waiting.mjs';
import { ask, evaluate, webRoot } from '../support/web_root.mjs';

async function withRoot(t, { env = {}, files = {} } = {}) {
  const root = webRoot(t, files);
  const server = await serve(t, { env: { WEB_ROOT: root.folder, PUBLIC_URL: 'https://meet.example', ...env } });
  return { root, server };
}

/** Bytes over a bare socket, for what no HTTP client would send. */
async function raw(server, bytes) {
  const socket = connect(server.http, server.host);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  socket.end(bytes);
  await within(10000, new Promise((done) => socket.on('close', done)), 'the end of the answer');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}

test('web root: rooms and tenants get the page, with its includes and its configuration', async (t) => {
  const { server } = await withRoot(t);
  for (const path of ['/', '/stand-up', '/stand-up?jwt=x', '/Caf%C3%A9%20am%20See', '/acme/stand-up']) {
    const page = await ask(server, path, { headers: { host: 'meet.example:8443' } });
    assert.equal(page.status, 200, path);
    assert.match(page.headers['content-type'], /^text\/html/);
    assert.ok(!page.text.includes('<!--#'), page.text);
    assert.match(page.text, /<title>Small Meet<\/title>/);
    assert.match(page.text, /content="https:\/\/meet\.example:8443\/"/);
    assert.match(page.text, /<template id="card">/);
    assert.match(page.text, /var interfaceConfig = \{ APP_NAME/);
    assert.equal(page.headers['cache-control'], 'no-cache');
    const config = evaluate(/<script>(var config = [^]*?)<\/script>/.exec(page.text)[1]);
    assert.equal(config.hosts.muc, path.startsWith('/acme/') ? `conference.acme.${server.domain}` : server.muc);
  }
});

test('web root: files lie at the root and below each tenant; what is missing is no page', async (t) => {
  const { server } = await withRoot(t, { files: { 'static/404.html': '<h1>Not here</h1>' } });
  const types = {
    '/libs/app.bundle.min.js': /^text\/javascript/,
    '/sounds/knock.mp3': /^audio\/mpeg/,
    '/images/dot.svg': /^image\/svg/,
    '/lang/main-de.json': /^application\/json/,
    '/manifest.json': /^application\/json/,
    '/pwa-worker.js': /^text\/javascript/,
    '/external_api.js': /^text\/javascript/,
  };
  for (const [path, type] of Object.entries(types)) {
    for (const place of ['', '/acme']) {
      const file = await ask(server, place + path);
      assert.equal(file.status, 200, place + path);
      assert.match(file.headers['content-type'], type, place + path);
    }
  }
  assert.match((await ask(server, '/external_api.js')).text, /JitsiMeetExternalAPI/);
  for (const path of ['/libs/none.js', '/none.js', '/acme/none.css', '/images/none.png', '/a/b/c']) {
    const missing = await ask(server, path);
    assert.equal(missing.status, 404, path);
    assert.ok(!missing.text.includes('Small Meet'), path);
  }
  assert.match((await ask(server, '/libs/none.js')).text, /Not here/);
  const head = await ask(server, '/sounds/knock.mp3', { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.text], [200, '10', '']);
  const post = await ask(server, '/stand-up', { method: 'POST' });
  assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
});

test('web root: caching by tag and date, for good where the address has a version', async (t) => {
  const { root, server } = await withRoot(t);
  const first = await ask(server, '/libs/app.bundle.min.js');
  assert.equal(first.headers['cache-control'], 'no-cache');
  assert.equal((await ask(server, '/libs/app.bundle.min.js?v=7')).headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.equal((await ask(server, '/config.js?v=7')).headers['cache-control'], 'no-cache');
  for (const condition of [{ 'if-none-match': first.headers.etag }, { 'if-modified-since': first.headers['last-modified'] }]) {
    const again = await ask(server, '/libs/app.bundle.min.js', { headers: condition });
    assert.deepEqual([again.status, again.text], [304, '']);
  }
  const page = await ask(server, '/stand-up');
  assert.equal((await ask(server, '/stand-up', { headers: { 'if-none-match': page.headers.etag } })).status, 304);

  root.write('libs/app.bundle.min.js', 'window.another = true;\n');
  await eventually('the new file', async () => (await ask(server, '/libs/app.bundle.min.js', { headers: { 'if-none-match': first.headers.etag } })).text.includes('another'));
  rmSync(root.at('libs/app.bundle.min.js'));
  await eventually('it has vanished', async () => (await ask(server, '/libs/app.bundle.min.js')).status === 404);
});

test('web root: text comes compressed where the browser takes it, sounds in parts', async (t) => {
  const big = 'let a = 1;\n'.repeat(1000);
  const { server } = await withRoot(t, { files: { 'libs/big.js': big, 'libs/br.js': big, 'libs/br.js.br': brotliCompressSync(big) } });
  const coded = (path, accepted) => ask(server, path, { headers: { 'accept-encoding': accepted } });
  const gzip = await coded('/libs/big.js', 'gzip, br');
  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.equal(gzip.headers.vary, 'Accept-Encoding');
  assert.equal(gunzipSync(gzip.bytes).toString(), big);
  assert.equal((await coded('/libs/br.js', 'gzip, br')).headers['content-encoding'], 'br');
  assert.equal((await coded('/libs/br.js', 'gzip')).headers['content-encoding'], 'gzip');
  assert.equal((await coded('/libs/big.js', 'identity')).text, big);
  assert.match(gunzipSync((await coded('/stand-up', 'gzip')).bytes).toString(), /Small Meet/);

  const part = (range) => ask(server, '/sounds/knock.mp3', { headers: { range } });
  const all = await part('bytes=0-');
  assert.deepEqual([all.status, all.headers['content-range'], all.text], [206, 'bytes 0-9/10', '0123456789']);
  assert.deepEqual([(await part('bytes=2-4')).text, (await part('bytes=-2')).text, (await part('bytes=10-')).status], ['234', '89', 416]);
});

test('web root: scripts, sounds and fonts may be read by other sites, pages are not offered to them', async (t) => {
  const { server } = await withRoot(t);
  assert.equal((await ask(server, '/libs/external_api.min.js')).headers['access-control-allow-origin'], '*');
  assert.equal((await ask(server, '/stand-up')).headers['access-control-allow-origin'], undefined);
  const one = await withRoot(t, { env: { CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN: 'https://portal.example' } });
  assert.equal((await ask(one.server, '/sounds/knock.mp3')).headers['access-control-allow-origin'], 'https://portal.example');
});

test('web root: config.js is made from the settings, for each tenant', async (t) => {
  const { server } = await withRoot(t, {
    env: { ENABLE_PREJOIN_PAGE: '0', RESOLUTION: '1080', CODEC_ORDER_JVB: '["VP9", "VP8"]', DEFAULT_LANGUAGE: 'de', ENABLE_REQUIRE_DISPLAY_NAME: '1', TOKEN_AUTH_URL: 'https://portal.example/{room}' },
  });
  const config = evaluate((await ask(server, '/config.js')).text);
  assert.equal(config.prejoinConfig.enabled, false);
  assert.equal(config.resolution, 1080);
  assert.deepEqual(config.videoQuality.codecPreferenceOrder, ['VP9', 'VP8']);
  assert.equal(config.defaultLanguage, 'de');
  assert.equal(config.requireDisplayName, true);
  assert.equal(config.tokenAuthUrl, 'https://portal.example/{room}');
  assert.equal(config.startAudioMuted, 10, 'docker’s default');
  assert.equal(config.websocket, 'wss://meet.example/xmpp-websocket');
  const acme = evaluate((await ask(server, '/Acme.One/config.js?room=x')).text);
  assert.equal(acme.hosts.muc, `conference.acme_one.${server.domain}`);
  assert.equal(acme.hosts.domain, server.domain);
  assert.equal(acme.websocket, 'wss://meet.example/Acme.One/xmpp-websocket');
});

test('web root: nothing that a setting, a Host header or a path says ends a script or a tag', async (t) => {
  const evil = `'"</script><script>window.evil = 1</script><!--#include virtual="/base.html" -->\u2028\\`;
  const { server } = await withRoot(t, { env: { DEFAULT_LANGUAGE: evil, TOOLBAR_BUTTONS: 'a</script>,b' } });
  const script = (await ask(server, '/config.js')).text;
  assert.equal(evaluate(script).defaultLanguage, evil);
  assert.ok(!/[<>\u2028]/.test(script), script);
  const page = (await ask(server, '/stand-up')).text;
  const evils = [...page.matchAll(/window\.evil/g)];
  assert.ok(evils.length > 0, 'the page holds the script');
  for (const { index } of evils) assert.ok(page.slice(0, index).endsWith('\\u003cscript\\u003e'), page.slice(index - 40, index + 20));
  assert.equal(page.match(/<base href/g).length, 1, 'what a value holds is no directive');

  for (const host of ['a"><script>evil()</script>', "a'b", 'a\\b', 'a b']) {
    const { text, status } = await ask(server, '/stand-up', { headers: { host } });
    assert.equal(status, 200, host);
    assert.match(text, /content="https:\/\/meet\.example\/"/, host);
  }
  for (const tenant of ["a'b", 'a"b', 'a<b', 'a\\b', 'a&b', '%3Cscript%3E', "%27;evil()//", '$x', '%0a', '%E2%80%A8%27']) {
    for (const rest of ['config.js', 'stand-up']) {
      const { status } = await ask(server, `/${encodeURI(tenant).replace(/%25/g, '%')}/${rest}`);
      assert.ok([400, 404].includes(status), `${tenant}/${rest}: ${status}`);
    }
  }
});

test('web root: interface_config.js is the root’s, and the operator’s own scripts follow both', async (t) => {
  const root = webRoot(t);
  const data = join(root.folder, '..', `${root.folder.split('/').at(-1)}-data`);
  mkdirSync(join(data, 'web'), { recursive: true });
  t.after(() => rmSync(data, { recursive: true, force: true }));
  writeFileSync(join(data, 'web/custom-config.js'), `config.tenant = '<!--# echo var="subdir" default="" -->';\n`);
  writeFileSync(join(data, 'web/custom-interface_config.js'), 'interfaceConfig.MORE = 1;\n');
  const server = await serve(t, { dataDir: data, keepData: true, env: { WEB_ROOT: root.folder, WEB_CONFIG_PREFIX: '// in front' } });
  const script = (await ask(server, '/config.js')).text;
  assert.ok(script.startsWith('// in front\n'), script);
  assert.equal(evaluate(script).tenant, '');
  assert.equal(evaluate((await ask(server, '/acme/config.js')).text).tenant, 'acme/');
  const interfaceScript = (await ask(server, '/interface_config.js')).text;
  assert.deepEqual(new Function(`${interfaceScript}; return interfaceConfig;`)(), { APP_NAME: 'Small Meet', MORE: 1 });
});

test('web root: nothing outside it, nothing hidden, nothing that is no file', async (t) => {
  const { root, server } = await withRoot(t, { files: { '.env': 'SECRET=canary', '.git/config': 'canary', 'static/.hidden': 'canary' } });
  const secret = `${root.folder}-secret.txt`;
  writeFileSync(secret, 'canary');
  t.after(() => rmSync(secret, { force: true }));
  symlinkSync(secret, root.at('static/absolute.txt'));
  symlinkSync(join('..', '..', secret.split('/').at(-1)), root.at('static/relative.txt'));
  symlinkSync('/proc', root.at('static/proc'));
  symlinkSync('../sounds/knock.mp3', root.at('static/inside.mp3'));
  execFileSync('mkfifo', [root.at('static/pipe.txt')]);
  const huge = openSync(root.at('static/huge.bin'), 'w');
  ftruncateSync(huge, 65 * 1024 * 1024);
  closeSync(huge);

  const name = secret.split('/').at(-1);
  const paths = [
    '/.env', '/.git/config', '/static/.hidden', '/acme/.env', '/%2eenv', '/static/absolute.txt', '/static/relative.txt', '/static/proc/self/environ', '/static/pipe.txt',
    '/static/huge.bin', `/../${name}`, `/static/../../${name}`, `/static/%2e%2e/%2e%2e/${name}`, `/static/..%2f..%2f${name}`, `/static/%252e%252e/${name}`, `/..%5c${name}`,
    `/static/%c0%ae%c0%ae/${name}`, '/static/inside.mp3%00.txt', `/${'a'.repeat(2000)}/b.js`, `/static/${'a/'.repeat(500)}b`,
  ];
  for (const path of paths) {
    const { status, text } = await ask(server, path);
    assert.ok(!text.includes('canary') && !text.includes('root:'), path);
    assert.ok([400, 404].includes(status), `${path}: ${status}`);
  }
  for (const path of ['/static', '/libs/', '//etc/passwd', '/etc/passwd']) {
    const { status, text } = await ask(server, path);
    assert.ok(status === 200 && text.includes('Small Meet') && !text.includes('root:'), `${path}: a room by its name`);
  }
  assert.equal((await ask(server, '/static/inside.mp3')).text, '0123456789', 'links within it are followed');
  for (const target of ['/static/\0x', '/../../../etc/passwd', '\\..\\x', 'http://meet.example/../etc/passwd', '*']) {
    assert.ok([400, 404].includes(await raw(server, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)), target);
  }
});

test('web root: many at once get what they ask for', async (t) => {
  const { server } = await withRoot(t);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(server, i % 2 ? '/libs/app.bundle.min.js' : `/room-${i % 7}`)));
  for (const { status, text } of answers) assert.ok(status === 200 && text.length > 100, String(status));
});

test('A15 web root: the page for what is missing is made for the one who asks', async (t) => {
  const { server } = await withRoot(t, { files: { 'static/404.html': '<!--# echo var="http_host" --> <!--# echo var="request_uri" -->' } });
  const get = (i) =>
    new Promise((done) => {
      const socket = connect(server.http, server.host);
      let text = '';
      socket.on('data', (chunk) => (text += chunk));
      socket.on('close', () => done(text));
      socket.write(`GET /libs/missing.css?jwt=token-${i}- HTTP/1.1\r\nHost: host-${i}.example\r\nConnection: close\r\n\r\n`);
    });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => get(i)));
  answers.forEach((text, i) => assert.ok(text.startsWith('HTTP/1.1 404') && text.includes(`token-${i}-`) && text.includes(`host-${i}.example`), text));
});

test('web root: from HTTP to the public address where that is wanted, but for programs', async (t) => {
  const { server } = await withRoot(t, { env: { DISABLE_HTTPS: '0', PUBLIC_URL: 'https://meet.example:8443', ENABLE_HTTP_REDIRECT: '1', CSP_HEADER: "frame-ancestors 'self'", DEPLOYMENTINFO_SHARD: 'one' } });
  for (const path of ['/stand-up?jwt=a.b', '/config.js', '/acme/libs/app.js', '//evil.example/']) {
    const { status, headers } = await ask(server, path, { headers: { host: 'evil.example' } });
    assert.equal(status, 301, path);
    assert.ok(headers.location.startsWith('https://meet.example:8443/'), headers.location);
  }
  assert.equal((await ask(server, '/stand-up?a=b')).headers.location, 'https://meet.example:8443/stand-up?a=b');
  for (const path of ['/about/health', '/metrics']) assert.equal((await ask(server, path)).status, 200, path);
  const page = await ask(server, '/stand-up', { tls: true });
  assert.equal(page.status, 200);
  assert.equal(page.headers['strict-transport-security'], 'max-age=63072000');
  assert.equal(page.headers['x-content-type-options'], 'nosniff');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.equal(page.headers['content-security-policy'], "frame-ancestors 'self'");
  assert.equal(page.headers['x-jitsi-shard'], 'one');
  const plain = await withRoot(t, { env: { DISABLE_HTTPS: '0', ENABLE_HSTS: '0' } });
  assert.equal((await ask(plain.server, '/stand-up')).status, 200, 'no redirect unless it is wanted');
  assert.equal((await ask(plain.server, '/stand-up', { tls: true })).headers['strict-transport-security'], undefined);
});

test('web root: host-meta names the ways in, as XML and as JSON', async (t) => {
  const { server } = await withRoot(t);
  const xml = await ask(server, '/.well-known/host-meta');
  assert.equal(xml.headers['access-control-allow-origin'], '*');
  assert.match(xml.text, /rel='urn:xmpp:alt-connections:websocket' href='wss:\/\/meet\.example\/xmpp-websocket'/);
  const { links } = JSON.parse((await ask(server, '/.well-known/host-meta.json')).text);
  assert.ok(links.some(({ rel, href }) => rel === 'urn:xmpp:alt-connections:websocket' && href === 'wss://meet.example/xmpp-websocket'));
});

test('web root: without tenants nothing lies below one', async (t) => {
  const { server } = await withRoot(t, { env: { ENABLE_SUBDOMAINS: '0' } });
  for (const path of ['/acme/stand-up', '/acme/config.js', '/acme/libs/app.bundle.min.js']) assert.equal((await ask(server, path)).status, 404, path);
  assert.equal((await ask(server, '/stand-up')).status, 200);
});

test('web root: what cannot be served is said at the start, or in words to whoever asks', async (t) => {
  const refused = async (env) => (await run(['check'], { env: settings(env) })).code;
  assert.equal(await refused({ WEB_ROOT: '/nowhere/at/all' }), 78);
  assert.equal(await refused({ RESOLUTION: 'large' }), 78);
  assert.equal(await refused({ TOOLBAR_BUTTONS: '["a"; evil()]' }), 78);
  assert.equal(await refused({ CSP_HEADER: 'a\r\nX-Evil: 1' }), 78);
  const { root, server } = await withRoot(t);
  rmSync(root.at('index.html'));
  const { status, text } = await ask(server, '/stand-up');
  assert.equal(status, 503);
  assert.match(text, /index\.html/);
  root.write('index.html', '<!--#include virtual="index.html" -->');
  assert.equal((await ask(server, '/stand-up')).status, 500, 'a page that includes itself');
});
