// Media over TCP at the HTTPS port and at one of its own (RFC 6544): what is offered, who is let through, who is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metric } from '../support/admin.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { freePort, serve } from '../support/server.mjs';
import { FramedClient, bindingRequest, readStun } from '../support/stun.mjs';
import { child, childrenOf, isIq } from '../support/xmpp.mjs';
import { eventually } from '../support/waiting.mjs';

const isOffer = (frame) => isIq(frame) && child(frame.el, 'jingle')?.attrs.action === 'session-initiate';

async function transportOf(client) {
  const { el: iq } = await client.expect(isOffer, 'session-initiate', 10000);
  return child(childrenOf(child(iq, 'jingle'), 'content')[0], 'transport');
}

test('media over TCP', async (t) => {
  const https = await freePort();
  const server = await serve(t, {
    env: { DISABLE_HTTPS: '0', HTTPS_PORT: String(https), PUBLIC_URL: `https://127.0.0.1:${https}`, JVB_TCP_HARVESTER_DISABLED: '0', JVB_TCP_PORT: '0', CONCLAVE_LOOPS: '2' },
  });
  const transports = [];
  for (const each of [fresh('tcp'), fresh('tcp'), fresh('tcp')]) {
    await hostIn(server, each);
    transports.push(await transportOf(await guestIn(server, each)));
  }
  const { ufrag, pwd } = transports[0].attrs;

  await t.test('both ports are offered, passive, after UDP', () => {
    const [udp, ...tcp] = childrenOf(transports[0], 'candidate').map((each) => each.attrs);
    assert.equal(udp.protocol, 'udp');
    assert.deepEqual(tcp.map(({ protocol, tcptype, port, type }) => [protocol, tcptype, Number(port), type]), [
      ['tcp', 'passive', server.https, 'host'],
      ['tcp', 'passive', server.mediaTcp, 'host'],
    ]);
    for (const each of tcp) assert.ok(Number(each.priority) < Number(udp.priority));
  });

  for (const which of ['https', 'mediaTcp']) {
    await t.test(`a check with the right password is answered at ${which}, on whatever loop the room is`, async () => {
      for (const { attrs } of transports) {
        const client = await FramedClient.open(server[which]);
        client.send(bindingRequest(attrs));
        const answer = readStun(await client.next());
        assert.deepEqual(answer, { type: 0x0101, port: client.socket.localPort });
        client.close();
      }
    });
  }

  await t.test('a wrong password, a ufrag of nobody, and what is no STUN: the connection is closed', async () => {
    for (const wrong of [{ ufrag, pwd: 'x'.repeat(24) }, { ufrag: `${ufrag[0]}nobodyXY`, pwd }, { ufrag: '-', pwd }]) {
      const client = await FramedClient.open(server.https);
      client.send(bindingRequest(wrong));
      let packet;
      while ((packet = await client.next())) assert.equal(readStun(packet).type, 0x0111, 'an error, if anything');
    }
    const other = await FramedClient.open(server.mediaTcp);
    other.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.equal(await other.next(), null);
    assert.equal(await metric(server, /^conclave_media_tcp_not_proven/), 2);
  });

  await t.test('one network cannot fill the port with connections that prove nothing', async () => {
    const half = bindingRequest({ ufrag, pwd }).subarray(0, 12);
    const many = [];
    for (let i = 0; i < 60; i++) {
      const client = await FramedClient.open(server.https);
      client.socket.write(Buffer.concat([Buffer.from([0, 200]), half]));
      many.push(client);
    }
    await eventually('ten of them are closed', () => many.filter((each) => each.ended).length === 10);
    for (const each of many) each.close();
    await eventually('then there is room again', async () => {
      const client = await FramedClient.open(server.https);
      client.send(bindingRequest({ ufrag, pwd }));
      const answer = await client.next();
      client.close();
      return answer !== null;
    });
  });

  await t.test('connections that are over are forgotten', async () => {
    await eventually('none is open', async () => (await metric(server, /^conclave_media_tcp_connections$/)) === 0);
  });
});
