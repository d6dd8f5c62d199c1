import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { capsString, capsVersion, discoInfo, features } from './features';

test('the caps version is the hash of the features that disco#info answers', () => {
  assert.equal(capsVersion, createHash('sha1').update(capsString(features)).digest('base64'));
  assert.equal(discoInfo(undefined).getChildren('feature').length, features.length);
});
test('neither data channels nor SSRC rewriting are promised', () => {
  assert.ok(!features.some((name) => name.includes('dtls-sctp') || name.includes('ssrc-rewriting')));
});
