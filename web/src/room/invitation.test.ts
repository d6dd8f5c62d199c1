import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../testing/parse_xml';
import { askInvitation, guestLink, personalLink, readInvitation } from './invitation';

test('the guest link is the address of the room and holds nothing else', () => {
  assert.equal(guestLink('https://meet.example', null, 'weekly planning'), 'https://meet.example/weekly%20planning');
  assert.equal(guestLink('https://meet.example', 'acme', 'board'), 'https://meet.example/acme/board');
});
test('a personal link holds its token in the fragment', () => {
  const link = new URL(personalLink('https://meet.example', 'acme', 'board', 'a.b.c'));
  assert.equal(link.hash, '#jwt=a.b.c');
  assert.equal(link.search, '');
});
test('a wish is written with name, role and seconds', () =>
  assert.match(askInvitation({ name: 'Gina "G"', role: 'participant', seconds: 3_600 }).toString(), /name="Gina &quot;G&quot;" role="participant" seconds="3600"/));
test('what the server minted is read; half of one is none', () => {
  const reply = (attributes: string) => readInvitation(parseXml(`<iq type="result"><invitation xmlns="https://conclave.invalid/protocol/invitation" ${attributes}/></iq>`));
  assert.deepEqual(reply('token="a.b.c" name="Gina" role="participant" expires="2026-11-25T10:00:00Z"'),
    { token: 'a.b.c', name: 'Gina', role: 'participant', expires: new Date('2026-11-25T10:00:00Z') });
  assert.equal(reply('token="" name="Gina" role="participant" expires="2026-11-25T10:00:00Z"'), null);
  assert.equal(reply('token="a" role="host" expires="2026-11-25T10:00:00Z"'), null);
  assert.equal(reply('token="a" role="participant" expires="soon"'), null);
});
