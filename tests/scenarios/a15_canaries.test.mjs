// A15 Proof 5 of the access model: no credential in any log, metric, error, admin answer or crash output. Canaries go in through every entrance, good and
// bad, at log level debug; then everything that came out is searched for each of them, plain and in the encodings that a careless line would use.
import { test } from 'node:test';
import { call, get, revoke } from '../support/admin.mjs';
import { Canaries, canary, tryLogin } from '../support/canaries.mjs';
import { fresh, guestIn, holder, hostIn } from '../support/people.mjs';
import { Client, NS, el } from '../support/xmpp.mjs';

test('A15 canaries through every entrance are found nowhere, not even in a crash', async (t) => {
  const canaries = new Canaries();
  const { toOthers } = canaries;
  const seed = (...args) => canaries.seed(...args);
  const server = await canaries.server(t, {
    CONCLAVE_ADMIN_TOKEN: seed('admin token', canary('admin').repeat(2)),
    JWT_APP_SECRET: seed('token secret', canary('secret').repeat(2)),
    JICOFO_AUTH_PASSWORD: seed('service password'),
    JVB_AUTH_PASSWORD: seed('bridge password'),
    JIBRI_RECORDER_PASSWORD: seed('recorder password'),
    JIBRI_XMPP_PASSWORD: seed('recorder control password'),
    JIGASI_XMPP_PASSWORD: seed('SIP password'),
  });
  const room = fresh('canary');

  const host = await hostIn(server, room, 'host', { claims: { jti: 'canary-host' } });
  seed('good token', host.options.token.split('.')[2]);
  seed('ticket', host.storage.sessionId);
  seed('resumption id', host.resumption.id);
  const witness = await guestIn(server, room, 'witness');

  await t.test('A15 tokens: good, bad, in query, header and conference request', async () => {
    const forged = `${host.options.token.slice(0, -30)}${seed('forged signature')}`;
    await tryLogin(server, { room, token: forged });
    await tryLogin(server, { room, token: seed('token that is none') });
    await tryLogin(server, { room, headers: { authorization: `Bearer ${seed('bearer')}` } });
    await tryLogin(server, { room, headers: { authorization: `Basic ${Buffer.from(`u:${seed('basic')}`).toString('base64')}` } });
    await witness.ask(room, { token: seed('token in a request') });
    const expired = server.token(room, 'mod', { lifetime: -3600 });
    seed('expired token', expired.split('.')[2]);
    await tryLogin(server, { room, token: expired });
  });

  await t.test('A15 tickets, machine ids and resumption ids', async () => {
    await witness.ask(room, { sessionId: seed('foreign ticket'), machineUid: seed('machine id'), keep: false });
    await tryLogin(server, { room, previd: seed('foreign resumption id') });
    const resumed = await host.resume({ token: undefined, previd: host.resumption.id }).catch(() => undefined);
    if (resumed?.resumption?.id) seed('second resumption id', resumed.resumption.id);
  });

  await t.test('A15 passwords: of rooms, accounts and services, right and wrong', async () => {
    const owner = await holder(server, room, 'mod', 'owner');
    await owner.enter(room);
    const field = (name, value) => el('field', { var: name }, el('value', {}, value));
    await owner.iq(
      'set',
      owner.roomJid(room),
      el('query', { xmlns: `${NS.muc}#owner` }, el('x', { xmlns: 'jabber:x:data', type: 'submit' }, field('FORM_TYPE', `${NS.muc}#roomconfig`), field('muc#roomconfig_passwordprotectedroom', '1'), field('muc#roomconfig_roomsecret', seed('room password')))),
    );
    const stranger = await Client.login(server, { room, name: 'stranger' });
    await stranger.ask(room);
    await stranger.join(room, { password: seed('wrong room password') });
    const plain = (user, password) => Buffer.from(`\0${user}\0${password}`).toString('base64');
    await tryLogin(server, { room }, 'PLAIN', plain('alice', seed('account password')));
    await tryLogin(server, { room }, 'PLAIN', plain(seed('user name that is a password'), 'x'));
    await tryLogin(server, { room }, 'SCRAM-SHA-256', Buffer.from(`n,,n=alice,r=${seed('nonce')}`).toString('base64'));
    await tryLogin(server, { room }, seed('mechanism'), 'AAAA');
    await owner.barrier();
    await witness.barrier();
  });

  await t.test('A15 the admin API: wrong tokens, tokens to explain and to revoke, a ticket to revoke', async () => {
    toOthers.push((await call(server, 'GET', '/rooms', undefined, { authorization: `Bearer ${seed('wrong admin token')}` })).body);
    for (const token of [host.options.token, seed('token to explain')]) {
      for (const accept of ['application/json', 'text/plain']) toOthers.push((await call(server, 'POST', '/explain', { room, token }, { accept })).body);
    }
    toOthers.push((await call(server, 'POST', '/revocations', { token: seed('token to revoke') })).body);
    toOthers.push((await call(server, 'POST', '/revocations', { ticket: seed('ticket to revoke') })).body);
    toOthers.push(JSON.stringify(await revoke(server, { token: host.options.token })));
    toOthers.push((await call(server, 'POST', '/explain', `{"room": ${seed('broken body')}`)).body);
    for (const path of ['/health', '/status', '/rooms', `/rooms/${room}`, '/revocations', '/audit?limit=1000', '/openapi.json']) toOthers.push((await call(server, 'GET', path)).body);
  });

  await t.test('A15 HTTP: a secret in any address', async () => {
    for (const path of [`/${seed('page path')}?jwt=${seed('jwt of a page')}`, `/xmpp-websocket?token=${seed('plain request')}`, `/colibri-ws/0/x/y?pwd=${seed('channel password')}`, '/metrics', '/about/health', '/config.js', '/nothing.js']) {
      const answer = await get(server, path, { authorization: `Bearer ${seed(`header of ${path.slice(0, 4)}`)}`, referer: `https://meet.example/?jwt=${seed(`referer of ${path.slice(0, 4)}`)}` });
      toOthers.push(answer.body, JSON.stringify(answer.headers));
    }
  });

  await t.test('A15 the commands: explain, revoke, token', async () => {
    server.env.CONCLAVE_ADMIN_URL = `http://${server.host}:${server.http}`;
    for (const args of [
      ['explain', '--room', room, '--token', seed('token of explain')],
      ['explain', '--live', '--room', room, '--token', seed('token of live explain')],
      ['revoke', '--token', seed('token of revoke')],
      ['revoke', '--list'],
    ]) {
      const { stdout, stderr } = await server.cli(args);
      toOthers.push(stdout, stderr);
    }
  });

  await t.test('A15 what others in the room were sent', () => {
    toOthers.push(witness.log.map((frame) => frame.raw).join('\n'));
  });

  await t.test('A15 a crash says nothing either', () => canaries.crash(server));

  // The witness sends secrets too; those are his own, and nobody else's business: he is only asked what he was told.
  canaries.own.add('page path'); // an address that is a room's name is public
  canaries.assertNowhere(server);
});
