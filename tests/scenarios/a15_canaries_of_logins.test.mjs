// A15 Proof 5, where others are asked who somebody is: the directory, a provider, SCRAM, and personal links. What they are shown, and what they say, is a
// secret in no log, metric, audit, admin answer, error page, explanation or crash.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addAccount, attempt, logIn, withAccounts } from '../support/account.mjs';
import { call, get, revoke } from '../support/admin.mjs';
import { Canaries, canary } from '../support/canaries.mjs';
import { HttpBrowser } from '../support/http_browser.mjs';
import { CLIENT, ScriptedProvider, oidcSettings } from '../support/identity_provider.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { freePort } from '../support/server.mjs';
import { ADMIN, HOST_GROUP, Slapd, passwordOf } from '../support/slapd.mjs';
import { Client, child, el } from '../support/xmpp.mjs';

/** Everything that an operator can read of the running server. */
async function readAll(canaries, server, room) {
  for (const path of ['/health', '/status', '/rooms', `/rooms/${room}`, '/revocations', '/audit?limit=1000']) canaries.toOthers.push((await call(server, 'GET', path)).body);
  canaries.toOthers.push((await get(server, '/metrics')).body);
}

async function explain(canaries, server, question) {
  for (const accept of ['application/json', 'text/plain']) {
    const answer = await call(server, 'POST', '/explain', question, { accept });
    canaries.toOthers.push(answer.body);
  }
  server.env.CONCLAVE_ADMIN_URL = `http://${server.host}:${server.http}`;
  const shown = Object.entries(question).flatMap(([name, value]) => [`--${name}`, value]);
  const { stdout, stderr } = await server.cli(['explain', '--live', ...shown]);
  canaries.toOthers.push(stdout, stderr);
}

test('A15 the directory: the password of the bind, right and wrong, and those of people', async (t) => {
  const canaries = new Canaries();
  const slapd = await Slapd.start(t, { adminPassword: canaries.seed('bind password') });
  for (const uid of ['alice', 'bob', 'carol']) canaries.seed(`password of ${uid}`, passwordOf(uid));
  const settings = slapd.settings({ LDAP_BINDDN: ADMIN, CONCLAVE_LDAP_HOST_GROUP: HOST_GROUP });
  const server = await canaries.server(t, { AUTH_TYPE: 'jwt,ldap', ...settings, LDAP_BINDPW: slapd.adminPassword });
  const room = fresh('canary');
  const right = (uid) => ({ name: uid, password: passwordOf(uid), mechanism: 'PLAIN' });

  const bob = await logIn(server, room, right('bob'));
  await bob.enter(room);
  canaries.seed('ticket', bob.storage.sessionId);
  assert.equal((await attempt(server, right('carol'))).result, 'success');
  assert.equal((await attempt(server, { name: 'alice', password: canaries.seed('wrong password') })).result, 'not-authorized');
  await attempt(server, { name: canaries.seed('password in the place of the name'), password: 'x' });
  await explain(canaries, server, { room, account: 'bob' });
  await explain(canaries, server, { room, account: 'nobody' });
  await readAll(canaries, server, room);

  await t.test('A15 a bind that the directory refuses', async () => {
    const wrong = new Canaries();
    const refused = await wrong.server(t, { AUTH_TYPE: 'jwt,ldap', ...settings, LDAP_BINDPW: wrong.seed('wrong bind password') });
    wrong.seed('password of alice', passwordOf('alice'));
    assert.equal((await attempt(refused, right('alice'))).result, 'temporary-auth-failure');
    await explain(wrong, refused, { room, account: 'alice' });
    await readAll(wrong, refused, room);
    await wrong.crash(refused);
    wrong.assertNowhere(refused);
  });

  await slapd.stop();
  assert.equal((await attempt(server, { name: 'alice', password: passwordOf('alice') })).result, 'temporary-auth-failure');
  await canaries.crash(server);
  canaries.assertNowhere(server);
});

test('A15 the provider: client secret, code, state, verifier, cookie, ID token, access token, and what it says in errors', async (t) => {
  const canaries = new Canaries();
  const provider = await ScriptedProvider.start(t);
  const origin = `http://127.0.0.1:${await freePort()}`;
  const server = await canaries.server(t, oidcSettings(origin, provider.issuer, provider.caFile));
  canaries.seed('client secret', CLIENT.secret);
  canaries.seed('access token', 'access-canary-77');
  let minted = 0;
  provider.token = (text) => {
    canaries.seed(`ID token ${++minted}`, text.split('.')[2]);
    return text;
  };
  const room = fresh('canary');
  const login = async (browser = new HttpBrowser({ ca: readFileSync(provider.caFile) })) => {
    const attemptAt = `of log-in ${browser.visited.length}-${minted}-${canaries.seeded.size}`;
    const back = await browser.open(`${origin}/auth/login?room=${room}`, { stop: (url) => url.includes('/auth/callback') });
    const way = new URL(back.url).searchParams;
    for (const name of ['code', 'state']) if (way.get(name)) canaries.seed(`${name} ${attemptAt}`, way.get(name));
    for (const name of ['nonce', 'code_challenge']) canaries.seed(`${name} ${attemptAt}`, [...provider.codes.values()].at(-1)?.get(name) ?? canary(name));
    for (const cookie of browser.cookies(`${origin}/auth/callback`)) canaries.seed(`cookie ${attemptAt}`, cookie.split('=')[1]);
    const page = await browser.open(back.url, { stop: (url) => url.includes('#jwt=') });
    if (page.body !== undefined) canaries.toOthers.push(page.body, JSON.stringify(page.headers));
    return { page, browser, back };
  };

  const { page, browser, back } = await login();
  const token = new URLSearchParams(new URL(page.url).hash.slice(1)).get('jwt');
  canaries.seed('token of the log-in', token.split('.')[2]);
  const host = await Client.login(server, { room, token });
  await host.enter(room);
  canaries.toOthers.push((await browser.ask(back.url)).body); // again, with a code that is used and a cookie that is gone
  await explain(canaries, server, { room, token });

  const body = async (request) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    return text;
  };
  provider.answer = (request, response) => {
    if (request.url !== '/token') return false;
    // A provider that says everything back that it was told.
    body(request).then((text) => {
      canaries.seed(`verifier ${canaries.seeded.size}`, new URLSearchParams(text).get('code_verifier'));
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'invalid_grant', error_description: `${text} ${request.headers.authorization}` }));
    });
    return true;
  };
  assert.equal((await login()).page.status, 403);
  provider.same();
  provider.token = (text) => `${text.slice(0, -40)}${canaries.seed('forged ID token', canary('idtoken').padEnd(40, 'A'))}`;
  assert.equal((await login()).page.status, 502);
  provider.same();
  provider.way = (all) => ({ ...all, error: canaries.seed('error'), error_description: canaries.seed('description') });
  await login();
  await readAll(canaries, server, room);
  await canaries.crash(server);
  canaries.assertNowhere(server);
});

test('A15 SCRAM: passwords, nonces and proofs, right and wrong; and personal links', async (t) => {
  const canaries = new Canaries();
  const server = await canaries.server(t, withAccounts());
  const alice = await addAccount(server, 'alice', { password: canaries.seed('password of an account') });
  const room = fresh('canary');
  for (const mechanism of ['SCRAM-SHA-1', 'SCRAM-SHA-256']) {
    for (const [what, account] of [['right', alice], ['wrong', { ...alice, password: canaries.seed(`wrong password for ${mechanism}`) }], ['of nobody', { name: 'nobody', password: canaries.seed(`password of nobody for ${mechanism}`) }]]) {
      const { client } = await attempt(server, account, { mechanism });
      const message = Buffer.from(client.proof, 'base64').toString();
      canaries.seed(`final message, ${what}, ${mechanism}`, message);
      canaries.seed(`proof, ${what}, ${mechanism}`, message.replace(/^.*,p=/, ''));
      canaries.seed(`nonce, ${what}, ${mechanism}`, client.challenge.nonce);
    }
  }
  const host = await logIn(server, room, alice);
  await host.enter(room);
  canaries.seed('ticket', host.storage.sessionId);
  const witness = await guestIn(server, room, 'witness');

  const reply = await host.iq('set', host.roomJid(room), el('invitation', { xmlns: 'https://conclave.invalid/protocol/invitation', name: 'Gina', role: 'participant', seconds: '600' }));
  const link = child(reply, 'invitation').attrs.token;
  canaries.seed('personal link', link.split('.')[2]);
  canaries.seed('claims of a personal link', link.split('.')[1]);
  const gina = await Client.login(server, { room, name: 'Gina', token: link });
  await gina.enter(room);
  await explain(canaries, server, { room, token: link });
  await explain(canaries, server, { room, account: 'alice' });
  canaries.toOthers.push(JSON.stringify(await revoke(server, { token: link })));
  await readAll(canaries, server, room);
  const second = await hostIn(server, fresh('canary'), 'host');
  await second.barrier();
  await witness.barrier();
  canaries.toOthers.push(witness.log.map((frame) => frame.raw).join('\n'));
  await canaries.crash(server);
  canaries.assertNowhere(server);
});
