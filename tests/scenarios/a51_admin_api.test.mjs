// A51 The admin API without secret, from another origin, by path tricks (access.md 5); and that it serves what its document says, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audited, call, get } from '../support/admin.mjs';
import { fresh, guestIn, hostIn } from '../support/people.mjs';
import { objections, operations } from '../support/openapi.mjs';
import { serve } from '../support/server.mjs';

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** What each operation is called with; a new one must be added here, or the walk fails. */
function examples(room, host, guest) {
  return {
    health: [{}],
    status: [{}],
    listRooms: [{}],
    showRoom: [{ parameters: { room } }, { parameters: { room: 'nowhere' }, status: 404 }, { parameters: { room: 'a%2540b' }, status: 400 }],
    showMedia: [{ parameters: { room } }, { parameters: { room: 'nowhere' }, status: 404 }],
    explainOccupant: [{ parameters: { room, nick: host.nick } }, { parameters: { room, nick: 'nobody' }, status: 404 }],
    kickOccupant: [{ parameters: { room, nick: guest.nick }, body: { reason: 'noise' } }, { parameters: { room, nick: guest.nick }, status: 404 }],
    barOccupant: [
      { parameters: { room, nick: 'nobody' }, status: 404 },
      { parameters: { room, nick: 'nobody' }, body: { reason: 'x'.repeat(1025) }, status: 400 },
    ],
    explain: [{ body: { room } }, { body: { room, token: 'nonsense' } }, { body: {}, status: 400 }, { body: { room, extra: 1 }, status: 400 }],
    listRevocations: [{}],
    revoke: [{ body: { jti: 'walked' } }, { body: { jti: '' }, status: 400 }, { body: {}, status: 400 }, { body: { token: 'nonsense' }, status: 422 }, { body: { jti: 'a', until: 1 }, status: 422 }],
    takeBack: [{ parameters: { id: '0' }, status: 404 }],
    listDefinitions: [{}],
    defineRoom: [
      { parameters: { room: 'walked' }, body: { owners: ['account:alice'], password: 'walked-in', lobby: 'guests', capacity: 5, not_before: 1, expires: 2, record: 'nobody' } },
      { parameters: { room: 'walked' }, body: {} },
      { parameters: { room: 'walked' }, body: { not_before: 2, expires: 1 }, status: 422 },
      { parameters: { room: 'walked' }, body: { owners: 'alice' }, status: 400 },
    ],
    showDefinition: [{ parameters: { room: 'walked' } }, { parameters: { room: 'nowhere' }, status: 404 }],
    undefineRoom: [{ parameters: { room: 'nowhere' }, status: 404 }, { parameters: { room: 'walked' } }],
    reload: [{}, { body: { inside: 'keep' } }, { body: { inside: 'later' }, status: 400 }],
    audit: [{}, { query: '?limit=5' }, { query: '?limit=0', status: 400 }, { query: '?limit=many', status: 400 }],
    openapi: [{}],
    endRoom: [{ parameters: { room: 'nowhere' }, status: 404 }, { parameters: { room } }],
  };
}

const filled = (path, parameters = {}) => path.replace(/\{(\w+)\}/g, (_, name) => (parameters[name]?.includes('%') ? parameters[name] : encodeURIComponent(parameters[name] ?? 'x')));

test('A51 the admin API serves what its OpenAPI document describes, and nothing else', async (t) => {
  const server = await serve(t);
  const room = fresh('walk');
  const host = await hostIn(server, room);
  const guest = await guestIn(server, room);
  const { json: document } = await call(server, 'GET', '/openapi.json');
  const known = examples(room, host, guest);
  assert.equal(document.openapi, '3.1.0');
  assert.deepEqual(operations(document).map(({ operation }) => operation.operationId).sort(), Object.keys(known).sort(), 'an example for each operation, and an operation for each');

  // Last what ends the room that the others look at.
  const order = operations(document).sort((a, b) => Object.keys(known).indexOf(a.operation.operationId) - Object.keys(known).indexOf(b.operation.operationId));
  for (const { method, path, operation } of order) {
    await t.test(`A51 ${method} ${path} answers as described`, async () => {
      for (const example of known[operation.operationId]) {
        const { parameters, query = '', body, status, either } = example;
        const answer = await call(server, method, filled(path, parameters) + query, body);
        const good = Object.keys(operation.responses).map(Number).find((each) => each < 300);
        const expected = either ?? [status ?? good];
        assert.ok(expected.includes(answer.status), `${JSON.stringify(example)}: ${answer.status}, expected ${expected}: ${answer.body}`);
        const described = operation.responses[answer.status];
        assert.ok(described, `${answer.status} is described`);
        const { schema } = described.content['application/json'];
        assert.deepEqual(objections(document, schema, answer.json), [], answer.body);
        assert.ok(!answer.body.includes(server.adminToken));
      }
    });
    await t.test(`A51 ${method} ${path} without the token, or from another site, is refused`, async () => {
      const [example] = known[operation.operationId];
      const target = filled(path, example.parameters);
      for (const authorization of ['', 'Bearer wrong', `Basic ${server.adminToken}`, server.adminToken]) {
        const answer = await call(server, method, target, example.body, { authorization });
        assert.equal(answer.status, 401, `${authorization}: ${answer.body}`);
        assert.deepEqual(objections(document, PROBLEM, answer.json), []);
      }
      for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
        const answer = await call(server, method, target, example.body, headers);
        assert.equal(answer.status, 403, answer.body);
      }
    });
  }

  await t.test('A51 methods that are not described are not taken', async () => {
    for (const path of Object.keys(document.paths)) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        if (method.toLowerCase() in document.paths[path]) continue;
        const answer = await call(server, method, filled(path), undefined);
        assert.equal(answer.status, 405, `${method} ${path}: ${answer.status}`);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
    }
  });

  await t.test('A51 addresses that are not described are not there', async () => {
    for (const path of ['/', '/room', '/rooms/x/y', '/rooms/x/end/now', '/explain/x', '/revocations/x/y', '/audit/1', '/config', '/secrets', '/debug']) {
      assert.equal((await call(server, 'GET', path)).status, 404, path);
    }
  });
});

test('A51 path tricks lead nowhere', async (t) => {
  const server = await serve(t);
  const room = fresh('trick');
  await hostIn(server, room);
  const tricks = [
    '/admin/v1/rooms',
    '//admin/v1/rooms',
    '/x/../admin/v1/rooms',
    '/admin/./v1/rooms',
    '/admin%2fv1%2frooms',
    '/%61dmin/v1/rooms',
    '/ADMIN/v1/rooms',
    '/admin/v1/rooms?token=x',
    `/admin/v1/rooms?authorization=Bearer%20${server.adminToken.slice(0, 4)}`,
    '/admin/v1/rooms#',
    '/admin/v1/../v1/rooms',
    '/config.js/../admin/v1/rooms',
    '/metrics/../admin/v1/rooms',
  ];
  for (const path of tricks) {
    const answer = await get(server, path);
    assert.ok(!answer.body.includes(room), `${path} tells nothing: ${answer.status}`);
    assert.ok(!answer.body.includes('meeting_id'), path);
  }
});

test('A51 bodies beyond the limits are refused before anything is done', async (t) => {
  const server = await serve(t);
  const refused = [
    [413, JSON.stringify({ room: 'a'.repeat(40000) }), {}],
    [400, '{"room":"a","room":"b"}', {}],
    [400, '{"room":"a\\u0000b"}', {}],
    [400, '{"room":'.repeat(50), {}],
    [400, '[]', {}],
    [415, '{"room":"a"}', { 'content-type': 'text/plain' }],
    [415, 'room=a', { 'content-type': 'application/x-www-form-urlencoded' }],
  ];
  for (const [status, body, headers] of refused) {
    const answer = await call(server, 'POST', '/explain', body, headers);
    assert.equal(answer.status, status, `${body.slice(0, 60)}: ${answer.body}`);
    assert.ok(answer.json.remedy);
  }
});

test('A51 the audit log names who called, not the proxy that he came through', async (t) => {
  const server = await serve(t);
  const through = { 'x-forwarded-for': '198.51.100.7' };
  assert.equal((await call(server, 'POST', '/revocations', { jti: fresh('jti') }, through)).status, 201);
  assert.equal((await call(server, 'GET', '/rooms', undefined, { ...through, authorization: 'Bearer wrong' })).status, 401);
  const calls = (await audited(server)).filter(({ act }) => act === 'admin');
  assert.deepEqual(calls.map(({ outcome, reason, peer }) => [outcome ?? reason, peer]), [['done', '198.51.100.7'], ['no-token', '198.51.100.7']]);
});
