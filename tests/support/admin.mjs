// The operator's side: /admin/v1, /metrics, /about/health.
import { request } from 'node:http';

/** A GET on the server's plain HTTP port. No keep-alive: the server must be able to stop at once. */
export function get(server, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: server.host, port: server.http, path, headers, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function getJson(server, path) {
  const answer = await get(server, path, { authorization: `Bearer ${server.adminToken}` });
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
  return JSON.parse(answer.body);
}

/** All rooms that the server knows, with state, occupants and waiting count. */
export async function rooms(server) {
  const answer = await getJson(server, '/admin/v1/rooms');
  return Array.isArray(answer) ? answer : answer.rooms;
}

export async function room(server, name) {
  return (await rooms(server)).find((each) => String(each.name ?? each.room).split('@')[0] === name);
}

/** "Not started" of access.md 4.10: the admin API lists no such room; one that only people wait for holds nobody. */
export async function notStarted(server, name) {
  const found = await room(server, name);
  return !found || (['absent', 'waiting'].includes(found.state) && (found.occupants ?? []).length === 0);
}

export function occupant(found, nick) {
  return (found?.occupants ?? []).find((each) => each.nick === nick);
}

/** The slug of a reason, which may be given as text or as an object. */
export const slugOf = (reason) => (typeof reason === 'string' ? reason : reason?.slug ?? reason?.reason);

export const explain = (server, name, nick) => getJson(server, `/admin/v1/rooms/${encodeURIComponent(name)}/explain/${encodeURIComponent(nick)}`);

/** The sum of all samples of the metrics whose name fits, or undefined if there is none. */
export async function metric(server, pattern) {
  const { body } = await get(server, '/metrics');
  return sumOf(body, pattern);
}

export function sumOf(text, pattern) {
  const samples = text
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => /^([A-Za-z_:][\w:]*)(?:\{[^}]*\})? (\S+)/.exec(line))
    .filter((found) => found && pattern.test(found[1]));
  return samples.length ? samples.reduce((sum, found) => sum + Number(found[2]), 0) : undefined;
}

/** Any request to the admin API: {status, headers, body, json}. `body` is sent as JSON unless it is a text. */
export function call(server, method, path, body, headers = {}) {
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const sent = {
    authorization: `Bearer ${server.adminToken}`,
    ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asked = request({ host: server.host, port: server.http, method, path: `/admin/v1${path}`, headers: sent, agent: false }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const answer = { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
        try {
          answer.json = JSON.parse(answer.body);
        } catch {
          // Not every answer is JSON; who needs it will say so.
        }
        resolve(answer);
      });
    });
    asked.on('error', reject);
    asked.end(text);
  });
}

/** Revokes {jti} or {token} or …; resolves with the revocation. */
export async function revoke(server, order) {
  const answer = await call(server, 'POST', '/revocations', order);
  if (answer.status !== 201) throw new Error(`revoke: ${answer.status} ${answer.body}`);
  return answer.json;
}

/** The last lines of the audit log as objects. */
export async function audited(server, limit = 1000) {
  return (await getJson(server, `/admin/v1/audit?limit=${limit}`)).entries;
}
