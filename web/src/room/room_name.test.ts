import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseRoom, normaliseTenant, roomNode } from './room_name';

test('a room name is compared in lower case', () => assert.equal(normaliseRoom('Stand-Up'), 'stand-up'));
test('a room name is percent-decoded once', () => {
  assert.equal(normaliseRoom('caf%C3%A9'), 'café');
  assert.equal(normaliseRoom('a%2541'), 'a%41');
});
test('a stray percent sign stays part of the name', () => assert.equal(normaliseRoom('100%'), '100%'));
test('compatibility forms become one', () => assert.equal(normaliseRoom('ﬁnance'), 'finance'));
test('characters that no address can carry are dropped', () => assert.equal(normaliseRoom('a:b?c#d[e]f@g!h$i&j\'k(l)m*n+o,p;q=r>s<t/u"v'), 'abcdefghijklmnopqrstuv'));
test('the JID has the name percent-encoded in lower case', () => assert.equal(roomNode('ünit'), '%c3%bcnit'));
test('dots of a tenant become underscores', () => assert.equal(normaliseTenant('Acme.Corp'), 'acme_corp'));
