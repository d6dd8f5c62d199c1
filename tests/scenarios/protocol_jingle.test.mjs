// The offer of the focus: shape of session-initiate by media.md 2.1–2.11, read from the raw frame as the stock client reads it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guest, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, childrenOf, el, find, isIq } from '../support/xmpp.mjs';

const RTP = 'urn:xmpp:jingle:apps:rtp:1';
const ICE = 'urn:xmpp:jingle:transports:ice-udp:1';
// Elements that must carry their namespace literally and without prefix (media.md 2.3).
const LITERAL = {
  jingle: NS.jingle,
  description: RTP,
  group: 'urn:xmpp:jingle:apps:grouping:0',
  transport: ICE,
  fingerprint: 'urn:xmpp:jingle:apps:dtls:0',
  sctpmap: 'urn:xmpp:jingle:transports:dtls-sctp:1',
  'rtcp-fb': 'urn:xmpp:jingle:apps:rtp:rtcp-fb:0',
  'rtp-hdrext': 'urn:xmpp:jingle:apps:rtp:rtp-hdrext:0',
  'extmap-allow-mixed': 'urn:xmpp:jingle:apps:rtp:rtp-hdrext:0',
  'ssrc-group': 'urn:xmpp:jingle:apps:rtp:ssma:0',
  source: 'urn:xmpp:jingle:apps:rtp:ssma:0',
  'ssrc-info': NS.jitmeet,
  'bridge-session': NS.focus,
  'json-message': NS.jitmeet,
};

const isOffer = (frame) => isIq(frame) && child(frame.el, 'jingle')?.attrs.action === 'session-initiate';
const offerTo = (client) => client.expect(isOffer, 'session-initiate', 10000);

test('Jingle: one alone gets no offer, two get one each', async (t) => {
  const server = await serve(t);
  const room = fresh('jingle');
  const host = await hostIn(server, room);
  await host.barrier();
  assert.ok(!host.seen(isOffer), 'no offer while alone');
  const other = await guestIn(server, room);
  const offers = [await offerTo(host), await offerTo(other)];
  assert.notEqual(child(offers[0].el, 'jingle').attrs.sid, child(offers[1].el, 'jingle').attrs.sid);
  const third = await guestIn(server, room, 'third');
  await offerTo(third);
  for (const client of [host, other]) {
    await client.barrier();
    assert.equal(client.log.filter(isOffer).length, 1, 'a third does not renew the offers of the others');
  }
});

test('Jingle: the shape of the offer', async (t) => {
  const server = await serve(t);
  const room = fresh('jingle');
  await hostIn(server, room);
  const client = await guestIn(server, room);
  const { el: iq, raw } = await offerTo(client);
  const jingle = child(iq, 'jingle', NS.jingle);

  await t.test('it comes from the focus occupant, to the client, as IQ set with sid and initiator', () => {
    assert.equal(iq.attrs.type, 'set');
    assert.equal(iq.attrs.from, `${client.roomJid(room)}/focus`);
    assert.ok(jingle.attrs.sid);
    assert.ok(jingle.attrs.initiator, raw);
  });

  await t.test('no element has a prefix, and those that must have a literal xmlns have it', () => {
    assert.doesNotMatch(raw.replace(/>[^<]*</g, '><'), /<\/?[\w-]+:[\w-]+/, 'no prefixed elements');
    for (const [name, xmlns] of Object.entries(LITERAL)) {
      for (const [tag] of raw.matchAll(new RegExp(`<${name}(?=[\\s/>])[^>]*>`, 'g'))) {
        assert.ok(new RegExp(`\\sxmlns=["']${xmlns.replaceAll('.', '\\.')}["']`).test(tag), `${tag} has xmlns="${xmlns}"`);
      }
    }
  });

  const contents = childrenOf(jingle, 'content');
  const byName = Object.fromEntries(contents.map((content) => [content.attrs.name, content]));

  await t.test('contents audio and video by the initiator, senders both, and a BUNDLE group of them', () => {
    assert.deepEqual(contents.map((content) => content.attrs.name).slice(0, 2), ['audio', 'video']);
    for (const content of contents) assert.deepEqual([content.attrs.creator, content.attrs.senders], ['initiator', 'both']);
    const group = child(jingle, 'group', LITERAL.group);
    assert.equal(group?.attrs.semantics, 'BUNDLE');
    assert.deepEqual(childrenOf(group, 'content').map((each) => each.attrs.name), contents.map((content) => content.attrs.name));
    assert.ok(contents.filter((content) => content.attrs.name === 'data').length <= 1);
  });

  await t.test('audio: opus 111 with its parameters and transport-cc, telephone-event 126', () => {
    const description = child(byName.audio, 'description', RTP);
    assert.equal(description.attrs.media, 'audio');
    const types = Object.fromEntries(childrenOf(description, 'payload-type').map((each) => [each.attrs.id, each]));
    assert.deepEqual([types[111]?.attrs.name, types[111]?.attrs.clockrate, types[111]?.attrs.channels], ['opus', '48000', '2']);
    const parameters = Object.fromEntries(childrenOf(types[111], 'parameter').map((each) => [each.attrs.name, each.attrs.value]));
    assert.equal(parameters.minptime, '10');
    assert.equal(parameters.useinbandfec, '1');
    assert.ok(childrenOf(types[111], 'rtcp-fb').some((each) => each.attrs.type === 'transport-cc'));
    assert.equal(types[126]?.attrs.name, 'telephone-event');
  });

  await t.test('video: the numbers that everybody shares, with their feedback and retransmission', () => {
    const description = child(byName.video, 'description', RTP);
    const types = Object.fromEntries(childrenOf(description, 'payload-type').map((each) => [each.attrs.id, each]));
    for (const [id, name] of [['41', 'AV1'], ['100', 'VP8'], ['107', 'H264'], ['101', 'VP9']]) {
      assert.equal(types[id]?.attrs.name, name, `payload type ${id}`);
      assert.equal(types[id].attrs.clockrate, '90000');
      const feedback = childrenOf(types[id], 'rtcp-fb').map((each) => [each.attrs.type, each.attrs.subtype].filter(Boolean).join(' '));
      for (const wanted of ['ccm fir', 'nack', 'nack pli', 'transport-cc']) assert.ok(feedback.includes(wanted), `${wanted} on ${name}: ${feedback}`);
    }
    for (const [id, apt] of [['96', '100'], ['97', '101'], ['99', '107'], ['42', '41']]) {
      assert.equal(types[id]?.attrs.name, 'rtx', `payload type ${id}`);
      assert.equal(childrenOf(types[id], 'parameter').find((each) => each.attrs.name === 'apt')?.attrs.value, apt);
    }
  });

  await t.test('header extensions by number, and extmap-allow-mixed', () => {
    const of = (content) => Object.fromEntries(childrenOf(child(content, 'description'), 'rtp-hdrext').map((each) => [each.attrs.id, each.attrs.uri]));
    assert.equal(of(byName.audio)[1], 'urn:ietf:params:rtp-hdrext:ssrc-audio-level');
    for (const content of [byName.audio, byName.video]) {
      assert.equal(of(content)[5], 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01');
      assert.equal(of(content)[10], 'urn:ietf:params:rtp-hdrext:sdes:mid');
      assert.ok(child(child(content, 'description'), 'extmap-allow-mixed'));
      assert.ok(child(child(content, 'description'), 'rtcp-mux'), 'rtcp-mux is a child of description');
    }
    assert.equal(of(byName.video)[11], 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension');
  });

  await t.test('one transport, repeated: ufrag, pwd, sha-256 fingerprint with actpass, UDP candidates on our port', () => {
    const transports = contents.map((content) => child(content, 'transport', ICE));
    for (const transport of transports) {
      assert.deepEqual([transport.attrs.ufrag, transport.attrs.pwd], [transports[0].attrs.ufrag, transports[0].attrs.pwd]);
      assert.ok(transport.attrs.ufrag.length >= 4 && transport.attrs.pwd.length >= 22, 'lengths of RFC 8445');
      const fingerprint = child(transport, 'fingerprint');
      assert.deepEqual([fingerprint.attrs.hash, fingerprint.attrs.setup], ['sha-256', 'actpass']);
      assert.match(fingerprint.getText(), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      assert.notEqual(fingerprint.attrs.cryptex, 'true');
      const candidates = childrenOf(transport, 'candidate');
      assert.ok(candidates.length > 0);
      for (const { attrs } of candidates) {
        assert.deepEqual([attrs.component, attrs.protocol, attrs.type], ['1', 'udp', 'host']);
        assert.ok(Number(attrs.port) >= server.udp.first && Number(attrs.port) <= server.udp.last, `port ${attrs.port} of ${server.udp.first}–${server.udp.last}`);
        for (const name of ['foundation', 'generation', 'id', 'network', 'priority', 'ip']) assert.ok(attrs[name] !== undefined, name);
      }
      assert.ok(candidates.some(({ attrs }) => attrs.ip === '127.0.0.1'), 'the advertised address');
    }
  });

  await t.test('the bridge channel: a web-socket url of this server, conference and endpoint, with a password', () => {
    const socket = find(jingle, 'web-socket');
    assert.match(socket?.attrs.url ?? '', new RegExp(`^wss?://[^/]+/colibri-ws/[^/]+/[0-9a-f]+/${client.nick}\\?pwd=.{16,}$`));
    assert.ok(!byName.data, 'and no data channel, which would win over it');
  });

  await t.test('a bridge-session with an id, and the pseudo sources of the bridge', () => {
    assert.ok(child(jingle, 'bridge-session', NS.focus)?.attrs.id);
    const json = child(jingle, 'json-message', NS.jitmeet);
    const sources = json ? JSON.parse(json.getText()).sources.jvb : undefined;
    if (sources) {
      assert.deepEqual([sources[0][0].n, sources[0][0].m], ['jvb-v0', 'mixedmslabel mixedlabelvideo0']);
      assert.deepEqual([sources[2][0].n, sources[2][0].m], ['jvb-a0', 'mixedmslabel mixedlabelaudio0']);
    } else {
      for (const [content, name] of [[byName.audio, 'jvb-a0'], [byName.video, 'jvb-v0']]) {
        const source = childrenOf(child(content, 'description'), 'source').find((each) => each.attrs.name === name);
        assert.ok(source, `${name} in ${raw}`);
        assert.match(childrenOf(source, 'parameter').find((each) => each.attrs.name === 'msid')?.attrs.value, /^mixedmslabel /);
      }
    }
  });
});

test('Jingle: a restart is answered with a result and a new offer', async (t) => {
  const server = await serve(t);
  const room = fresh('jingle');
  await hostIn(server, room);
  const client = await guestIn(server, room);
  const { el: iq } = await offerTo(client);
  const jingle = child(iq, 'jingle');
  const restart = el(
    'jingle',
    { xmlns: NS.jingle, action: 'session-terminate', sid: jingle.attrs.sid },
    el('reason', {}, el('connectivity-error'), el('text', {}, 'ICE FAILED')),
    el('bridge-session', { xmlns: NS.focus, id: child(jingle, 'bridge-session').attrs.id, restart: 'true' }),
  );
  const answer = await client.iq('set', `${client.roomJid(room)}/focus`, restart);
  assert.equal(answer.attrs.type, 'result', String(answer));
  const again = await offerTo(client);
  assert.notEqual(child(again.el, 'jingle').attrs.sid, jingle.attrs.sid);
});

test('Jingle: a client with the bare minimum of features (media.md 2.4) gets an offer with XML sources and no rtx', async (t) => {
  const server = await serve(t);
  const room = fresh('jingle');
  await hostIn(server, room);
  const old = await guest(server, room, 'old', { features: ['urn:xmpp:jingle:1', 'urn:xmpp:jingle:apps:rtp:audio', 'urn:xmpp:jingle:apps:rtp:video'] });
  await old.enter(room);
  const { el: iq, raw } = await offerTo(old);
  assert.ok(!child(child(iq, 'jingle'), 'json-message'), raw);
  assert.doesNotMatch(raw, /name=["']rtx["']/);
});
