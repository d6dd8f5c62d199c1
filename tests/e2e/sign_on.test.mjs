// Single sign-on in the browser: from the waiting screen to a real OpenID Connect provider, back into the meeting as the host, and out again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, chromiumPeople, webServer } from '../support/browser.mjs';
import { oidcSettings, startProvider } from '../support/identity_provider.mjs';
import { fresh } from '../support/people.mjs';
import { freePort } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';

const PEOPLE = { ada: { name: 'Ada Lovelace', groups: ['teachers'] } };

test('S21 e2e: log in through the organisation, and log out there too', { timeout: 240000 }, async (t) => {
  const port = await freePort();
  const origin = `https://${address}:${port}`;
  const { issuer, caFile } = await startProvider(t, origin, PEOPLE);
  const { HTTP_PORT, ...oidc } = oidcSettings(origin, issuer, caFile);
  const server = await webServer(t, { env: { ...oidc, HTTPS_PORT: String(port), PUBLIC_URL: origin } });
  server.publicUrl = origin;
  const room = fresh('class');
  const [ada] = await chromiumPeople(t, ['Somebody']);
  const { page } = ada;
  await ada.open(server, room);
  await ada.sees('waiting');
  assert.match(await ada.text('[data-testid="login-sign-on"]'), /the school/);

  await t.test('there, and back as who one is', async () => {
    await ada.click('login-sign-on');
    await page.waitForURL(`${issuer}/**`);
    await page.fill('input[name="login"]', 'ada');
    await page.fill('input[name="password"]', 'any');
    await page.click('button[type="submit"]');
    await page.click('button[type="submit"]'); // the provider's question whether it may tell
    await page.waitForURL(`${origin}/**`);
    await ada.sees('join');
    await ada.click('join');
    await ada.inMeeting(1);
    await ada.is('the host under her name', (state) => state.standing === 'host' && state.identity === 'Ada Lovelace');
    assert.ok(!page.url().includes('jwt'), page.url());
  });

  await t.test('logging out ends it at the provider too', async () => {
    await ada.click('toolbar-participants');
    await ada.click('logout');
    await eventually('the browser is at the provider', async () => page.url().startsWith(issuer), { timeout: 15000 });
  });
});
