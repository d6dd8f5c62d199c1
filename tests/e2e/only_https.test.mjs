// Somebody behind a firewall that lets nothing out but TCP to the HTTPS port takes part: media over TCP (RFC 6544).
// The firewall: the address that is offered for UDP is one where nobody listens, and the server is told no address of the browsers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, chromiumPerson, webServer } from '../support/browser.mjs';
import { metric } from '../support/admin.mjs';
import { fresh } from '../support/people.mjs';

/** What the browser's own ICE chose. */
const path = (person) =>
  person.page.evaluate(async () => {
    for (const connection of window.testConnections) {
      const stats = [...(await connection.getStats()).values()];
      const pair = stats.find((each) => each.type === 'candidate-pair' && each.nominated && each.state === 'succeeded');
      const remote = stats.find((each) => each.id === pair?.remoteCandidateId);
      if (remote) return { protocol: remote.protocol, port: remote.port, sent: pair.bytesSent, received: pair.bytesReceived };
    }
    return undefined;
  });

for (const [how, env] of [['plain', {}], ['that passes for TLS', { CONCLAVE_MEDIA_PSEUDO_TLS: '1' }]]) {
  test(`e2e: a meeting over TCP to the HTTPS port alone, ${how}`, { timeout: 240000 }, async (t) => {
    const server = await webServer(t, { env: { JVB_ADVERTISE_IPS: `${address}#9`, ...env } });
    const room = fresh('https');
    const host = await chromiumPerson(t, 'Ada', { colour: 'red' });
    const guest = await chromiumPerson(t, 'Gina', { colour: 'green' });
    await host.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
    await guest.open(server, room);
    for (const person of [host, guest]) await person.inMeeting(2);
    for (const person of [host, guest]) {
      await person.grows('frames', 30);
      await person.grows('audioEnergy', 0.0005);
      const chosen = await path(person);
      assert.equal(chosen?.protocol, 'tcp');
      assert.equal(chosen.port, server.https);
    }
    assert.ok((await metric(server, /^conclave_media_tcp_connections$/)) >= 2);
    assert.equal(await metric(server, /^conclave_media_tcp_dropped/), 0, 'who reads in time loses nothing');
  });
}
