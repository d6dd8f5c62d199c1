import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMechanism } from './credentials';

const alice = { account: 'alice', password: 'pass' };

test('SCRAM is taken before PLAIN, and PLAIN where nothing else is offered', () => {
  assert.equal(chooseMechanism(['PLAIN', 'SCRAM-SHA-1', 'ANONYMOUS'], alice, true)?.mechanism, 'SCRAM-SHA-1');
  assert.equal(chooseMechanism(['ANONYMOUS', 'PLAIN'], alice, true)?.mechanism, 'PLAIN');
});
test('without the browser’s hashing PLAIN it is', () => assert.equal(chooseMechanism(['PLAIN', 'SCRAM-SHA-1'], alice, false)?.mechanism, 'PLAIN'));
test('a server that only takes guests has no mechanism for a password', () => assert.equal(chooseMechanism(['ANONYMOUS'], alice, true), null));
test('names and passwords outside ASCII go out as UTF-8', () => {
  const choice = chooseMechanism(['PLAIN', 'SCRAM-SHA-1'], { account: 'zoë', password: 'ключ' }, true);
  assert.equal(choice?.mechanism, 'PLAIN');
  assert.equal(Buffer.from(choice?.username ?? '', 'latin1').toString('utf8'), 'zoë');
  assert.equal(Buffer.from(choice?.password ?? '', 'latin1').toString('utf8'), 'ключ');
});
