// Bad input on the stream and below it: each gets the answer that RFC 6120 and RFC 7395 give, and nobody else in the room notices.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { get } from '../support/admin.mjs';
import { fresh, guest, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { within } from '../support/waiting.mjs';
import { Client, NS, child, el, errorOf, isMessage, streamError } from '../support/xmpp.mjs';

/** Two people who must not notice anything. */
async function witnesses(server) {
  const room = fresh('calm');
  const host = await hostIn(server, room, 'witness');
  const other = await guestIn(server, room, 'second witness');
  await host.barrier();
  return {
    room,
    undisturbed: async () => {
      const text = fresh('still-here');
      host.groupchat(room, text);
      await other.expectBody(text);
      assert.deepEqual(host.nicks(room), [host.nick, other.nick].sort());
    },
  };
}

const message = (body) => `<message xmlns="jabber:client" to="x@meet.example"><body>${body}</body></message>`;

const FRAMES = {
  'not XML': ['hello', ['not-well-formed']],
  'tags that do not match': ['<message xmlns="jabber:client"><body></message></body>', ['not-well-formed']],
  'an element that does not end': ['<message xmlns="jabber:client"><body>', ['not-well-formed']],
  'two elements in one frame': ['<presence xmlns="jabber:client"/><presence xmlns="jabber:client"/>', ['not-well-formed']],
  'an empty frame': ['', ['not-well-formed', 'bad-format', 'invalid-xml']],
  'an unknown prefix': ['<message xmlns="jabber:client"><foo:bar/></message>', ['not-well-formed', 'bad-namespace-prefix', 'invalid-xml']],
  'a duplicate attribute': ['<message xmlns="jabber:client" to="a" to="b"/>', ['not-well-formed']],
  'an undeclared entity': [message('&lol;'), ['not-well-formed', 'restricted-xml']],
  'a DTD': [`<!DOCTYPE message SYSTEM "http://127.0.0.1/x.dtd">${message('x')}`, ['restricted-xml']],
  'a DTD with entities that grow': [
    `<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>${message('&c;&c;&c;')}`,
    ['restricted-xml'],
  ],
  'an external entity': [`<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>${message('&x;')}`, ['restricted-xml']],
  'a comment': [`<message xmlns="jabber:client"><!-- hidden --></message>`, ['restricted-xml']],
  'a processing instruction': [`<message xmlns="jabber:client"><?php x?></message>`, ['restricted-xml']],
  'a NUL': [message('a\u0000b'), ['not-well-formed', 'restricted-xml']],
  'elements nested a thousand deep': [`<message xmlns="jabber:client">${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}</message>`, ['policy-violation', 'not-well-formed', 'restricted-xml']],
  'an attribute of one megabyte': [`<message xmlns="jabber:client" id="${'x'.repeat(1 << 20)}"/>`, ['policy-violation']],
  'a body of one megabyte': [message('x'.repeat(1 << 20)), ['policy-violation']],
  'ten thousand attributes': [`<message xmlns="jabber:client" ${Array.from({ length: 10000 }, (_, index) => `a${index}=""`).join(' ')}/>`, ['policy-violation']],
  'an unknown stanza': ['<nonsense xmlns="jabber:client"/>', ['unsupported-stanza-type']],
};

test('A53 bad input: frames that are no stanza end that stream with the named condition, and no other', async (t) => {
  const server = await serve(t);
  const calm = await witnesses(server);
  for (const [what, [frame, conditions]] of Object.entries(FRAMES)) {
    for (const [when, make] of [
      ['after login', () => guest(server, calm.room, what)],
      ['before login', async () => {
        const client = await Client.open(server, { room: calm.room });
        await client.start();
        return client;
      }],
    ]) {
      await t.test(`${what}, ${when}`, async () => {
        const client = await make();
        client.send(frame);
        let condition;
        try {
          condition = await streamError(client);
        } catch (error) {
          const closed = await within(1000, client.closed, `any answer to ${what} (${error.message})`);
          assert.ok(conditions.includes('policy-violation') && closed.code === 1009, `too big may also be WebSocket's 1009, but closed with ${closed.code}: ${error.message}`);
          condition = 'policy-violation';
        }
        const allowed = when === 'before login' ? [...conditions, 'not-authorized'] : conditions;
        assert.ok(allowed.includes(condition), `one of ${allowed}, but ${condition}`);
      });
    }
    await calm.undisturbed();
  }
});

test('bad input: the order of the stream', async (t) => {
  const server = await serve(t);
  const calm = await witnesses(server);

  for (const stanza of [message('x'), `<iq xmlns="jabber:client" type="get" id="p" to="${server.domain}"><ping xmlns="${NS.ping}"/></iq>`, `<presence xmlns="jabber:client" to="${calm.room}@${server.muc}/zz"/>`]) {
    await t.test(`a stanza before SASL: not-authorized (${stanza.slice(1, 9)})`, async () => {
      const client = await Client.open(server, { room: calm.room });
      await client.start();
      client.send(stanza);
      assert.equal(await streamError(client), 'not-authorized');
    });
  }

  await t.test('a stanza before <open/> ends the stream', async () => {
    const client = await Client.open(server, { room: calm.room });
    client.send(message('x'));
    await within(5000, client.closed, 'close');
  });

  await t.test('a stanza between SASL and bind is not delivered', async () => {
    const client = await Client.open(server, { room: calm.room });
    await client.start();
    await client.auth();
    await client.start();
    client.send(client.presence(calm.room, { nick: 'deadbeef' }));
    const answer = await client.expect((frame) => frame.el?.name === 'stream:error' || (frame.el?.name === 'presence' && frame.el.attrs.type === 'error'), 'an error');
    assert.ok(answer);
  });

  await t.test('a second bind is an IQ error and changes nothing', async () => {
    const client = await guest(server, calm.room);
    const answer = await client.iq('set', undefined, el('bind', { xmlns: NS.bind }, el('resource', {}, 'second')));
    assert.equal(answer?.attrs.type, 'error', `an error, but ${answer}`);
    assert.ok(['not-allowed', 'unexpected-request', 'resource-constraint'].includes(errorOf(answer).condition), String(answer));
    await client.barrier();
  });

  await t.test('an unknown mechanism fails as invalid-mechanism, and SASL may be tried again', async () => {
    const client = await Client.open(server, { room: calm.room });
    await client.start();
    const answer = await client.tryAuth('EXTERNAL', 'AA==');
    assert.equal(answer.el.name, 'failure');
    assert.ok(child(answer.el, 'invalid-mechanism'), answer.raw);
    assert.equal((await client.tryAuth()).el.name, 'success');
  });

  await t.test('PLAIN for an account that nobody can have fails', async () => {
    const client = await Client.open(server, { room: calm.room });
    await client.start();
    const answer = await client.tryAuth('PLAIN', Buffer.from('\0focus\0focus').toString('base64'));
    assert.equal(answer.el.name, 'failure', answer.raw);
  });

  await t.test('auth after success ends the stream or fails, but gives no second identity', async () => {
    const client = await guest(server, calm.room);
    client.send(`<auth xmlns="${NS.sasl}" mechanism="ANONYMOUS"/>`);
    const answer = await client.expect((frame) => ['stream:error', 'failure', 'success'].includes(frame.el?.name), 'an answer');
    assert.notEqual(answer.el.name, 'success', answer.raw);
  });

  await t.test('a stream to a foreign host is host-unknown', async () => {
    const client = await Client.open(server, { room: calm.room });
    client.send(`<open xmlns="${NS.framing}" to="elsewhere.invalid" version="1.0"/>`);
    assert.equal(await streamError(client), 'host-unknown');
  });

  await t.test('an IQ of unknown content is answered, one without id does no harm, a forged from is not passed on', async () => {
    const client = await guestIn(server, calm.room, 'odd');
    const answer = await client.iq('get', server.domain, el('query', { xmlns: 'urn:nobody:knows' }));
    assert.equal(answer?.attrs.type, 'error');
    assert.ok(['service-unavailable', 'feature-not-implemented'].includes(errorOf(answer).condition), String(answer));
    const other = await guestIn(server, calm.room, 'listener');
    client.send(`<message xmlns="jabber:client" type="groupchat" from="${calm.room}@${server.muc}/focus" to="${calm.room}@${server.muc}"><body>forged</body></message>`);
    const frame = await Promise.race([
      other.expectBody('forged').catch(() => undefined),
      client.expect((each) => each.el?.name === 'stream:error', 'stream error').catch(() => undefined),
    ]);
    if (isMessage(frame)) assert.equal(frame.el.attrs.from, `${calm.room}@${server.muc}/${client.nick}`, frame.raw);
    else assert.ok(child(frame.el, 'invalid-from'), frame.raw);
    client.vanish();
    await other.close();
  });
});

test('bad input: garbage on the UDP port is met with silence', async (t) => {
  const server = await serve(t);
  assert.ok(server.udp, 'the server named its UDP port');
  const calm = await witnesses(server);
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  const answers = [];
  socket.on('message', (data) => answers.push(data));
  const send = (data) => new Promise((resolve) => socket.send(data, server.udp.first, '127.0.0.1', resolve));
  for (let first = 0; first < 256; first++) {
    for (const size of [1, 2, 20, 48, 600, 1400]) {
      const datagram = randomBytes(size);
      datagram[0] = first;
      await send(datagram);
    }
  }
  await send(Buffer.alloc(0));
  const binding = Buffer.from('000100002112a442000102030405060708090a0b', 'hex'); // a Binding request that names no session
  await send(binding);
  const username = Buffer.concat([Buffer.from('000100102112a442000102030405060708090a0b', 'hex'), Buffer.from('00060009', 'hex'), Buffer.from('nob:ody99\0\0\0')]);
  await send(username);
  const { status } = await get(server, '/about/health');
  assert.equal(status, 200);
  await calm.undisturbed();
  // A STUN error to a request that names no session is what RFC 8489 allows; to anything else there is no answer at all.
  const odd = answers.filter((data) => !(data.length >= 20 && data.readUInt16BE(0) === 0x0111));
  assert.deepEqual(odd.map((data) => data.toString('hex')), []);
  assert.ok(answers.length <= 2, `${answers.length} answers`);
});

test('bad input: half-open and broken TLS hold up nobody', async (t) => {
  const server = await serve(t, { env: { DISABLE_HTTPS: '0' } });
  assert.ok(server.https, 'the server named its HTTPS port');
  const calm = await witnesses(server);
  const openings = [
    Buffer.alloc(0),
    Buffer.from('16', 'hex'),
    Buffer.from('1603010200010001fc0303', 'hex'), // a ClientHello that goes no further
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), // plain HTTP on the TLS port
    randomBytes(600),
    Buffer.from('1603018000', 'hex'),
  ];
  const sockets = [];
  for (let round = 0; round < 10; round++) {
    for (const opening of openings) {
      const socket = connect(server.https, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(opening);
      sockets.push(socket);
    }
  }
  const client = await Client.login(server, { room: calm.room, url: `wss://127.0.0.1:${server.https}/xmpp-websocket` });
  await client.barrier();
  await calm.undisturbed();
  for (const socket of sockets) socket.destroy();
  await calm.undisturbed();
});

test('bad input: HTTP', async (t) => {
  const server = await serve(t);
  const calm = await witnesses(server);
  const raw = async (text) => {
    const socket = connect(server.http, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk));
    socket.end(text);
    await within(5000, once(socket, 'close'), `end of the connection after ${text.slice(0, 40)}`);
    return answer;
  };
  await t.test('a plain GET on /xmpp-websocket, by which clients keep connections warm, is answered 200 at once', async () => assert.equal((await get(server, '/xmpp-websocket?room=x')).status, 200));
  await t.test('no HTTP at all is answered 400 or hung up on', async () => assert.match(`${await raw('\x00\x01\x02 nonsense\r\n\r\n')} `, /^(HTTP\/1\.1 400.*)?\s/s));
  await t.test('a header of one megabyte is refused', async () => assert.match(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(1 << 20)}\r\n\r\n`), /^(HTTP\/1\.1 (400|413|414|431).*)?$/s));
  await t.test('a path out of the web root finds nothing', async () => {
    for (const path of ['/../../etc/passwd', '/..%2f..%2fetc/passwd', '/assets/../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/%00']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      assert.ok(!answer.includes('root:'), path);
      assert.match(answer, /^HTTP\/1\.1 (200|400|403|404)/, path);
    }
  });
  await t.test('an upgrade without the xmpp subprotocol is refused or does not claim it', async () => {
    const answer = await raw('GET /xmpp-websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat\r\n\r\n');
    assert.ok(!/Sec-WebSocket-Protocol: chat/i.test(answer), answer);
  });
  await t.test('a colibri-ws of nobody is 403 or 404', async () => {
    for (const path of ['/colibri-ws/0/abc/def?pwd=x', '/colibri-ws/999/abc/def?pwd=x', '/colibri-ws/', '/colibri-ws/0/a/b/c/d']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 (400|403|404)/, `${path}: ${answer.slice(0, 100)}`);
    }
  });
  await calm.undisturbed();
});

test('bad input: a client that vanishes without closing', async (t) => {
  const server = await serve(t);

  await t.test('without stream management it is out of the room, and the others are told', async () => {
    const room = fresh('gone');
    const host = await hostIn(server, room);
    const client = await guest(server, room, 'ghost', { enable: false });
    await client.enter(room);
    await host.expectPresence(room, client.nick);
    client.vanish();
    await host.expectGone(room, client.nick, 10000);
  });

  await t.test('with stream management it stays, can come back, and gets what was said meanwhile', async () => {
    const room = fresh('gone');
    const host = await hostIn(server, room);
    const client = await guestIn(server, room, 'ghost');
    client.vanish();
    await host.barrier();
    host.groupchat(room, 'while you were away');
    await host.expectBody('while you were away');
    assert.ok(host.nicks(room).includes(client.nick), 'still in the room while hibernating');
    const back = await client.resume();
    assert.equal(back.resumed.el.name, 'resumed', back.resumed.raw);
    await back.expectBody('while you were away');
    back.groupchat(room, 'back');
    await host.expectBody('back');
  });

  await t.test('a hundred of them do not keep the server from stopping cleanly', async () => {
    const room = fresh('gone');
    await hostIn(server, room);
    for (let index = 0; index < 100; index++) (await guest(server, room, `ghost ${index}`)).vanish();
  });
});
