// A small booking server (signalling.md 4.6) over plain HTTP: it keeps bookings in memory and does what a test tells it to.
import { once } from 'node:events';
import { createServer } from 'node:http';

const answer = (response, status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));

export class BookingService {
  asked = []; // {method, path, form}
  bookings = new Map(); // id → booking
  terms = { duration: 3600 }; // of every new booking
  script = undefined; // (response, asked) => true if it has answered

  static async start(context) {
    const service = new BookingService();
    service.listener = createServer((request, response) => service.#serve(request, response)).listen(0, '127.0.0.1');
    await once(service.listener, 'listening');
    service.url = `http://127.0.0.1:${service.listener.address().port}`;
    context.after(() => {
      service.listener.closeAllConnections();
      service.listener.close();
    });
    return service;
  }

  /** The settings of a server that books here. */
  settings(extra = {}) {
    return { CONCLAVE_BOOKING_URL: this.url, ...extra };
  }

  posts() {
    return this.asked.filter((each) => each.method === 'POST');
  }

  deletes() {
    return this.asked.filter((each) => each.method === 'DELETE').map((each) => each.path);
  }

  async #serve(request, response) {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = { method: request.method, path: request.url, form: Object.fromEntries(new URLSearchParams(body)) };
    this.asked.push(asked);
    if (this.script?.(response, asked)) return;
    const id = request.url.split('/')[2];
    if (request.method === 'DELETE') return answer(response, this.bookings.delete(id) ? 200 : 404);
    if (request.method === 'GET') return this.bookings.has(id) ? answer(response, 200, this.bookings.get(id)) : answer(response, 404);
    const booking = { id: String(this.asked.length), ...asked.form, ...this.terms };
    this.bookings.set(booking.id, booking);
    answer(response, 201, booking);
  }
}

export const deny = (status, message) => (response) => {
  answer(response, status, { message });
  return true;
};
