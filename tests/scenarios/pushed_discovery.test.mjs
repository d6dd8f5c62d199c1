// What the domain says of itself, asked for and pushed (signalling.md 2.6, 3.2; upstream's jiconop).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guest, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, childrenOf, isMessage } from '../support/xmpp.mjs';

const deployment = { DEPLOYMENTINFO_SHARD: 's1', DEPLOYMENTINFO_REGION: 'eu' };
const identitiesOf = (query) => new Map(childrenOf(query, 'identity').map(({ attrs }) => [attrs.type, attrs.name]));

function assertWhole(query, server) {
  const identities = identitiesOf(query);
  assert.equal(identities.get('shard'), 's1');
  assert.equal(identities.get('region'), 'eu');
  assert.ok(identities.get('release'));
  assert.equal(identities.get('room_metadata'), `metadata.${server.domain}`);
  assert.equal(identities.get('lobbyrooms'), `lobby.${server.domain}`);
  assert.ok(childrenOf(query, 'feature').some(({ attrs }) => attrs.var === 'urn:xmpp:ping'));
}

test('discovery is pushed before the address, as the first message of all', async (t) => {
  const server = await serve(t, { env: { ...deployment, CONCLAVE_PUSH_DISCOVERY: '1' } });
  const client = await guest(server, fresh('push'));
  const [pushed] = client.log.filter(isMessage);
  const bound = client.log.findIndex((frame) => frame.raw.includes('_bind_auth_2'));
  assert.ok(client.log.indexOf(pushed) < bound, 'before the answer to bind');
  assert.equal(pushed.el.attrs.to, client.jid, 'to the full address');
  assert.equal(pushed.el.attrs.from, server.domain);
  assertWhole(child(pushed.el, 'query', NS.disco), server);
});

test('discovery is not pushed unless it was asked for; the question has the same answer', async (t) => {
  const server = await serve(t, { env: deployment });
  const room = fresh('push');
  const host = await hostIn(server, room);
  assert.ok(!host.seen((frame) => isMessage(frame) && child(frame.el, 'query')));
  assertWhole(child(await host.disco(), 'query'), server);
});
