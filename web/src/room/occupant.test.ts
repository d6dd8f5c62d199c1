import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '../testing/parse_xml';
import { readOccupant } from './occupant';
import { presenceOf } from './presence';

const item = '<x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="moderator" jid="b07e44d2-x@meet/Xy"/></x>';

test('an occupant is read from its presence', () => {
  const occupant = readOccupant(parseXml(`<presence from="r@m/b07e44d2"><nick xmlns="http://jabber.org/protocol/nick"> Bo </nick>
    <SourceInfo>{"b07e44d2-a0":{"muted":true},"b07e44d2-v1":{"muted":false,"videoType":"desktop"}}</SourceInfo>${item}</presence>`));
  assert.equal(occupant.nick, 'b07e44d2');
  assert.equal(occupant.name, 'Bo');
  assert.equal(occupant.role, 'moderator');
  assert.equal(occupant.jid, 'b07e44d2-x@meet/Xy');
  assert.deepEqual(occupant.sources.get('b07e44d2-v1'), { muted: false, videoType: 'desktop' });
});
test('broken SourceInfo costs the sources and not the occupant', () => {
  assert.equal(readOccupant(parseXml(`<presence from="r@m/b07e44d2"><SourceInfo>{oops</SourceInfo>${item}</presence>`)).sources.size, 0);
  assert.equal(readOccupant(parseXml(`<presence from="r@m/b07e44d2"><SourceInfo>null</SourceInfo>${item}</presence>`)).sources.size, 0);
});
test('clients without source names are read by their legacy marks', () => {
  const occupant = readOccupant(parseXml(`<presence from="r@m/b07e44d2"><audiomuted>true</audiomuted><videomuted>false</videomuted>${item}</presence>`));
  assert.equal(occupant.sources.get('b07e44d2-a0')?.muted, true);
  assert.equal(occupant.sources.get('b07e44d2-v0')?.muted, false);
});
test('only the joining presence carries the muc element', () => {
  const own = { name: 'Ada', statsId: 's', capsVersion: 'v', codecs: ['vp8'], sources: { 'a-a0': { muted: true, videoType: '' } } };
  assert.match(presenceOf('r@m/a', own, { password: 'p' }).toString(), /protocol\/muc"><password>p</);
  assert.doesNotMatch(presenceOf('r@m/a', own).toString(), /protocol\/muc"/);
  assert.match(presenceOf('r@m/a', own).getChildText('SourceInfo') ?? '', /^\{"a-a0":\{"muted":true\}\}$/);
});
