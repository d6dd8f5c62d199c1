import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../testing/parse_xml';
import { isVerified, readRights, readStanding, readWhy } from './access';

const presence = (affiliation: string, role: string, more = '') =>
  parseXml(`<presence from="r@m/n">${more}<x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="${affiliation}" role="${role}"/></x></presence>`);
const said = (attributes: string, text = '') => `<access xmlns="https://conclave.invalid/protocol/access" ${attributes}>${text}</access>`;

test('the server’s word about a role counts before affiliation and role', () => {
  assert.equal(readStanding(presence('owner', 'moderator', said('role="host"'))), 'host');
  assert.equal(readStanding(presence('owner', 'moderator', said('role="emperor"'))), 'moderator');
});
test('without it the role is told from affiliation and role', () => {
  assert.equal(readStanding(presence('owner', 'moderator')), 'moderator');
  assert.equal(readStanding(presence('member', 'participant')), 'participant');
  assert.equal(readStanding(presence('none', 'participant')), 'guest');
  assert.equal(readStanding(presence('none', 'visitor')), 'visitor');
});
test('rights are those that the server lists, and none besides', () => {
  const may = readRights(presence('owner', 'moderator', said('role="moderator" can="kick admit nonsense"')));
  assert.deepEqual([...may].sort(), ['admit', 'kick']);
  assert.equal(readRights(presence('owner', 'moderator', said('role="moderator" can=""'))).size, 0);
});
test('without a list a moderator has a moderator’s rights and others none over others', () => {
  assert.ok(readRights(presence('owner', 'moderator')).has('kick'));
  assert.ok(!readRights(presence('owner', 'moderator')).has('invite'), 'other servers mint no links');
  assert.deepEqual([...readRights(presence('member', 'participant'))], ['share_screen']);
});
test('the reason of one’s own role is the server’s sentence', () =>
  assert.equal(readWhy(presence('owner', 'moderator', said('role="host"', 'The token says moderator.'))), 'The token says moderator.'));
test('a name is verified where the server says who it is', () => {
  assert.ok(isVerified(presence('member', 'participant', '<identity><user><name>Ada</name></user></identity>')));
  assert.ok(!isVerified(presence('none', 'participant', '<nick xmlns="http://jabber.org/protocol/nick">Ada</nick>')));
});
