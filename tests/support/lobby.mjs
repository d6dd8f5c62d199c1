// Lobbies as stock clients use them (signalling.md 6.3): knocking, looking on, letting in, turning away, and the room's settings.
import { assertReady, assertSentToLobby } from './claims.mjs';
import { NS, child, childrenOf, el, find, isMessage, isPresence } from './xmpp.mjs';

export const lobbyOf = (client, room) => `${room}@lobby.${client.server.domain}`;
/** The nick in the lobby is another one than in the room. */
export const lobbyNick = (client) => `L${client.nick}`;

/** As the stock client does after the door has sent it away: {lobby, joined, waits}. */
export async function knock(client, room, options = {}) {
  assertReady(await client.ask(room));
  const refused = await client.join(room, options);
  const lobby = assertSentToLobby(refused, client.name);
  const joined = await client.join(lobby, { nick: lobbyNick(client), name: options.name });
  return { refused, lobby, joined, waits: refused.error.children.includes('waiting-for-host') };
}

/** A moderator joins the lobby, as stock clients do by themselves when the room says that it has one. */
export const look = (moderator, room) => moderator.join(lobbyOf(moderator, room), { nick: lobbyNick(moderator) });

export const invitation = (client, room, jids) =>
  el('message', { xmlns: 'jabber:client', to: client.roomJid(room), id: 'i7' }, el('x', { xmlns: NS.mucUser }, jids.map((to) => el('invite', { to }))));

/** Lets everybody in who is named; several at once is "admit all". */
export const admit = (moderator, room, ...clients) => moderator.send(invitation(moderator, room, clients.map((client) => client.jid)));

/** Turns somebody away; answered. */
export const refuse = (moderator, room, client, reason) => moderator.kick(lobbyOf(moderator, room), lobbyNick(client), reason);

const invites = (room) => (frame) => isMessage(frame) && frame.el.attrs.from === room && find(child(frame.el, 'x', NS.mucUser), 'invite');
/** The invitation that says he was let in. */
export const expectInvited = (client, room, timeout) => client.expect(invites(client.roomJid(room)), `invitation to ${room}`, timeout);
export const wasInvited = (client, room) => client.seen(invites(client.roomJid(room)));

/** What the stock client does when it is let in: asks and joins again, then leaves the lobby. */
export async function goIn(client, room, options = {}) {
  assertReady(await client.ask(room));
  const joined = await client.join(room, options);
  return joined;
}

/** Out of the lobby, into the main room or nowhere: {jid, reason} of the destroy. */
export async function expectLobbyClosed(client, room, timeout) {
  const gone = await client.expect(
    (frame) => isPresence(frame) && frame.el.attrs.from?.startsWith(`${lobbyOf(client, room)}/`) && find(frame.el, 'destroy'),
    `destroy of the lobby of ${room}`,
    timeout,
  );
  const destroy = find(gone.el, 'destroy');
  return { jid: destroy.attrs.jid, reason: child(destroy, 'reason')?.getText() };
}

/** Sees somebody knock; resolves with the presence. */
export const expectKnock = (moderator, room, client, timeout) =>
  moderator.expect(
    (frame) => isPresence(frame) && frame.el.attrs.from === `${lobbyOf(moderator, room)}/${lobbyNick(client)}` && frame.el.attrs.type === undefined,
    `knock of ${client.name} at ${room}`,
    timeout,
  );

export const notices = (client) =>
  client.log.filter(isMessage).flatMap((frame) => childrenOf(frame.el, 'json-message').map((each) => JSON.parse(each.getText()))).filter((each) => each.type === 'lobby-notify');

/** Submits fields of the owner's form. */
export const configure = (client, room, fields) =>
  client.iq(
    'set',
    client.roomJid(room),
    el(
      'query',
      { xmlns: NS.mucOwner },
      el(
        'x',
        { xmlns: NS.form, type: 'submit' },
        Object.entries({ FORM_TYPE: 'http://jabber.org/protocol/muc#roomconfig', ...fields }).map(([name, value]) => el('field', { var: name }, el('value', {}, value))),
      ),
    ),
  );
export const setLobby = (client, room, on) => configure(client, room, { 'muc#roomconfig_membersonly': String(on) });
export const setPassword = (client, room, password) =>
  configure(client, room, { 'muc#roomconfig_roomsecret': password, 'muc#roomconfig_passwordprotectedroom': password ? '1' : '0' });
