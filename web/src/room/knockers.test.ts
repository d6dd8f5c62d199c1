import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stream } from '../connection/stream';
import { parseXml } from '../testing/parse_xml';
import { Knockers } from './knockers';

const x = (role: string, jid: string) => `<x xmlns="http://jabber.org/protocol/muc#user"><item affiliation="none" role="${role}" jid="${jid}"/></x>`;
const knock = (nick: string, name: string, jid = `${nick}@meet/r`, role = 'participant') =>
  parseXml(`<presence from="r@lobby/${nick}"><nick xmlns="http://jabber.org/protocol/nick">${name}</nick>${x(role, jid)}</presence>`);
const gone = (nick: string, more = '') => parseXml(`<presence type="unavailable" from="r@lobby/${nick}"><x xmlns="http://jabber.org/protocol/muc#user">${more}</x></presence>`);
const says = (nick: string, content: object) =>
  parseXml(`<message type="chat" from="r@lobby/${nick}"><json-message xmlns="http://jitsi.org/jitmeet">${JSON.stringify(content)}</json-message></message>`);

function lobby() {
  const sent: string[] = [];
  const heard: string[] = [];
  const stream = {
    send: (stanza: object) => sent.push(String(stanza)),
    request: (to: string, _type: string, payload: object) => {
      sent.push(`${to} ${payload}`);
      return Promise.resolve(parseXml('<iq type="result"/>'));
    },
  } as unknown as Stream;
  const knockers = new Knockers('r@lobby', { mainRoom: 'r@muc', nick: 'me', name: () => 'Ada', stream, isInside: (jid) => jid === 'inside@meet/r' }, {
    onKnock: (who) => heard.push(`knock ${who.name}`),
    onMessage: (who) => heard.push(`message ${who.name}`),
    onChanged: () => {},
  });
  return { knockers, sent, heard };
}

test('who knocks is listed once and told of once', () => {
  const { knockers, heard } = lobby();
  knockers.take(knock('g1', 'Gina'));
  knockers.take(knock('g1', 'Gina G.'));
  assert.deepEqual(heard, ['knock Gina']);
  assert.deepEqual([...knockers.list.values()].map(({ name }) => name), ['Gina G.']);
});
test('moderators, oneself, and who is in the meeting already do not knock', () => {
  const { knockers } = lobby();
  knockers.take(knock('me', 'Ada'));
  knockers.take(knock('mo', 'Mo', 'mo@meet/r', 'moderator'));
  knockers.take(knock('in', 'In', 'inside@meet/r'));
  assert.equal(knockers.list.size, 0);
});
test('admission names real addresses, all of them in one message', () => {
  const { knockers, sent } = lobby();
  knockers.take(knock('g1', 'Gina'));
  knockers.take(knock('g2', 'Hal'));
  knockers.admitAll();
  assert.equal(sent.length, 1);
  assert.match(sent[0] ?? '', /^<message to="r@muc">.*<invite to="g1@meet\/r"\/><invite to="g2@meet\/r"\/>/);
  knockers.admit(['nobody']);
  assert.equal(sent.length, 1, 'nobody is invited without a knocker');
});
test('refusal is a kick in the lobby', async () => {
  const { knockers, sent } = lobby();
  knockers.take(knock('g1', 'Gina'));
  await knockers.refuse('g1');
  assert.match(sent[0] ?? '', /^r@lobby .*nick="g1" role="none"/);
});
test('who goes is no longer listed, and nobody when the lobby is closed', () => {
  const { knockers } = lobby();
  for (const nick of ['g1', 'g2', 'g3']) knockers.take(knock(nick, nick));
  knockers.take(gone('g1'));
  assert.deepEqual([...knockers.list.keys()], ['g2', 'g3']);
  knockers.take(gone('me', '<destroy jid="r@muc"/>'));
  assert.equal(knockers.list.size, 0);
});
test('a talk is opened once, and what the other says is kept with him', () => {
  const { knockers, sent, heard } = lobby();
  knockers.take(knock('g1', 'Gina'));
  knockers.say('g1', ' who are you? ');
  knockers.say('g1', 'please?');
  assert.deepEqual(sent.map((text) => /LOBBY_CHAT_\w+/.exec(text)?.[0]), ['LOBBY_CHAT_INITIALIZED', 'LOBBY_CHAT_MESSAGE', 'LOBBY_CHAT_MESSAGE']);
  knockers.take(says('g1', { type: 'LOBBY_CHAT_MESSAGE', message: 'your aunt' }));
  knockers.take(says('stranger', { type: 'LOBBY_CHAT_MESSAGE', message: 'boo' }));
  knockers.take(says('g1', { type: 'other', message: 'boo' }));
  assert.deepEqual(knockers.list.get('g1')?.messages.map(({ own, text }) => [own, text]), [[true, 'who are you?'], [true, 'please?'], [false, 'your aunt']]);
  assert.deepEqual(heard, ['knock Gina', 'message Gina']);
});
test('after leaving nothing is taken any more', () => {
  const { knockers, sent } = lobby();
  knockers.leave();
  knockers.leave();
  knockers.take(knock('g1', 'Gina'));
  assert.equal(knockers.list.size, 0);
  assert.equal(sent.length, 1);
});
