import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stream } from '../connection/stream';
import { parseXml } from '../testing/parse_xml';
import { Lobby } from './lobby';

function knocking() {
  const sent: string[] = [];
  const heard: string[] = [];
  const stream = { send: (stanza: object) => sent.push(String(stanza)) } as unknown as Stream;
  const lobby = new Lobby('r@lobby', 'r@muc', 'me', stream, {
    onAdmitted: () => heard.push('admitted'),
    onDenied: (reason) => heard.push(`denied ${reason}`),
    onClosed: (reason) => heard.push(`closed ${reason}`),
    onMessage: () => heard.push('message'),
  });
  return { lobby, sent, heard };
}
const user = (inner: string) => `<x xmlns="http://jabber.org/protocol/muc#user">${inner}</x>`;
const out = (inner: string) => parseXml(`<presence type="unavailable" from="r@lobby/me">${user(inner)}</presence>`);

test('an invitation by the main room lets one in, once, and the lobby is left', () => {
  const { lobby, sent, heard } = knocking();
  const invitation = parseXml(`<message from="r@muc">${user('<invite from="mo@meet"/>')}</message>`);
  lobby.take(invitation);
  lobby.take(invitation);
  assert.deepEqual(heard, ['admitted']);
  assert.match(sent.at(-1) ?? '', /type="unavailable" to="r@lobby\/me"/);
});
test('an invitation by any other room is none', () => {
  const { lobby, heard } = knocking();
  lobby.take(parseXml(`<message from="evil@muc">${user('<invite from="mo@meet"/>')}</message>`));
  assert.deepEqual(heard, []);
});
test('a lobby that is closed for the main room lets one in; one that just ends says why', () => {
  const open = knocking();
  open.lobby.take(out('<destroy jid="r@muc"><reason>Host arrived.</reason></destroy>'));
  assert.deepEqual(open.heard, ['admitted']);
  const over = knocking();
  over.lobby.take(out('<destroy><reason>The meeting has been terminated</reason></destroy>'));
  assert.deepEqual(over.heard, ['closed The meeting has been terminated']);
});
test('a kick out of the lobby is a refusal, with its reason', () => {
  const { lobby, heard } = knocking();
  lobby.take(out('<item affiliation="none" role="none"><reason>Not today.</reason></item><status code="307"/>'));
  assert.deepEqual(heard, ['denied Not today.']);
});
test('one answers the moderator who spoke, and nobody before that', () => {
  const { lobby, sent, heard } = knocking();
  lobby.say('hello?');
  assert.deepEqual(sent, []);
  lobby.take(parseXml('<message type="chat" from="r@lobby/mo"><json-message xmlns="http://jitsi.org/jitmeet">{"type":"LOBBY_CHAT_MESSAGE","message":"Who are you?"}</json-message></message>'));
  lobby.say('Gina');
  assert.match(sent[0] ?? '', /to="r@lobby\/mo"/);
  assert.deepEqual(lobby.messages.map(({ own, text }) => [own, text]), [[false, 'Who are you?'], [true, 'Gina']]);
  assert.deepEqual(heard, ['message', 'message']);
});
