import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boSources, compact, jingleOf } from './fixtures';
import { readSources, sourceElements, type Source } from './source';

const ssma = 'urn:xmpp:jingle:apps:rtp:ssma:0';
const camera: Source = {
  owner: 'b07e44d2', name: 'b07e44d2-v0', kind: 'video', videoType: 'camera', msid: 'b07e44d2-video-0-1 t-1',
  ssrcs: [10, 11], groups: [{ semantics: 'FID', ssrcs: [10, 11] }],
};

test('compact sources give one source per name with its group', () => {
  const [video, audio] = readSources(jingleOf('source-add', compact(boSources)));
  assert.deepEqual(video, camera);
  assert.equal(audio?.kind, 'audio');
  assert.deepEqual(audio?.ssrcs, [12]);
});
test('sources as elements say the same', () => {
  const one = (ssrc: number) => `<source xmlns='${ssma}' ssrc='${ssrc}' name='b07e44d2-v0' videoType='camera'>
    <ssrc-info xmlns='http://jitsi.org/jitmeet' owner='r@m/b07e44d2'/><parameter name='msid' value='b07e44d2-video-0-1 t-1'/></source>`;
  const read = readSources(jingleOf('source-add', `<content name='video'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>${one(10)}${one(11)}
    <ssrc-group xmlns='${ssma}' semantics='FID'><source ssrc='10'/><source ssrc='11'/></ssrc-group></description></content>`));
  assert.deepEqual(read.map((source) => ({ ...source, groups: [] })), [{ ...camera, groups: [] }]);
});
test('what we write can be read back', () => {
  const inner = sourceElements(camera).map(String).join('');
  const read = readSources(jingleOf('source-add', `<content name='video'><description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>${inner}</description></content>`));
  assert.deepEqual(read, [camera]);
});
test('an impossible SSRC and broken JSON are left out', () => {
  assert.deepEqual(readSources(jingleOf('source-add', compact(`"b":[[{"s":0,"n":"b-v0","m":"m t"},{"s":4294967296,"n":"b-v0"}]]`))), []);
  assert.deepEqual(readSources(jingleOf('source-add', `<json-message xmlns='http://jitsi.org/jitmeet'>{</json-message>`)), []);
});
test('a d marks a shared screen', () => {
  assert.equal(readSources(jingleOf('source-add', compact(`"b":[[{"s":7,"n":"b-v1","m":"m t","v":"d"}]]`)))[0]?.videoType, 'desktop');
});
