// The stream as signalling.md 0–3 wants it: opening, SASL, bind, stream management, ping, disco, extdisco.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertReady } from '../support/claims.mjs';
import { get } from '../support/admin.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client, NS, child, childrenOf, el, errorOf, isPresence } from '../support/xmpp.mjs';

test('stream: opening, SASL and bind as the stock client reads them', async (t) => {
  const server = await serve(t);

  await t.test('the answer begins with "<open " and has literal xmlns, version, id and from', async () => {
    const client = await Client.open(server, { room: 'x' });
    assert.equal(client.socket.protocol, 'xmpp', 'Sec-WebSocket-Protocol: xmpp');
    const features = await client.start();
    assert.match(client.opened.raw, /^(<\?xml[^>]*\?>)?<open /);
    const { xmlns, version, id, from } = client.opened.el.attrs;
    assert.deepEqual([xmlns, version, from], [NS.framing, '1.0', server.domain]);
    assert.ok(id, 'an id');
    assert.match(features.raw, /^<stream:features [^>]*xmlns:stream=["']http:\/\/etherx\.jabber\.org\/streams["']/, 'prefixes are declared in the frame that uses them');
    assert.ok(child(features.el, 'mechanisms', NS.sasl), 'literal xmlns on mechanisms');
    assert.ok(client.mechanisms.includes('ANONYMOUS'));
    const success = await client.auth();
    assert.match(success.raw, /^<success xmlns=["']urn:ietf:params:xml:ns:xmpp-sasl["']\s*(\/>|><\/success>)$/);
    await client.start();
    assert.ok(child(client.features, 'bind', NS.bind), `bind in ${client.features}`);
    assert.ok(child(client.features, 'sm', NS.sm), `sm in ${client.features}`);
    assert.ok(!child(client.features, 'session'), 'no session feature (2.4)');
    const bound = await client.bind();
    assert.equal(bound.attrs.id, '_bind_auth_2');
    assert.ok(child(bound, 'bind', NS.bind));
    assert.match(client.jid, new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}@${server.domain}/.+$`));
    const session = await client.iq('set', undefined, el('session', { xmlns: 'urn:ietf:params:xml:ns:xmpp-session' }), { id: '_session_auth_2' });
    assert.equal(session.attrs.type, 'result', 'a session IQ is answered when it comes');
  });

  await t.test('two connections have different user names', async () => {
    const [one, two] = [await guest(server, 'x'), await guest(server, 'x')];
    assert.notEqual(one.jid.split('@')[0], two.jid.split('@')[0]);
  });

  for (const alias of ['guest', 'auth']) {
    await t.test(`a stream to ${alias}.<domain> is served by the main domain's rules`, async () => {
      const client = await Client.login(server, { room: 'x', host: `${alias}.${server.domain}` });
      const answer = await client.ping(server.domain);
      assert.equal(answer.attrs.type, 'result', String(answer));
    });
  }

  await t.test('XEP-0078 never succeeds', async () => {
    const client = await Client.open(server, { room: 'x' });
    await client.start();
    client.send('<iq xmlns="jabber:client" type="get" id="_auth_1"><query xmlns="jabber:iq:auth"><username>a</username></query></iq>');
    const answer = await client.expect((frame) => ['iq', 'stream:error'].includes(frame.el?.name), 'an answer');
    assert.notEqual(answer.el.attrs.type, 'result');
  });

  await t.test('<close/> is answered and the socket closes', async () => {
    const client = await guest(server, 'x');
    client.send(`<close xmlns="${NS.framing}"/>`);
    const answer = await client.expect((frame) => frame.raw.startsWith('<close '), '<close/>');
    assert.equal(answer.el.attrs.xmlns, NS.framing);
    await client.closed;
  });

  await t.test('the HTTP keep-alive is answered, with no shard that changes', async () => {
    const answers = [await get(server, '/xmpp-websocket?room=x'), await get(server, '/xmpp-websocket?room=x')];
    assert.equal(answers[0].headers['x-jitsi-shard'], answers[1].headers['x-jitsi-shard']);
  });
});

test('stream: management, resumption and its failures (XEP-0198)', async (t) => {
  const server = await serve(t);

  await t.test('enabled has resume="true", an id that fits previd, and max', async () => {
    const client = await guest(server, 'x');
    assert.equal(client.resumption.resume, 'true');
    assert.match(client.resumption.id, /^[\w-]+$/);
    assert.ok(client.resumption.id.length >= 16, 'as good as a secret');
    assert.ok(Number(client.resumption.max) > 0);
  });

  await t.test('h counts iq, message and presence since enabled', async () => {
    const room = fresh('sm');
    const host = await hostIn(server, room);
    host.groupchat(room, 'one');
    await host.expectBody('one');
    assert.equal(await host.requestAck(), host.sent);
    await host.ping();
    assert.equal(await host.requestAck(), host.sent);
  });

  await t.test('a resumed stream has the same address, keeps its place, and gets what it missed, once', async () => {
    const room = fresh('sm');
    const host = await hostIn(server, room);
    const client = await guestIn(server, room);
    const seen = host.log.length;
    client.vanish();
    host.groupchat(room, 'missed');
    await host.expectBody('missed');
    const back = await client.resume();
    assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
    assert.equal(back.resumed.el.attrs.previd, client.resumption.id);
    assert.ok(Number(back.resumed.el.attrs.h) <= client.sent, 'h counts no more than was sent');
    await back.expectBody('missed');
    await back.barrier();
    assert.equal(back.log.filter((frame) => frame.raw.includes('missed')).length, 1);
    back.groupchat(room, 'again');
    const heard = await host.expectBody('again');
    assert.equal(heard.el.attrs.from, `${host.roomJid(room)}/${client.nick}`);
    assert.ok(!host.log.slice(seen).some((frame) => isPresence(frame) && frame.el.attrs.type === 'unavailable'), 'the others noticed nothing');
    await back.mute(room, back.nick, 'audio', 'false');
  });

  await t.test('what the server had not seen when the socket broke can be sent again', async () => {
    const room = fresh('sm');
    const host = await hostIn(server, room);
    const client = await guestIn(server, room);
    client.groupchat(room, 'perhaps lost');
    client.vanish();
    const back = await client.resume();
    await host.expectBody('perhaps lost');
    back.groupchat(room, 'after resume');
    await host.expectBody('after resume');
    assert.equal(host.log.filter((frame) => frame.raw.includes('perhaps lost')).length, 1, 'delivered once, however the socket broke');
    assert.equal(await back.requestAck(), back.sent);
  });

  await t.test('a socket that is still open is replaced by its resumption', async () => {
    const room = fresh('sm');
    const host = await hostIn(server, room);
    const client = await guestIn(server, room);
    const back = await client.resume();
    assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
    await client.closed;
    back.groupchat(room, 'over the new socket');
    await host.expectBody('over the new socket');
  });

  await t.test('an unknown previd is failed/item-not-found, and bind is still possible', async () => {
    const client = await guest(server, 'x');
    client.vanish();
    const back = await client.resume({ previd: 'never-was' });
    assert.equal(back.resumed.el.name, 'failed', back.resumed.raw);
    assert.ok(child(back.resumed.el, 'item-not-found', NS.stanzas), back.resumed.raw);
    await back.bind();
    await back.barrier();
  });

  await t.test('after a clean close there is nothing to resume', async () => {
    const client = await guest(server, 'x');
    await client.close();
    const back = await client.resume();
    assert.equal(back.resumed.el.name, 'failed', back.resumed.raw);
  });

  await t.test('an h that was never sent is refused, not believed', async () => {
    const client = await guest(server, 'x');
    client.vanish();
    const back = await client.resume({ h: 4000000 }).catch((error) => error);
    if (!(back instanceof Error)) assert.equal(back.resumed.el.name, 'failed', back.resumed.raw);
  });

  await t.test('previd gives the same user name, an unknown one a new name (2.5)', async () => {
    const client = await guest(server, 'x');
    client.vanish();
    const back = await client.resume();
    assert.equal(back.resumed.el.name, 'resumed');
    const other = await guest(server, 'x', 'other', { previd: 'never-was' });
    assert.notEqual(other.jid.split('@')[0], client.jid.split('@')[0]);
  });

  await t.test("another token's resumption is refused (A19)", async () => {
    const room = fresh('sm');
    const host = await hostIn(server, room);
    const client = await holder(server, room, 'part', 'participant');
    await client.enter(room);
    client.vanish();
    const back = await client.resume({ token: host.options.token }).catch((error) => error);
    if (!(back instanceof Error)) assert.equal(back.resumed.el.name, 'failed', back.resumed.raw);
  });

  await t.test('enabling twice is an answer, not a second session', async () => {
    const client = await guest(server, 'x');
    client.send(`<enable xmlns="${NS.sm}" resume="true"/>`);
    const answer = await client.expect((frame) => frame.el?.attrs.xmlns === NS.sm || frame.el?.name === 'stream:error', 'an answer');
    assert.notEqual(answer.el.name, 'enabled', answer.raw);
  });
});

test('stream: ping, discovery and external services', async (t) => {
  const server = await serve(t);
  const client = await guest(server, 'x');

  await t.test('a ping to the domain is a result with the same id, from the domain', async () => {
    const answer = await client.iq('get', server.domain, el('ping', { xmlns: NS.ping }), { id: 'ping-7' });
    assert.deepEqual([answer.attrs.type, answer.attrs.id, answer.attrs.from], ['result', 'ping-7', server.domain]);
  });

  await t.test('disco of the domain has urn:xmpp:ping, an identity, and the component of end_conference by its address', async () => {
    const answer = await client.disco();
    const query = child(answer, 'query', NS.disco);
    assert.ok(query, String(answer));
    assert.ok(childrenOf(query, 'feature').some((each) => each.attrs.var === NS.ping), String(query));
    assert.ok(childrenOf(query, 'identity').some((each) => each.attrs.category === 'server'), String(query));
    const end = childrenOf(query, 'identity').find((each) => each.attrs.type === 'end_conference');
    assert.equal(end?.attrs.name, `endconference.${server.domain}`, String(query));
    assert.equal(end.attrs.category, 'component');
  });

  await t.test('disco refuses a node that the domain does not have', async () => {
    const answer = await client.disco(server.domain, 'lobbyrooms');
    assert.equal(errorOf(answer)?.condition, 'item-not-found', String(answer));
  });

  for (const version of ['urn:xmpp:extdisco:2', 'urn:xmpp:extdisco:1']) {
    await t.test(`${version} is answered`, async () => {
      const answer = await client.iq('get', server.domain, el('services', { xmlns: version }));
      assert.ok(child(answer, 'services', version), String(answer));
    });
  }

  await t.test('everything else that the stock client asks is answered', async () => {
    const asked = [
      ['get', server.domain, el('credentials', { xmlns: NS.extdisco }, el('service', { host: 'file-sharing', type: 'short-lived-token' }))],
      ['set', server.focus, el('logout', { xmlns: NS.focus, 'session-id': 'x' })],
      ['get', server.focus, el('login-url', { xmlns: NS.focus, room: `x@${server.muc}`, 'machine-uid': 'y' })],
      ['set', `x@${server.muc}/focus`, el('jibri', { xmlns: 'http://jitsi.org/protocol/jibri', action: 'start' })],
      ['set', `x@${server.muc}/focus`, el('dial', { xmlns: 'urn:xmpp:rayo:1', to: 'x', from: 'y' })],
      ['get', `x@${server.muc}`, el('query', { xmlns: NS.mucOwner })],
      ['get', 'nobody.invalid', el('ping', { xmlns: NS.ping })],
    ];
    for (const [type, to, payload] of asked) {
      const answer = await client.iq(type, to, payload);
      assert.ok(['result', 'error'].includes(answer?.attrs.type), `${payload}: ${answer}`);
    }
  });

  await t.test('logout forgets the ticket', async () => {
    const room = fresh('logout');
    const host = await hostIn(server, room);
    const answer = await host.iq('set', server.focus, el('logout', { xmlns: NS.focus, 'session-id': host.storage.sessionId }));
    assert.equal(answer.attrs.type, 'result', String(answer));
    const again = await guest(server, room, 'after logout', { storage: host.storage });
    assert.equal((await again.ask(room)).sessionInvalid, true);
    const anew = await again.ask(room);
    assertReady(anew);
  });
});
