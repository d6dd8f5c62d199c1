// A page with server-side includes, as a stock build has it, loads in a browser from WEB_ROOT, for a room and for a room of a tenant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPeople, webServer } from '../support/browser.mjs';
import { webRoot } from '../support/web_root.mjs';

test('e2e: a stock-like client is served with its includes, its configuration and its files', { timeout: 120000 }, async (t) => {
  const root = webRoot(t, {
    'head.html': `<script>addEventListener('error', (event) => (window.failed = event.target.src || event.target.href || event.message), true);</script>`,
    'css/all.css': 'main { color: rgb(1, 2, 3); }',
    'libs/probe.js': `window.probed = (async () => ({
      language: await (await fetch('lang/main-de.json')).json(),
      sound: await (await fetch('sounds/knock.mp3', { headers: { Range: 'bytes=0-3' } })).text(),
      worker: await (await fetch('/pwa-worker.js')).text(),
    }))();`,
    'body.html': '<link rel="stylesheet" href="css/all.css?v=1"><script src="libs/probe.js?v=1"></script>',
  });
  const server = await webServer(t, { env: { WEB_ROOT: root.folder, DEFAULT_LANGUAGE: '</script><script>window.evil = 1</script>', ENABLE_HTTP_REDIRECT: '1' } });
  const [{ page, ...person }] = await chromiumPeople(t, ['Ada']);

  for (const [path, muc] of [['stand-up', server.muc], ['acme/stand-up', `conference.acme.${server.domain}`]]) {
    await t.test(`/${path}`, async () => {
      await page.goto(`${server.publicUrl}/${path}`, { waitUntil: 'load' });
      const seen = await page.evaluate(async () => ({
        title: document.title,
        text: document.querySelector('#app').textContent,
        colour: getComputedStyle(document.querySelector('#app')).color,
        name: interfaceConfig.APP_NAME,
        url: document.querySelector('meta[property="og:url"]').content,
        failed: window.failed ?? null,
        evil: window.evil ?? null,
        language: config.defaultLanguage,
        probed: await window.probed,
      }));
      assert.deepEqual(seen, {
        title: 'Small Meet',
        text: muc,
        colour: 'rgb(1, 2, 3)',
        name: 'Small Meet',
        url: `${server.publicUrl}/`,
        failed: null,
        evil: null,
        language: '</script><script>window.evil = 1</script>',
        probed: { language: { hello: 'Hallo' }, sound: '0123', worker: '// nothing\n' },
      });
    });
  }

  await t.test('over plain HTTP one comes to the same page', async () => {
    await page.goto(`http://${new URL(server.publicUrl).hostname}:${server.http}/stand-up`, { waitUntil: 'load' });
    assert.ok(page.url().startsWith(`${server.publicUrl}/stand-up`), page.url());
  });
  assert.deepEqual(person.said.filter((line) => line.startsWith('uncaught')), []);
});
