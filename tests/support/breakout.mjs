// Breakout rooms as the stock client makes them (signalling.md 6.4).
import { child, el, isMessage } from './xmpp.mjs';

const EVENTS = 'features/breakout-rooms/';

/** A command to the component: add, rename, remove, move-to-room. */
export const command = (client, type, attrs) =>
  client.send(el('message', { to: `breakout.${client.server.domain}` }, el('breakout_rooms', { type: `${EVENTS}${type}`, ...attrs })));

/** The next event of that name that fits, as JSON. */
export async function expectEvent(client, event, fits = () => true) {
  const jsonOf = (frame) => JSON.parse(child(frame.el, 'json-message').getText());
  const isIt = (frame) => isMessage(frame) && frame.el.attrs.from === `breakout.${client.server.domain}` && !frame.el.attrs.type;
  return jsonOf(await client.expect((frame) => isIt(frame) && jsonOf(frame).event === EVENTS + event && fits(jsonOf(frame)), event));
}

export const expectUpdate = (client, fits) => expectEvent(client, 'update', ({ rooms }) => fits(Object.values(rooms)));
export const named = (rooms, name) => rooms.find((room) => room.name === name && !room.isMainRoom);

/** The address of a fresh breakout room, once it is in the list. */
export async function addBreakout(moderator, name = 'Group 1') {
  command(moderator, 'add', { subject: name });
  const { rooms } = await expectUpdate(moderator, (all) => named(all, name));
  return named(Object.values(rooms), name).jid;
}
