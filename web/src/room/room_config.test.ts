import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../testing/parse_xml';
import { readSettings, submitChange, type Change, type RoomSettings } from './room_config';
import { readRoomInfo } from './room_info';

const form = (fields: Record<string, string>) => parseXml(`<iq type="result"><query xmlns="http://jabber.org/protocol/muc#owner"><x xmlns="jabber:x:data" type="form">
  ${Object.entries(fields).map(([name, value]) => `<field var="${name}"><value>${value}</value></field>`).join('')}</x></query></iq>`);
const unsaid = { mayShareScreen: null, mayRecord: null };
const now: RoomSettings = { locked: true, lobby: true, accountsOnly: false, capacity: 'none', ...unsaid };
const sent = (change: Change, settings = now) =>
  Object.fromEntries((submitChange(change, settings).getChild('x')?.getChildren('field') ?? []).map((field) => [field.attrs.var, field.getChildText('value') ?? '']));

test('settings are those that the form holds; the rest is not offered', () => {
  assert.deepEqual(readSettings(form({ 'muc#roomconfig_roomsecret': '', 'muc#roomconfig_passwordprotectedroom': '1' })), { locked: true, lobby: null, accountsOnly: null, capacity: null, ...unsaid });
  assert.deepEqual(readSettings(form({ 'muc#roomconfig_membersonly': 'true', allowUnauthenticatedAccess: '1', 'muc#roomconfig_maxusers': '25' })),
    { locked: null, lobby: true, accountsOnly: false, capacity: 25, ...unsaid });
});
test('who may share and record is read in known words, and nothing of it is sent back', () => {
  const said = readSettings(form({ 'x-conclave_may_share_screen': 'everybody', 'x-conclave_may_record': 'owners' }));
  assert.deepEqual([said.mayShareScreen, said.mayRecord], ['everybody', 'owners']);
  assert.equal(readSettings(form({ 'x-conclave_may_record': 'the emperor' })).mayRecord, null);
  assert.ok(!Object.keys(sent({ kind: 'lobby', on: false }, { ...now, ...said })).some((name) => name.startsWith('x-')));
});
test('a password is set and taken away, and neither switches the lobby', () => {
  const set = sent({ kind: 'password', password: 's3cret' });
  assert.equal(set['muc#roomconfig_roomsecret'], 's3cret');
  assert.equal(set['muc#roomconfig_passwordprotectedroom'], '1');
  assert.equal(set['muc#roomconfig_membersonly'], 'true');
  assert.equal(sent({ kind: 'password', password: '' })['muc#roomconfig_passwordprotectedroom'], '0');
});
test('the lobby is switched without touching the password', () => {
  const change = sent({ kind: 'lobby', on: false });
  assert.equal(change['muc#roomconfig_membersonly'], 'false');
  assert.equal(change['muc#roomconfig_passwordprotectedroom'], '1');
  assert.ok(!('muc#roomconfig_roomsecret' in change));
});
test('who may come in without an account is written the way round that the field has', () => {
  assert.equal(sent({ kind: 'accounts-only', on: true })['allowUnauthenticatedAccess'], '0');
  assert.equal(sent({ kind: 'capacity', people: 'none' })['muc#roomconfig_maxusers'], 'none');
});
test('a room says of itself whether it is locked and where its lobby is', () => {
  const info = (features: string[], lobby: string) => readRoomInfo(parseXml(`<iq type="result"><query xmlns="http://jabber.org/protocol/disco#info">
    ${features.map((name) => `<feature var="${name}"/>`).join('')}
    <x xmlns="jabber:x:data" type="result"><field var="muc#roominfo_lobbyroom"><value>${lobby}</value></field></x></query></iq>`));
  assert.deepEqual(info(['muc_passwordprotected', 'muc_membersonly'], 'r@lobby.m'), { locked: true, membersOnly: true, lobby: 'r@lobby.m' });
  assert.deepEqual(info([], 'r@lobby.m'), { locked: false, membersOnly: false, lobby: null }, 'a lobby that is off is not entered');
});
