// A47 service names, A50 service passwords (access.md part 5).
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { accountCommand, attempt, logIn, withAccounts } from '../support/account.mjs';
import { assertAdmittedAs, assertReady } from '../support/claims.mjs';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { run, serve, settings } from '../support/server.mjs';
import { Client, el } from '../support/xmpp.mjs';

const secret = () => randomBytes(16).toString('hex');

test('A47 who calls himself recorder is a guest, and a recorder whom nobody called gets in nowhere', async (t) => {
  const passwords = { JIBRI_RECORDER_PASSWORD: secret(), JVB_AUTH_PASSWORD: secret() };
  const server = await serve(t, { env: withAccounts({ XMPP_HIDDEN_DOMAIN: 'hidden.meet.example', ...passwords }) });
  server.passwords = Object.values(passwords);
  const room = fresh('a47');
  await hostIn(server, room);

  await t.test('A47 a guest named recorder, also from an alias of the hidden domain', async () => {
    for (const host of [server.domain, 'hidden.meet.example', `auth.${server.domain}`]) {
      const client = await guest(server, room, 'recorder', { host });
      assertReady(await client.ask(room));
      assertAdmittedAs(await client.join(room), 'guest');
      await client.close();
    }
  });

  await t.test('A47 a guest’s Jibri and Rayo requests are refused', async () => {
    const client = await guest(server, room, 'jibri');
    await client.ask(room);
    await client.join(room);
    for (const payload of [el('jibri', { xmlns: 'http://jitsi.org/protocol/jibri', action: 'start' }), el('dial', { xmlns: 'urn:xmpp:rayo:1', to: '+1', from: 'x' })]) {
      for (const to of [`${client.roomJid(room)}/focus`, server.focus, server.domain]) {
        const answer = await client.iq('set', to, payload);
        assert.equal(answer.attrs.type, 'error', String(answer));
      }
    }
  });

  await t.test('A47 the recorder logs in at the hidden domain only, and waits to be called', async () => {
    const recorder = { name: 'recorder', password: passwords.JIBRI_RECORDER_PASSWORD };
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']) {
      const client = await logIn(server, room, recorder, { host: 'hidden.meet.example', mechanism });
      assert.ok(client.jid.startsWith('recorder@hidden.meet.example/'), client.jid);
      const joined = await client.join(room);
      assert.equal(joined.error?.condition, 'not-allowed', String(joined.presence));
      assert.ok(joined.error.children.includes('service-not-called'), String(joined.presence));
      await client.close();
    }
    for (const host of [server.domain, `auth.${server.domain}`, `guest.${server.domain}`]) {
      assert.equal((await attempt(server, recorder, { host })).result, 'not-authorized', host);
    }
    assert.equal((await attempt(server, { ...recorder, password: passwords.JVB_AUTH_PASSWORD }, { host: 'hidden.meet.example' })).result, 'not-authorized');
  });

  await t.test('A47 no account can take a service’s name', async () => {
    for (const name of ['focus', 'Recorder', 'jvb', 'jibri', 'jigasi']) {
      const { code, stderr } = await accountCommand(server, ['add', name, '--password-stdin'], 'a good password\n');
      assert.equal(code, 78, name);
      assert.match(stderr, /service/);
    }
  });
});

test('A50 service passwords that are published, shared or short stop the start, and say which', async (t) => {
  const good = secret();
  const wrong = [
    [{ JVB_AUTH_PASSWORD: 'passw0rd' }, /JVB_AUTH_PASSWORD.*published/],
    [{ JIBRI_RECORDER_PASSWORD: 's3cr37' }, /JIBRI_RECORDER_PASSWORD.*published/],
    [{ JIBRI_XMPP_PASSWORD: 'elevenchars' }, /JIBRI_XMPP_PASSWORD.*12 characters/],
    [{ JIBRI_XMPP_PASSWORD: good, JIGASI_XMPP_PASSWORD: good }, /JIGASI_XMPP_PASSWORD.*JIBRI_XMPP_PASSWORD/],
  ];
  for (const [env, message] of wrong) {
    const { code, stderr } = await run(['serve'], { env: settings(env) });
    assert.equal(code, 78, stderr);
    assert.match(stderr, message);
    for (const value of Object.values(env)) assert.ok(!stderr.includes(value), `the password is not printed: ${stderr}`);
  }
});

test('A50 there is no account of focus or of the bridge to log in to from outside', async (t) => {
  const server = await serve(t, { env: withAccounts({ JICOFO_AUTH_PASSWORD: 'jicofo-auth-password-1', JIGASI_XMPP_PASSWORD: secret() }) });
  const host = `auth.${server.domain}`;
  for (const [name, password] of [['focus', 'jicofo-auth-password-1'], ['focus', 'passw0rd'], ['jvb', 'passw0rd'], ['jvb', 's3cr37'], ['jibri', '']]) {
    const { result } = await attempt(server, { name, password: password || 'x' }, { host });
    assert.equal(result, 'not-authorized', `${name}@${host}`);
  }
  const client = await Client.open(server, { host });
  await client.start();
  assert.equal((await client.tryAuth('PLAIN', Buffer.from('\0focus\0').toString('base64'))).el.name, 'failure');
});
