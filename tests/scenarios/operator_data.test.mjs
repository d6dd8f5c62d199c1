// What operators see of the media (media.md 22): /metrics in both dialects, /colibri/stats with every stock name, the live state of a room.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { call, get } from '../support/admin.mjs';
import { parseMetrics, valueOf } from '../support/metrics.mjs';
import { objections } from '../support/openapi.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { bindingRequest, readStun } from '../support/stun.mjs';
import { child, find, isIq } from '../support/xmpp.mjs';

const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const isOffer = (frame) => isIq(frame) && child(frame.el, 'jingle')?.attrs.action === 'session-initiate';

async function answerTo(context, port, datagram) {
  const socket = createSocket('udp4');
  context.after(() => socket.close());
  socket.send(datagram, port, '127.0.0.1');
  const [answer] = await once(socket, 'message');
  return answer;
}

// All of media.md 22.3.
const NUMBERS = `incoming_loss outgoing_loss overall_loss endpoints_with_high_outgoing_loss tcc_unmatched_feedback bit_rate_download
  bit_rate_upload packet_rate_download packet_rate_upload rtt_aggregate num_eps_oversending conferences inactive_conferences p2p_conferences
  octo_conferences largest_conference endpoints participants local_endpoints local_active_endpoints receive_only_endpoints inactive_endpoints
  octo_endpoints endpoints_sending_audio endpoints_sending_video endpoints_with_suspended_sources visitors threads stress_level
  average_participant_stress total_conferences_created total_conferences_completed total_conference_seconds total_participants total_visitors
  total_relays num_eps_no_msg_transport_after_delay num_relays_no_msg_transport_after_delay total_keyframes_received
  total_layering_changes_received total_video_stream_milliseconds_received total_data_channel_messages_received
  total_data_channel_messages_sent total_colibri_web_socket_messages_received total_colibri_web_socket_messages_sent total_bytes_received
  total_bytes_sent total_packets_received total_packets_sent total_bytes_received_octo total_bytes_sent_octo total_packets_received_octo
  total_packets_sent_octo total_dominant_speaker_changes preemptive_kfr_sent preemptive_kfr_suppressed total_ice_failed total_ice_succeeded
  total_ice_succeeded_relayed endpoints_ice_failed dtls_failed_endpoints relays_ice_failed dtls_failed_relays endpoints_with_spurious_remb
  endpoints_disconnected endpoints_reconnected octo_receive_bitrate octo_receive_packet_rate octo_send_bitrate octo_send_packet_rate
  muc_clients_configured muc_clients_connected mucs_configured mucs_joined`.split(/\s+/);
const FLAGS = ['graceful_shutdown', 'shutting_down', 'drain', 'healthy'];
const TEXTS = ['current_timestamp', 'relay_id', 'version', 'release', 'region'];

const stats = async (server) => JSON.parse((await get(server, '/colibri/stats')).body);
const metrics = async (server, accept) => {
  const answer = await get(server, '/metrics', accept ? { accept } : {});
  return { type: answer.headers['content-type'], body: answer.body, families: parseMetrics(answer.body) };
};

test('operator data of a meeting', async (t) => {
  const server = await serve(t, { env: { DEPLOYMENTINFO_REGION: 'north' } });
  const before = await stats(server);
  const room = fresh('seen');
  const host = await hostIn(server, room);
  const other = await guestIn(server, room);
  const { el: offer } = await host.expect(isOffer, 'session-initiate', 10000);
  await other.expect(isOffer, 'session-initiate', 10000);
  const transport = find(offer, 'transport');
  assert.equal(readStun(await answerTo(t, server.udp.first, bindingRequest(transport.attrs))).type, 0x0101);

  await t.test('/colibri/stats has every stock name, of the right type, and no other', async () => {
    const now = await stats(server);
    assert.deepEqual(Object.keys(now).sort(), [...NUMBERS, ...FLAGS, ...TEXTS].sort());
    for (const name of NUMBERS) assert.ok(Number.isFinite(now[name]) && now[name] >= 0, `${name}: ${now[name]}`);
    for (const name of FLAGS) assert.equal(now[name], name === 'healthy', name);
    for (const name of TEXTS) assert.equal(typeof now[name], 'string', name);
    assert.match(now.current_timestamp, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    assert.ok(Math.abs(Date.parse(`${now.current_timestamp.replace(' ', 'T')}Z`) - Date.now()) < 60000, 'UTC');
    assert.equal(now.region, 'north');
  });

  await t.test('/colibri/stats counts the meeting', async () => {
    const now = await stats(server);
    assert.equal(before.conferences, 0);
    for (const [name, value] of Object.entries({ conferences: 1, largest_conference: 2, endpoints: 2, participants: 2, receive_only_endpoints: 2, p2p_conferences: 1, total_participants: 2, total_conferences_created: 1, total_conferences_completed: 0 })) {
      assert.equal(now[name], value, name);
    }
    assert.ok(now.total_packets_received >= 1 && now.total_packets_sent >= 1, 'the check and its answer');
    assert.ok(now.total_bytes_received > 0 && now.stress_level <= 1);
  });

  for (const accept of [undefined, 'text/plain', 'application/openmetrics-text;q=0,*/*', 'application/openmetrics-text; version=1.0.0;q=0.9,text/plain;q=0.5']) {
    await t.test(`/metrics is strictly what was asked for (Accept: ${accept})`, async () => {
      const { type, body, families } = await metrics(server, accept);
      const open = accept?.includes('version=1.0.0') ?? false;
      assert.equal(type, open ? OPEN_METRICS : 'text/plain; version=0.0.4; charset=utf-8');
      assert.equal(body.endsWith('# EOF\n'), open);
      assert.equal(valueOf(families, 'conclave_endpoints'), 2);
      assert.ok(valueOf(families, 'conclave_joins') >= 2);
      if (open) assert.equal(families.get('conclave_media_in_bytes').unit, 'bytes');
      assert.ok(!body.includes(room) && !body.includes(server.adminToken));
    });
  }

  await t.test('/metrics has the times from packet in to packet out', async () => {
    const { families } = await metrics(server, OPEN_METRICS);
    const { samples, unit } = families.get('conclave_media_transit_seconds');
    assert.equal(unit, 'seconds');
    const bounds = samples.filter((each) => each.name.endsWith('_bucket')).map((each) => Number(each.labels.le.replace('+Inf', 'Infinity')));
    for (let i = 1; i < bounds.length - 1; ++i) assert.ok(Math.abs(bounds[i] / bounds[i - 1] - 2) < 1e-9, 'each twice the one before');
    const all = samples.find((each) => each.name.endsWith('_count')).value;
    assert.ok(all >= 1, 'the answer to the check');
    assert.ok(samples.find((each) => each.name.endsWith('_sum')).value < 60 * all);
  });

  await t.test('/debug/room/<name> shows both endpoints to whoever has the token', async () => {
    const { json: document } = await call(server, 'GET', '/openapi.json');
    const schema = { $ref: '#/components/schemas/RoomMedia' };
    const authorization = `Bearer ${server.adminToken}`;
    for (const path of [`/debug/room/${room}`, `/admin/v1/debug/room/${room}`]) {
      assert.equal((await get(server, path)).status, 401, path);
      assert.equal((await get(server, path, { authorization: 'Bearer no' })).status, 401, path);
      const answer = await get(server, path, { authorization });
      assert.equal(answer.status, 200);
      const state = JSON.parse(answer.body);
      assert.deepEqual(objections(document, schema, state), [], answer.body);
      assert.deepEqual(state.endpoints.map((each) => each.id).sort(), [host.nick, other.nick].sort());
      assert.ok(!answer.body.includes(transport.attrs.pwd), 'no credential');
    }
    assert.equal((await get(server, '/debug/room/nowhere', { authorization })).status, 404);
  });

  await t.test('numbers are only read', async () => {
    for (const path of ['/metrics', '/colibri/stats']) {
      const answer = await fetch(`http://${server.host}:${server.http}${path}`, { method: 'POST', headers: { connection: 'close' } });
      assert.equal(answer.status, 405, path);
    }
  });
});

test('the strict reader of metrics refuses what collectors refuse', () => {
  const good = '# HELP a_x Help\n# TYPE a_x counter\na_x_total 1\n# EOF\n';
  assert.equal(valueOf(parseMetrics(good), 'a_x'), 1);
  const bad = {
    'no help': '# TYPE a_x counter\na_x_total 1\n# EOF\n',
    'a family twice': good.replace('# EOF\n', '') + good,
    'type after samples': '# HELP a_x Help\na_x 1\n# TYPE a_x gauge\n# EOF\n',
    'a counter without _total': good.replace('_total', ''),
    'a unit that the name lacks': good.replace('# TYPE', '# UNIT a_x seconds\n# TYPE'),
    'no line feed': good.slice(0, -1),
    'a bucket that descends': '# HELP h Help\n# TYPE h histogram\nh_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\nh_sum 1\nh_count 1\n# EOF\n',
    'a histogram without +Inf': '# HELP h Help\n# TYPE h histogram\nh_bucket{le="1"} 1\nh_sum 1\nh_count 1\n# EOF\n',
    'not a number': good.replace(' 1', ' one'),
  };
  for (const [what, text] of Object.entries(bad)) assert.throws(() => parseMetrics(text), undefined, what);
});
