// The tests' own tools, tested: a tool that cannot fail proves nothing.
import assert from 'node:assert/strict';
import { createHmac, verify } from 'node:crypto';
import { test } from 'node:test';
import { notStarted, slugOf, sumOf } from './admin.mjs';
import { colourOf, nearest, y4m } from './picture.mjs';
import { answer, remoteOf } from '../load/sdp.mjs';
import { sharesOf } from '../load/profile.mjs';
import { scriptedPeer } from './scripted_peer.mjs';
import { Server, ports } from './server.mjs';
import { Issuer, rsaKeys, sign } from './token.mjs';
import { Inbox, within } from './waiting.mjs';
import { Client, NS, child, codes, errorOf, find, streamError } from './xmpp.mjs';
import { parse } from 'ltx';

test('a minted HS256 token carries the claims and a signature of the secret', () => {
  const token = new Issuer({ secret: 'k'.repeat(32) }).token('r', 'mod', { until: 42 });
  const [head, body, mac] = token.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  assert.equal(claims.room, 'r');
  assert.equal(claims.exp, 42);
  assert.equal(claims.context.user.moderator, true);
  assert.equal(mac, createHmac('sha256', 'k'.repeat(32)).update(`${head}.${body}`).digest('base64url'));
});

test('a minted RS256 token verifies with the public key', () => {
  const { publicKey, privateKey } = rsaKeys();
  const [head, body, mac] = sign({ alg: 'RS256', typ: 'JWT' }, { room: 'r' }, privateKey).split('.');
  assert.ok(verify('RSA-SHA256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(mac, 'base64url')));
});

test('raw JSON text goes into a token unchanged, so that duplicate keys can be sent', () => {
  const token = sign({ alg: 'HS256' }, '{"room":"a","room":"b"}', 'k');
  assert.equal(String(Buffer.from(token.split('.')[1], 'base64url')), '{"room":"a","room":"b"}');
});

test('a role that is not said leaves no claim about it', () => {
  const claims = new Issuer({ secret: 'k' }).claims('r', '-');
  assert.equal('moderator' in claims.context.user, false);
});

test('the inbox gives what came before and what comes later, and says what it got instead', async () => {
  const inbox = new Inbox();
  inbox.put('a');
  inbox.put('b');
  assert.equal(await inbox.next((item) => item === 'b'), 'b');
  const later = inbox.next((item) => item === 'c');
  inbox.put('c');
  assert.equal(await later, 'c');
  await assert.rejects(inbox.next((item) => item === 'z', { timeout: 10, what: 'z' }), /still no z; came and not taken:\s+a/);
});

test('a wait ends with an error when the stream does', async () => {
  const inbox = new Inbox();
  const waiting = inbox.next(() => true, { what: 'anything' });
  inbox.close('the socket closed (1006)');
  await assert.rejects(waiting, /closed \(1006\) while waiting for anything/);
});

test('a deadline says what was missing', async () => {
  await assert.rejects(within(5, new Promise(() => {}), 'answer'), /still no answer/);
});

test('the listening line is read with and without HTTPS and with a range of UDP ports', () => {
  assert.deepEqual(ports('listening http=8000 https=8443 xmpp=5222 media-tcp=4443 udp=10000-10001'), { http: 8000, https: 8443, xmpp: 5222, mediaTcp: 4443, udp: { first: 10000, last: 10001 } });
  assert.deepEqual(ports('listening http=8000 udp=10000'), { http: 8000, https: 0, xmpp: 0, mediaTcp: 0, udp: { first: 10000, last: 10000 } });
});

test('metrics are summed over labels and told apart from absent ones', () => {
  const text = '# TYPE conclave_waiting gauge\nconclave_waiting{loop="0"} 1\nconclave_waiting{loop="1"} 2\nconclave_rooms 4\n# EOF\n';
  assert.equal(sumOf(text, /waiting/), 3);
  assert.equal(sumOf(text, /absent/), undefined);
});

test('a reason is read as text or as an object', () => {
  assert.equal(slugOf('guest-may-join'), 'guest-may-join');
  assert.equal(slugOf({ slug: 'ended' }), 'ended');
});

test('credentials in the output are found', () => {
  const server = Object.assign(new Server(), { env: { JWT_APP_SECRET: 'a-secret-of-twenty-bytes' }, adminToken: undefined, issuer: new Issuer({ secret: 's' }), clients: new Set() });
  const token = server.token('r');
  server.output = `info joined token=${token}`;
  assert.deepEqual(server.leaks(), ['a token']);
});

test('errors are taken apart into type, condition, text and children', () => {
  const stanza = parse(
    `<presence type="error"><error type="cancel"><not-allowed xmlns="${NS.stanzas}"/><text xmlns="${NS.stanzas}">no</text><room-mismatch xmlns="${NS.jitmeet}"/></error></presence>`,
  );
  const { type, condition, text, children } = errorOf(stanza);
  assert.deepEqual({ type, condition, text, children }, { type: 'cancel', condition: 'not-allowed', text: 'no', children: ['room-mismatch'] });
});

test('an inherited namespace does not count as a literal xmlns', () => {
  const stanza = parse(`<iq><jingle xmlns="${NS.jingle}"><group/></jingle></iq>`);
  assert.ok(child(stanza, 'jingle', NS.jingle));
  assert.equal(child(child(stanza, 'jingle'), 'group', NS.jingle), undefined);
  assert.ok(find(stanza, 'group'));
});

test('the client logs in, counts stanzas and answers the peer as the stock client does', async (context) => {
  const peer = await scriptedPeer(context);
  const client = await Client.login(peer.server);
  context.after(() => client.vanish());
  assert.equal(client.nick, '0a1b2c3d');
  assert.equal(client.resumption.id, 'resume-1');
  await client.ping();
  assert.equal(client.sent, 1);
  assert.equal(client.received, 1);
  peer.sockets[0].send('<iq type="set" id="j" from="r@conference.meet.example/focus"><jingle xmlns="urn:xmpp:jingle:1" action="session-initiate" sid="1"/></iq>');
  peer.sockets[0].send(`<r xmlns="${NS.sm}"/>`);
  await client.expect((frame) => frame.el.attrs.id === 'j', 'jingle');
  await client.barrier();
  assert.ok(peer.heard.some((raw) => /type="result"/.test(raw) && /id="j"/.test(raw)));
  assert.ok(peer.heard.some((raw) => raw === `<a xmlns="${NS.sm}" h="2"/>`));
});

test('join keeps the others in order, and a refusal is an answer', async (context) => {
  const peer = await scriptedPeer(context, {
    presence: (element, socket) => {
      const [room, nick] = element.attrs.to.split('/');
      const x = (status) => `<x xmlns="${NS.mucUser}"><item affiliation="none" role="participant"/>${status}</x>`;
      if (room.startsWith('locked')) return `<presence type="error" from="${room}/${nick}"><error type="auth"><not-authorized xmlns="${NS.stanzas}"/></error></presence>`;
      socket.send(`<presence from="${room}/focus">${x('')}</presence>`);
      return `<presence from="${room}/${nick}">${x('<status code="110"/>')}</presence>`;
    },
  });
  const client = await Client.login(peer.server);
  context.after(() => client.vanish());
  const joined = await client.join('r');
  assert.deepEqual(joined.others.map((presence) => presence.attrs.from), ['r@conference.meet.example/focus']);
  assert.deepEqual(codes(joined.self), ['110']);
  assert.equal(client.role('r'), 'participant');
  assert.equal((await client.join('locked')).error.condition, 'not-authorized');
});

test('a stream error is told by its condition once the socket has closed', async (context) => {
  const peer = await scriptedPeer(context, {
    message: (_element, socket) => {
      socket.send(`<stream:error xmlns:stream="${NS.stream}"><policy-violation xmlns="${NS.streams}"/></stream:error>`);
      socket.close();
    },
  });
  const client = await Client.login(peer.server);
  client.send('<message/>');
  assert.equal(await streamError(client), 'policy-violation');
});

test('a colour survives the way into a y4m file as luma and chroma', () => {
  const file = y4m('red', { width: 8, height: 8, frames: 1 });
  assert.match(file.toString('latin1', 0, 60), /^YUV4MPEG2 W8 H8 F15:1 /);
  const [y, u, v] = colourOf('red').yuv;
  const frame = file.indexOf('FRAME\n') + 6;
  assert.equal(file.length, frame + 64 + 16 + 16);
  assert.ok(Math.abs(file[frame + 8 * 4 + 4] - y) <= 20, 'luma of the middle');
  assert.deepEqual([file[frame + 64], file[frame + 64 + 16]], [u, v]);
  assert.equal(nearest([230, 20, 30]), 'red');
  assert.equal(nearest([20, 20, 20]), 'black');
});

test('notStarted sees a room that only has people waiting as not started', async (context) => {
  const { createServer } = await import('node:http');
  let body = '[]';
  const http = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1');
  context.after(() => http.close());
  await new Promise((resolve) => http.on('listening', resolve));
  const server = { host: '127.0.0.1', http: http.address().port, adminToken: 'x' };
  assert.equal(await notStarted(server, 'q'), true);
  body = '[{"name":"q","state":"waiting","occupants":[],"waiting":1}]';
  assert.equal(await notStarted(server, 'q'), true);
  body = '[{"name":"q","state":"open","occupants":[]}]';
  assert.equal(await notStarted(server, 'q'), false);
});

test('each fake camera is nearest to its own colour, lighter and darker parts alike', () => {
  for (const name of ['red', 'green', 'blue', 'yellow']) {
    const [y, u, v] = colourOf(name).yuv;
    for (const luma of [y - 12, y, y + 20]) {
      const [l, b, r] = [1.164 * (luma - 16), u - 128, v - 128];
      const rgb = [l + 1.596 * r, l - 0.392 * b - 0.813 * r, l + 2.017 * b].map((value) => Math.min(255, Math.max(0, value)));
      assert.equal(nearest(rgb), name, `${name} with luma ${luma} is ${rgb.map(Math.round)}`);
    }
  }
});

test('a profile is added up by what the code belongs to', () => {
  const report = '# Overhead\n    49.00%  [kernel.kallsyms]\n  17.05%  libsoftokn3.so\n  7.00%  libsrtp2.so.1\n   5.90%  libc.so.6\n  11.60%  conclave\n  1.00%  libuv.so.1.0.0\n';
  const shares = sharesOf(report);
  assert.deepEqual(
    Object.entries(shares).map(([owner, share]) => [owner, share.toFixed(2)]),
    [['kernel', '49.00'], ['encryption', '24.05'], ['libc', '5.90'], ['own', '12.60']],
  );
});

test('an offer of SDP is read and answered, section by section, without its header extensions', () => {
  const media = (mid) =>
    `m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 10.77.0.1\r\na=mid:${mid}\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 transport-cc\r\na=extmap:3 urn:x\r\n` +
    'a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\na=fingerprint:sha-256 AA:BB\r\na=candidate:1 1 udp 2130706431 10.77.0.1 4000 typ host\r\n';
  const offered = `v=0\r\n${media('a')}${media('b')}`;
  assert.deepEqual(remoteOf(offered), { ufrag: 'abcd', pwd: 'secret', fingerprint: 'AA:BB', ip: '10.77.0.1', port: 4000 });
  const { sdp, payloadType } = answer({ ufrag: 'u', pwd: 'p', fingerprint: 'CC', port: 5000 }, '10.77.0.1', offered);
  assert.equal(payloadType, 96);
  assert.match(sdp, /^a=group:BUNDLE a b\r$/m);
  assert.equal(sdp.match(/^a=rtpmap:96 VP8/gm).length, 2);
  assert.doesNotMatch(sdp, /extmap|transport-cc/);
});
