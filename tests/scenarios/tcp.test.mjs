// XMPP over TCP: what is taken before TLS, and bad input of every kind (RFC 6120 §4, §5).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get } from '../support/admin.mjs';
import { parseMetrics, valueOf } from '../support/metrics.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { header, RawStream, STARTTLS } from '../support/tcp_client.mjs';

const auth = (text) => `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from(text).toString('base64')}</auth>`;

async function secured(server, to = server.domain) {
  const raw = await RawStream.open(server);
  raw.write(header(to) + STARTTLS);
  await raw.until(/<proceed/);
  await raw.secure();
  raw.write(header(to));
  await raw.until(/<\/stream:features>/);
  return raw;
}

test('the TCP port', async (t) => {
  const server = await serve(t, { env: { CONCLAVE_XMPP_TCP: '1' } });
  assert.ok(server.xmpp > 0);

  await t.test('offers login only inside TLS', async () => {
    const raw = await RawStream.open(server);
    raw.write(header(server.domain));
    const before = await raw.until(/<\/stream:features>/);
    assert.match(before, /<starttls [^>]*><required/);
    assert.doesNotMatch(before, /mechanism/);
    raw.write(STARTTLS);
    await raw.until(/<proceed/);
    await raw.secure();
    raw.write(header(server.domain));
    assert.match(await raw.until(/<\/stream:features>/), /<mechanism[^>]*>ANONYMOUS/);
    raw.socket.destroy();
  });

  await t.test('refuses what is said in clear', async () => {
    const said = [
      [auth('\0bo\0secret'), /policy-violation/],
      ["<message to='x@y'><body>hi</body></message>", /policy-violation/],
      [`${STARTTLS}<iq type='get' id='1'/>`, /policy-violation/],
      ['</stream:stream>', /<\/stream:stream>$/],
    ];
    for (const [text, expected] of said) {
      const raw = await RawStream.open(server);
      raw.write(header(server.domain) + text);
      const answer = await raw.rest();
      assert.match(answer, expected);
      assert.doesNotMatch(answer, /proceed|success/, text);
    }
  });

  await t.test('names what is wrong with a stream', async () => {
    const wrong = [
      [header('elsewhere.example'), /host-unknown/],
      [header(server.domain, ''), /unsupported-version/],
      [`<stream to='${server.domain}' version='1.0'>`, /invalid-namespace/],
      ["<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><stream:stream>", /restricted-xml/],
      [`${header(server.domain)}<iq>&a;</iq>`, /restricted-xml/],
      ['GET / HTTP/1.1\r\nHost: x\r\n\r\n<x>', /not-well-formed/],
      [`${header(server.domain)}</stream:stram>`, /not-well-formed/],
      [`<stream:stream to='${'x'.repeat(5000)}`, /policy-violation/],
      ['\0\0\0\0<', /not-well-formed/],
    ];
    for (const [text, expected] of wrong) {
      const raw = await RawStream.open(server);
      raw.write(text);
      assert.match(await raw.rest(), expected, text.slice(0, 100));
    }
  });

  await t.test('the same inside TLS, byte by byte too', async () => {
    const wrong = [
      ["<message to='x@y'/>", /not-authorized/],
      ['<iq>&a;</iq>', /restricted-xml/],
      ['<!-- hello --><iq/>', /restricted-xml/],
      [`<a b='${'x'.repeat(40_000)}`, /policy-violation/],
      [`<a>${'x'.repeat(300_000)}`, /policy-violation/],
      ['<a>'.repeat(40), /policy-violation/],
    ];
    for (const [text, expected] of wrong) {
      const raw = await secured(server);
      raw.write(text);
      assert.match(await raw.rest(), expected, text.slice(0, 60));
    }
    const slow = await secured(server);
    for (const byte of auth('\0nobody\0wrong')) slow.write(byte);
    await slow.until(/<failure/);
    slow.socket.destroy();
  });

  await t.test('a handshake that is none ends the connection', async () => {
    const raw = await RawStream.open(server);
    raw.write(header(server.domain) + STARTTLS);
    await raw.until(/<proceed/);
    raw.write('this is no ClientHello, and never will be');
    await raw.rest();
  });

  await t.test('a guest whose connection broke resumes under his old name (XEP-0198)', async () => {
    const loggedIn = async () => {
      const raw = await secured(server);
      raw.write("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>");
      await raw.until(/<success/);
      raw.text = '';
      raw.write(header(server.domain));
      await raw.until(/<\/stream:features>/);
      return raw;
    };
    const first = await loggedIn();
    first.write("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    const said = await first.until(/<enabled [^>]*>/);
    const [, jid] = /<jid[^>]*>([^<]+)</.exec(said);
    const [, id] = /<enabled [^>]*id="([^"]+)"/.exec(said);
    first.socket.destroy();
    const stranger = await loggedIn();
    stranger.write(`<resume xmlns='urn:xmpp:sm:3' h='0' previd='${id.slice(0, 2)}${'x'.repeat(32)}'/>`);
    await stranger.until(/<item-not-found/);
    stranger.socket.destroy();
    const back = await loggedIn();
    back.write(`<resume xmlns='urn:xmpp:sm:3' h='0' previd='${id}'/>`);
    await back.until(/<resumed /);
    back.write(`<iq type='get' id='p' to='${server.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    assert.ok((await back.until(/id="p"/)).includes(`to="${jid}"`), back.text);
    back.socket.destroy();
  });

  await t.test('three wrong passwords end the stream', async () => {
    const recorder = await serve(t, { env: { JIBRI_XMPP_PASSWORD: '0123456789abcdef0123' } });
    const raw = await secured(recorder, `auth.${recorder.domain}`);
    for (let i = 1; i <= 3; ++i) {
      raw.write(auth('\0jibri\0wrong'));
      await raw.until(new RegExp(`(<failure[^]*){${i}}`));
    }
    assert.match(await raw.rest(), /policy-violation/);
  });

  await t.test('too many that have not logged in are turned away, and the meeting goes on', async () => {
    const room = fresh('tcp');
    const host = await hostIn(server, room);
    const streams = [];
    for (let i = 0; i < 25; ++i) streams.push(await RawStream.open(server));
    await Promise.any(streams.map((raw) => raw.ended));
    const refused = valueOf(parseMetrics((await get(server, '/metrics')).body), 'conclave_tcp_refused');
    assert.ok(refused >= 1, `refused: ${refused}`);
    for (const raw of streams) raw.socket.destroy();
    const guest = await guestIn(server, room);
    guest.groupchat(room, 'still here');
    await host.expectBody('still here');
  });
});

test('the TCP port is closed where no service has a password', async (t) => {
  const server = await serve(t);
  assert.equal(server.xmpp, 0);
});
