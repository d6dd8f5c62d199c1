// Somebody who can reach nothing but a TURN server takes part through it: the real coturn takes the credentials that our server makes,
// and no others.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { address, chromiumPerson, webServer } from '../support/browser.mjs';
import { fresh } from '../support/people.mjs';
import { turnserver } from '../support/turnserver.mjs';

const SECRET = 'shared with the relay of this test';

/** Whether a browser gets an address from the relay with that user name and password. */
const allocates = (person, server) =>
  person.page.evaluate(async (given) => {
    const connection = new RTCPeerConnection({ iceServers: [given], iceTransportPolicy: 'relay' });
    connection.createDataChannel('x');
    const relayed = new Promise((done) => {
      connection.onicecandidate = ({ candidate }) => {
        if (candidate?.type === 'relay') done(true);
        if (!candidate) done(false);
      };
    });
    await connection.setLocalDescription();
    const result = await relayed;
    connection.close();
    return result;
  }, server);

const signed = (username, secret) => ({ username, credential: createHmac('sha1', secret).update(username).digest('base64') });

test('e2e: a meeting through coturn', { timeout: 240000 }, async (t) => {
  const relay = await turnserver(t, { host: address, secret: SECRET });
  const server = await webServer(t, {
    env: { TURN_HOST: address, TURN_PORT: String(relay.port), TURN_TRANSPORT: 'tcp', TURN_CREDENTIALS: SECRET, TURN_TTL: '600', CONCLAVE_MEDIA_ON_HTTPS: '0' },
  });
  const room = fresh('relay');
  const host = await chromiumPerson(t, 'Ada', { colour: 'red' });
  const guest = await chromiumPerson(t, 'Gina', { colour: 'green' });
  await guest.page.addInitScript(() => {
    const Before = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Before {
      constructor(options, ...rest) {
        super({ ...options, iceTransportPolicy: 'relay' }, ...rest);
      }
    };
  });

  await t.test('the one who is forced to relay sees and hears the other, and is seen', async () => {
    await host.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
    await guest.open(server, room);
    for (const person of [host, guest]) await person.inMeeting(2);
    for (const person of [host, guest]) {
      await person.grows('frames', 30);
      await person.grows('audioEnergy', 0.0005);
    }
    const local = await guest.page.evaluate(async () => {
      const stats = [...(await window.testConnections[0].getStats()).values()];
      const pair = stats.find((each) => each.type === 'candidate-pair' && each.nominated && each.state === 'succeeded');
      return stats.find((each) => each.id === pair?.localCandidateId)?.candidateType;
    });
    assert.equal(local, 'relay');
  });

  await t.test('a credential that is over, or of another secret, is refused; a good one is not', async () => {
    const urls = `turn:${address}:${relay.port}?transport=tcp`;
    const now = Math.floor(Date.now() / 1000);
    assert.equal(await allocates(host, { urls, ...signed(`${now + 600}:somebody`, SECRET) }), true);
    assert.equal(await allocates(host, { urls, ...signed(`${now - 60}:somebody`, SECRET) }), false);
    assert.equal(await allocates(host, { urls, ...signed(`${now + 600}:somebody`, 'another secret') }), false);
  });
});
