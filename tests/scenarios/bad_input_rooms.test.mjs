// Bad input to focus and rooms: reserved names (A25), requests that start nothing (A27), presence to an absent room (A28), Jingle with missing
// parts. Each is answered, and the others in the room notice nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNotStarted } from '../support/claims.mjs';
import { fresh, guest, guestIn, holder, hostIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client, NS, child, el, errorOf, find, isIq, isPresence } from '../support/xmpp.mjs';

const jingle = (action, attrs = {}, ...children) => el('jingle', { xmlns: NS.jingle, ...(action ? { action } : {}), ...attrs }, ...children);

test('A25 reserved names open nothing, not even for a moderator of all rooms', async (t) => {
  const server = await serve(t);
  const names = ['focus', 'lobby.x', '__jicofo-health-check', '__jicofo-health-check-42', '', ' ', 'a/b', 'a%2fb', 'a b', 'x'.repeat(2000), '\u202Eabc', 'a\u200Db', '%00', '%zz', '@', 'admin\u0007'];
  for (const name of names) {
    await t.test(`A25 ${JSON.stringify(name.slice(0, 40))}`, async () => {
      const client = await holder(server, '*', 'mod', 'moderator of all rooms', { room: undefined });
      const jid = `${name}@${server.muc}`;
      let ended = false;
      const reply = await client.iq('set', server.focus, el('conference', { xmlns: NS.focus, room: jid, 'machine-uid': client.storage.machineUid })).catch(() => (ended = true));
      if (ended || !reply) return; // a stream error is an answer too: control characters are not XML
      client.send(el('presence', { to: `${jid}/${client.nick}` }, el('x', { xmlns: NS.muc })));
      const answer = await client.expect((frame) => isPresence(frame) || frame.el?.name === 'stream:error', 'an answer to the presence');
      assert.ok(answer.el.name === 'stream:error' || answer.el.attrs.type === 'error', `refused, but ${answer.raw}`);
      await assertNotStarted(server, name);
    });
  }
});

test('A25 nicks that are not a person’s', async (t) => {
  const server = await serve(t);
  const room = fresh('nick');
  const host = await hostIn(server, room);
  for (const nick of ['focus', host.nick, 'x'.repeat(1024), '_under', '-dash', 'a b', 'a.b', '\u0430bc', '']) {
    await t.test(`A25 nick ${JSON.stringify(nick.slice(0, 20))}`, async () => {
      const client = await guest(server, room, 'odd');
      await client.ask(room);
      client.send(client.presence(room, { nick }));
      const answer = await client.expect((frame) => isPresence(frame) && frame.el.attrs.type === 'error', 'presence error');
      assert.ok(errorOf(answer.el).condition, answer.raw);
      if (nick === host.nick) assert.equal(errorOf(answer.el).condition, 'conflict', answer.raw);
      await host.barrier();
      assert.deepEqual(host.nicks(room), [host.nick]);
    });
  }
});

test('A27 A28 asking is not joining, and joining without a room opens none', async (t) => {
  const server = await serve(t);

  await t.test('A27 a request alone opens nothing that a listing shows as a meeting of people', async () => {
    const room = fresh('a27');
    const client = await guest(server, room);
    for (let index = 0; index < 100; index++) await client.ask(`${room}-${index}`);
    for (const index of [0, 50, 99]) await assertNotStarted(server, `${room}-${index}`);
  });

  await t.test('A28 presence straight to an absent room', async () => {
    const room = fresh('a28');
    const client = await guest(server, room);
    const joined = await client.join(room);
    assert.ok(joined.error, `refused, but ${joined.self}`);
    await assertNotStarted(server, room);
  });

  await t.test('A28 an owner query to create a room', async () => {
    const room = fresh('a28');
    const client = await guest(server, room);
    const answer = await client.iq('set', client.roomJid(room), el('query', { xmlns: NS.mucOwner }, el('x', { xmlns: NS.form, type: 'submit' })));
    assert.equal(answer?.attrs.type, 'error', String(answer));
    await assertNotStarted(server, room);
  });

  for (const service of ['lobby', 'breakout', 'internal-muc', 'internal.auth', 'nowhere']) {
    await t.test(`A28 a room on ${service}.<domain> made by hand`, async () => {
      const room = fresh('a28');
      const client = await holder(server, '*', 'mod', 'moderator', { room });
      client.send(el('presence', { to: `${room}@${service}.${server.domain}/${client.nick}` }, el('x', { xmlns: NS.muc })));
      const answer = await client.expect(isPresence, 'an answer');
      assert.equal(answer.el.attrs.type, 'error', answer.raw);
      await assertNotStarted(server, room);
    });
  }

  await t.test('a conference request with parts missing is a bad request', async () => {
    const client = await guest(server, fresh('a27'));
    for (const attrs of [{ 'machine-uid': 'x' }, { room: '', 'machine-uid': 'x' }, { room: 'no-address', 'machine-uid': 'x' }, { room: `r@elsewhere.invalid`, 'machine-uid': 'x' }]) {
      const answer = await client.iq('set', server.focus, el('conference', { xmlns: NS.focus, ...attrs }));
      assert.equal(answer?.attrs.type, 'error', `${JSON.stringify(attrs)}: ${answer}`);
    }
  });

  await t.test('a message to a room by somebody who is not in it is refused and not heard', async () => {
    const room = fresh('a28');
    const host = await hostIn(server, room);
    const client = await guest(server, room);
    client.groupchat(room, 'from outside');
    const answer = await client.expect((frame) => frame.el?.name === 'message' && frame.el.attrs.type === 'error', 'message error');
    assert.equal(errorOf(answer.el).condition, 'not-acceptable', answer.raw);
    client.send(el('message', { type: 'chat', to: `${client.roomJid(room)}/${host.nick}` }, el('body', {}, 'private from outside')));
    await client.barrier();
    await host.barrier();
    assert.ok(!host.seen((frame) => frame.raw.includes('from outside')));
  });
});

test('Jingle with missing parts is answered with an error, and the others talk on', async (t) => {
  const server = await serve(t);
  const room = fresh('jingle');
  const host = await hostIn(server, room, 'host');
  const client = await guestIn(server, room, 'broken');
  const offer = await client.expect((frame) => isIq(frame) && child(frame.el, 'jingle', NS.jingle)?.attrs.action === 'session-initiate', 'session-initiate', 10000);
  const { sid } = child(offer.el, 'jingle').attrs;
  const focus = `${client.roomJid(room)}/focus`;
  const rtp = 'urn:xmpp:jingle:apps:rtp:1';
  const source = (attrs) => el('source', { xmlns: 'urn:xmpp:jingle:apps:rtp:ssma:0', ...attrs });
  const content = (...children) => el('content', { creator: 'responder', name: 'audio' }, ...children);
  const description = (...children) => el('description', { xmlns: rtp, media: 'audio' }, ...children);
  const cases = {
    'no action': [jingle(undefined, { sid }), ['bad-request']],
    'an unknown action': [jingle('session-dance', { sid }), ['feature-not-implemented', 'bad-request']],
    'no sid': [jingle('session-accept'), ['item-not-found', 'bad-request']],
    'an unknown sid': [jingle('session-accept', { sid: 'nobody' }, content(description())), ['item-not-found']],
    'an accept without contents': [jingle('session-accept', { sid }), ['bad-request']],
    'an accept without transport': [jingle('session-accept', { sid }, content(description())), ['bad-request']],
    'a transport without fingerprint': [jingle('session-accept', { sid }, content(description(), el('transport', { xmlns: 'urn:xmpp:jingle:transports:ice-udp:1', ufrag: 'a', pwd: 'b' }))), ['bad-request']],
    'a source without ssrc': [jingle('source-add', { sid }, content(description(source({ name: `${client.nick}-a0` })))), ['bad-request']],
    'a source with ssrc 0': [jingle('source-add', { sid }, content(description(source({ ssrc: '0', name: `${client.nick}-a0` })))), ['bad-request']],
    'a source with ssrc beyond 32 bits': [jingle('source-add', { sid }, content(description(source({ ssrc: '4294967296', name: `${client.nick}-a0` })))), ['bad-request']],
    'a source with ssrc in words': [jingle('source-add', { sid }, content(description(source({ ssrc: 'many', name: `${client.nick}-a0` })))), ['bad-request']],
    'more sources than allowed': [
      jingle('source-add', { sid }, content(description(Array.from({ length: 400 }, (_, index) => source({ ssrc: String(1000 + index), name: `${client.nick}-a${index}` }))))),
      ['bad-request', 'resource-constraint'],
    ],
    'a group of undeclared sources': [
      jingle('source-add', { sid }, content(description(el('ssrc-group', { xmlns: 'urn:xmpp:jingle:apps:rtp:ssma:0', semantics: 'FID' }, source({ ssrc: '7' }), source({ ssrc: '8' }))))),
      ['bad-request'],
    ],
    "another's source name": [jingle('source-add', { sid }, content(description(source({ ssrc: '777', name: `${host.nick}-a0` })))), ['bad-request', 'forbidden', 'not-allowed']],
  };
  for (const [what, [payload, conditions]] of Object.entries(cases)) {
    await t.test(what, async () => {
      const answer = await client.iq('set', focus, payload);
      assert.equal(answer?.attrs.type, 'error', `an error, but ${answer}`);
      assert.ok(conditions.includes(errorOf(answer).condition), `one of ${conditions}, but ${answer}`);
    });
  }

  await t.test("Jingle on another's session id is unknown", async () => {
    const theirs = await host.expect((frame) => isIq(frame) && child(frame.el, 'jingle', NS.jingle)?.attrs.action === 'session-initiate', 'session-initiate');
    const answer = await client.iq('set', focus, jingle('session-terminate', { sid: child(theirs.el, 'jingle').attrs.sid }, el('reason', {}, el('success'))));
    assert.equal(errorOf(answer)?.condition, 'item-not-found', String(answer));
  });

  await t.test('Jingle by somebody who is not in the room is refused', async () => {
    const stranger = await guest(server, room, 'stranger');
    const answer = await stranger.iq('set', focus, jingle('session-accept', { sid }));
    assert.equal(answer?.attrs.type, 'error', String(answer));
  });

  await t.test('the others talk on', async () => {
    host.groupchat(room, 'still fine');
    await client.expectBody('still fine');
    assert.ok(!find(host.log.at(-1)?.el, 'error'));
  });
});
