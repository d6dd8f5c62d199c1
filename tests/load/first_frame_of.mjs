import { eventually } from '../support/waiting.mjs';

/** Host in first; then milliseconds from the guest's WebSocket opening to the first frame of the host that the guest's browser showed. */
export async function firstFrame(server, room, host, guest) {
  await host.open(server, room, { token: server.token(room) });
  await host.inMeeting(1);
  await guest.open(server, room);
  await eventually('the guest has a first frame', () => guest.page.evaluate(() => window.conclave?.timings.firstFrame), { timeout: 30000 });
  const { socketOpen, firstFrame: shown } = await guest.page.evaluate(() => ({ ...window.conclave.timings }));
  return shown - socketOpen;
}
