import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compact, offer } from './fixtures';
import { sdpOffer } from './sdp_offer';
import { Slots } from './slots';

function written(read = offer()): string[] {
  const slots = new Slots([...read.descriptions.keys()], read.sources);
  return sdpOffer(read, slots.all, 1).split('\r\n');
}

test('the first m-line of each kind is two-way and carries the source of the bridge', () => {
  const lines = written();
  assert.deepEqual(lines.filter((line) => line.startsWith('m=')).map((line) => line.split(' ')[0]), ['m=audio', 'm=video', 'm=video', 'm=audio']);
  assert.deepEqual(lines.filter((line) => /^a=(sendrecv|sendonly)$/.test(line)), ['a=sendrecv', 'a=sendrecv', 'a=sendonly', 'a=sendonly']);
  assert.ok(lines.includes('a=ssrc:11223344 cname:jvb'));
});
test('each remote source has an m-line of its own with its retransmissions', () => {
  const lines = written();
  assert.ok(lines.includes('a=ssrc-group:FID 10 11'));
  assert.ok(lines.includes('a=msid:b07e44d2-video-0-1 t-1'));
});
test('all m-lines are bundled', () => assert.ok(written().includes('a=group:BUNDLE 0 1 2 3')));
test('VP8 comes first, whatever the order of the offer', () => assert.ok(written().includes('m=video 9 UDP/TLS/RTP/SAVPF 100 41 96')));
test('the mid extension is left out, as SSRCs tell streams apart', () => {
  assert.ok(!written().some((line) => line.includes('sdes:mid')));
  assert.ok(written().includes('a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level'));
});
test('an offer without any source still has m-lines to send on', () =>
  assert.equal(written(offer('')).filter((line) => line === 'a=sendrecv').length, 2));
test('nothing that another client wrote can start a line of its own', () => {
  const lines = written(offer(compact(`"b":[[{"s":7,"n":"b-v0","m":"x\\r\\na=evil y"}]]`)));
  assert.ok(!lines.some((line) => line.startsWith('a=evil')));
});
test('a source that has gone leaves a rejected m-line outside the bundle', () => {
  const read = offer();
  const slots = new Slots(['audio', 'video'], read.sources);
  slots.removeOwner('b07e44d2');
  const lines = sdpOffer(read, slots.all, 2).split('\r\n');
  assert.ok(lines.includes('a=group:BUNDLE 0 1'));
  assert.equal(lines.filter((line) => line.startsWith('m=video 0 ')).length, 1);
});
