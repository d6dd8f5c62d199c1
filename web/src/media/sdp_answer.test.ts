import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offer } from './fixtures';
import { sessionAccept, sessionTerminate } from './jingle';
import { descriptionOf, sections, simulcastOf, transportOf, withSimulcast } from './sdp_answer';

const answer = [
  'v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1', 'a=extmap-allow-mixed',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=ice-ufrag:u', 'a=ice-pwd:p', 'a=fingerprint:sha-256 AA:BB', 'a=setup:active', 'a=mid:0', 'a=sendrecv',
  'a=rtpmap:111 opus/48000/2', 'a=fmtp:111 minptime=10;useinbandfec=1', 'a=ssrc:5 cname:c',
  'm=video 9 UDP/TLS/RTP/SAVPF 100 96', 'a=ice-ufrag:u', 'a=ice-pwd:p', 'a=fingerprint:sha-256 AA:BB', 'a=setup:active', 'a=mid:1', 'a=sendrecv',
  'a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', 'a=rtpmap:100 VP8/90000', 'a=rtcp-fb:100 nack pli', 'a=rtcp-fb:100 transport-cc',
  'a=rtpmap:96 rtx/90000', 'a=fmtp:96 apt=100', 'a=ssrc-group:FID 20 21', 'a=ssrc:20 cname:c', 'a=ssrc:20 msid:- t', 'a=ssrc:21 cname:c', 'a=ssrc:21 msid:- t', '',
].join('\r\n');

test('sections tell SSRCs and groups per m-line', () => {
  const [audio, video] = sections(answer);
  assert.deepEqual([audio?.mid, audio?.ssrcs], ['0', [5]]);
  assert.deepEqual([video?.ssrcs, video?.groups], [[20, 21], [{ semantics: 'FID', ssrcs: [20, 21] }]]);
});
test('a description keeps codecs, parameters, feedback and extensions', () => {
  const [audio, video] = sections(answer);
  assert.ok(audio !== undefined && video !== undefined);
  assert.deepEqual(descriptionOf(audio, answer).payloadTypes[0]?.parameters, [{ name: 'minptime', value: '10' }, { name: 'useinbandfec', value: '1' }]);
  const description = descriptionOf(video, answer);
  assert.deepEqual(description.payloadTypes[0]?.feedback, [{ type: 'nack', subtype: 'pli' }, { type: 'transport-cc', subtype: '' }]);
  assert.equal(description.headerExtensions[0]?.id, 3);
  assert.ok(description.extmapAllowMixed);
});
test('simulcast is three streams, each with its retransmissions, in the m-line of the camera only', () => {
  const video = sections(answer)[1];
  assert.ok(video !== undefined);
  let next = 100;
  const simulcast = simulcastOf(video, () => next++);
  assert.ok(simulcast !== null);
  const edited = sections(withSimulcast(answer, '1', simulcast));
  assert.deepEqual(edited[1]?.groups.map(({ semantics, ssrcs }) => `${semantics} ${ssrcs.join(' ')}`), ['SIM 20 100 101', 'FID 20 21', 'FID 100 102', 'FID 101 103']);
  assert.equal(edited[1]?.ssrcs.length, 6);
  assert.deepEqual(edited[0]?.ssrcs, [5]);
});
test('an answer that has simulcast already is left as it is', () => {
  const simulcast = { ssrcs: [20, 100, 101], retransmissions: [21, 102, 103] } as const;
  const once = withSimulcast(answer, '1', { ssrcs: [...simulcast.ssrcs], retransmissions: [...simulcast.retransmissions] });
  assert.equal(withSimulcast(once, '1', { ssrcs: [...simulcast.ssrcs], retransmissions: [...simulcast.retransmissions] }), once);
});
test('a session-accept says our sources and our transport, as the DTLS client', () => {
  const video = sections(answer)[1];
  assert.ok(video !== undefined);
  const accept = sessionAccept(offer(), {
    transport: transportOf(answer),
    kinds: [{
      kind: 'video', description: descriptionOf(video, answer),
      sources: [{ owner: 'a', name: 'a-v0', kind: 'video', videoType: 'camera', msid: 'a-video-0-1 t-1', ssrcs: video.ssrcs, groups: video.groups }],
    }],
  });
  const content = accept.getChild('content');
  assert.equal(accept.attrs.sid, 'k0v3e71');
  assert.equal(content?.getChild('transport')?.getChild('fingerprint')?.attrs.setup, 'active');
  const names = content?.getChild('description')?.getChildren('source').map(({ attrs }) => `${attrs.name} ${attrs.ssrc} ${attrs.videoType}`);
  assert.deepEqual(names, ['a-v0 20 camera', 'a-v0 21 camera']);
});
test('asking for a new session names the bridge session and the condition first', () => {
  const terminate = sessionTerminate(offer(), 'connectivity-error', 'ICE FAILED', true);
  assert.equal(terminate.getChild('reason')?.getChildElements()[0]?.name, 'connectivity-error');
  assert.deepEqual({ ...terminate.getChild('bridge-session')?.attrs }, { xmlns: 'http://jitsi.org/protocol/focus', id: '7d1e', restart: 'true' });
});
