// The host's token for room A does not open room B: by link, by a reload with all that the browser keeps, or in a second tab (S5, S6).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPerson, webServer } from '../support/browser.mjs';
import { notStarted } from '../support/admin.mjs';
import { fresh } from '../support/people.mjs';

test('S5, S6 e2e: a token for one room opens no other, whatever the browser keeps', { timeout: 200000 }, async (t) => {
  const server = await webServer(t);
  const [a, b] = [fresh('a'), fresh('b')];
  const host = await chromiumPerson(t, 'Ada', { colour: 'red' });

  await t.test('by link: an error as a sentence, and b is not started', async () => {
    await host.open(server, b, { token: server.token(a) });
    await host.sees('error');
    assert.ok((await host.text('[data-testid="error-text"]')).trim().length > 15);
    assert.equal(await host.count('[data-testid="password-input"]'), 0, 'no password prompt');
    assert.ok(await notStarted(server, b));
  });

  await t.test('in its own room it makes a moderator', async () => {
    await host.open(server, a, { token: server.token(a) });
    await host.inMeeting(1);
    assert.equal((await host.state()).role, 'moderator');
  });

  await t.test('in a second tab without a token b waits, while the first stays moderator', async () => {
    const tab = await host.secondTab();
    await tab.open(server, b);
    await tab.sees('waiting');
    assert.ok(await notStarted(server, b));
    assert.equal((await host.state()).role, 'moderator');
    await tab.page.close();
  });

  await t.test('by going to b in the same tab with all storage kept: waits', async () => {
    await host.open(server, b);
    await host.sees('waiting');
    assert.ok(await notStarted(server, b));
    await host.reload();
    await host.sees('waiting');
    assert.ok(await notStarted(server, b));
  });

  await t.test('back in a, still without the token: moderator again', async () => {
    await host.open(server, a);
    await host.inMeeting(1);
    assert.equal((await host.state()).role, 'moderator');
  });

  await t.test('with the storage cleared even a waits', async () => {
    await host.page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await host.open(server, a);
    await host.sees('waiting');
  });
});
