import { render } from 'preact';
import { readPageAddress, type Config } from './connection/address';
import { Ticket } from './connection/ticket';
import { Meeting } from './meeting';
import { App } from './ui/app';
import { windowApi, type ConclaveWindow } from './window_api';

declare global {
  // Defined by /config.js.
  var config: Partial<Config> | undefined;
  interface Window {
    conclave: ConclaveWindow;
  }
}

const page = readPageAddress(location);
const meeting = new Meeting(globalThis.config, page, new Ticket(localStorage));
window.conclave = windowApi(meeting);
// A page that comes back from the browser's history has left its meeting.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
const root = document.getElementById('app');
if (root !== null) render(<App meeting={meeting} />, root);
if (page.autojoin && page.room !== null) {
  void meeting.local.start().then(() => meeting.join());
}
