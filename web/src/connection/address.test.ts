import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeConfig, mucDomain, readPageAddress, socketAddress } from './address';

test('the token of the fragment wins over the one of the query', () => {
  assert.equal(readPageAddress({ pathname: '/r', search: '?jwt=query', hash: '#jwt=fragment' }).token, 'fragment');
  assert.equal(readPageAddress({ pathname: '/r', search: '?jwt=query', hash: '' }).token, 'query');
});
test('the page without a path is the welcome page', () => assert.equal(readPageAddress({ pathname: '/', search: '', hash: '' }).room, null));
test('a path of two segments names tenant and room', () => {
  const page = readPageAddress({ pathname: '/Acme/Stand-Up', search: '?name=Ada&autojoin=1', hash: '' });
  assert.deepEqual(page, { tenant: 'acme', room: 'stand-up', token: null, name: 'Ada', autojoin: true });
});
test('the socket address names the room, and the token if there is one', () => {
  const base = { websocket: 'wss://meet.example:8443/xmpp-websocket', tenant: null, room: 'ünit' };
  assert.equal(socketAddress({ ...base, token: null }), 'wss://meet.example:8443/xmpp-websocket?room=%C3%BCnit');
  assert.equal(socketAddress({ ...base, token: 'a.b.c', previd: 'sm-1' }), 'wss://meet.example:8443/xmpp-websocket?room=%C3%BCnit&token=a.b.c&previd=sm-1');
});
test('a tenant goes into the socket path and the MUC domain', () => {
  assert.equal(socketAddress({ websocket: 'wss://h/xmpp-websocket', tenant: 'acme', room: 'r', token: null }), 'wss://h/acme/xmpp-websocket?room=r');
  assert.equal(mucDomain({ hosts: { domain: 'd', muc: 'conference.d', focus: 'focus.d' } }, 'acme'), 'conference.acme.d');
});
test('what the configuration leaves out comes from the page', () => {
  assert.equal(completeConfig(undefined, { protocol: 'https:', host: 'h:8443' }).websocket, 'wss://h:8443/xmpp-websocket');
  assert.equal(completeConfig({ websocket: 'wss://other/ws' }, { protocol: 'https:', host: 'h' }).websocket, 'wss://other/ws');
});
