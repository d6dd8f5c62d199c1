import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../testing/parse_xml';
import { readJoinError } from './join_error';

const stanzas = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const jitmeet = 'http://jitsi.org/jitmeet';
const error = (inner: string) => readJoinError(parseXml(`<presence type="error" from="r@m/n"><error type="auth">${inner}</error></presence>`));

test('not-authorized asks for the password', () => assert.equal(error(`<not-authorized xmlns="${stanzas}"/>`).kind, 'password'));
test('registration-required names the lobby and whether a host is missing', () => {
  const inner = `<registration-required xmlns="${stanzas}"/><lobbyroom xmlns="${jitmeet}">r@lobby.m</lobbyroom>`;
  assert.deepEqual(error(inner), { kind: 'lobby', lobby: 'r@lobby.m', waitingForHost: false, sentence: '' });
  const read = error(`${inner}<waiting-for-host xmlns="${jitmeet}"/><text xmlns="${stanzas}">You come in when a host arrives</text>`);
  assert.deepEqual(read, { kind: 'lobby', lobby: 'r@lobby.m', waitingForHost: true, sentence: 'You come in when a host arrives.' });
});
test('a missing display name is not a refusal', () =>
  assert.equal(error(`<not-acceptable xmlns="${stanzas}"/><displayname-required xmlns="${jitmeet}" lobby="true"/>`).kind, 'name'));
test('a room that is gone is asked for again', () => {
  assert.equal(error(`<not-allowed xmlns="${stanzas}"/><text xmlns="${stanzas}">Room creation is restricted</text>`).kind, 'not-there-yet');
  assert.equal(error(`<not-allowed xmlns="${stanzas}"/><room-does-not-exist xmlns="${jitmeet}"/>`).kind, 'not-there-yet');
});
test('a token for another room says so, with the words of the server', () => {
  const read = error(`<not-allowed xmlns="${stanzas}"/><text xmlns="${stanzas}">Token names room a</text><room-mismatch xmlns="${jitmeet}"/>`);
  assert.ok(read.kind === 'refused' && read.ticketAtFault);
  assert.match(read.sentence, /another room.*Token names room a\./);
});
test('a full meeting says that it is full', () => {
  const read = error(`<service-unavailable xmlns="${stanzas}"/>`);
  assert.ok(read.kind === 'refused' && /full/.test(read.sentence));
});
test('an account would help where accounts are asked for, and nowhere else', () => {
  const child = (name: string) => error(`<not-allowed xmlns="${stanzas}"/><${name} xmlns="${jitmeet}"/>`);
  const [login, barred] = [child('authentication-required'), child('barred')];
  assert.ok(login.kind === 'refused' && login.loginHelps);
  assert.ok(barred.kind === 'refused' && !barred.loginHelps && /removed/.test(barred.sentence));
});
test('too many passwords are said to be that', () => {
  const read = error(`<resource-constraint xmlns="${stanzas}"/><text xmlns="${stanzas}">Too many wrong passwords.</text>`);
  assert.deepEqual(read, { kind: 'slowed', sentence: 'Too many wrong passwords. Wait a minute, then try again.' });
});
