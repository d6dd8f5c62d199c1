// What the stock server's own test-suite demands and no other file here holds (signalling.md 7; docs/upstream-tests.md is the table).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guest, guestIn, holder, hostIn, participantIn } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { NS, child, childrenOf, codes, el, errorOf, find, isMessage, isPresence } from '../support/xmpp.mjs';

const json = (value) => el('json-message', { xmlns: NS.jitmeet }, JSON.stringify(value));
const toComponent = (client, host, payload) => client.send(el('message', { to: `${host}.${client.server.domain}` }, payload));
const jsonOf = (frame) => JSON.parse(child(frame.el, 'json-message').getText());
const isJson = (frame, type) => isMessage(frame) && child(frame.el, 'json-message') && jsonOf(frame).type === type;
const formOf = async (client, room) =>
  Object.fromEntries(childrenOf(find(await client.disco(client.roomJid(room)), 'x'), 'field').map((field) => [field.attrs.var, child(field, 'value')?.getText()]));

test('the rows of the upstream suite', async (t) => {
  const server = await serve(t);

  await t.test('conference_duration: the time of the first arrival, constant afterwards', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const first = (await formOf(host, room))['muc#roominfo_created_timestamp'];
    assert.ok(Math.abs(Date.now() - Number(first)) < 60_000, first);
    const bo = await guestIn(server, room);
    assert.equal((await formOf(bo, room))['muc#roominfo_created_timestamp'], first);
    await bo.leave(room);
    assert.equal((await formOf(host, room))['muc#roominfo_created_timestamp'], first);
  });

  await t.test('meeting_id: one for the meeting, another for the next', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room);
    const id = (await formOf(host, room))['muc#roominfo_meetingId'];
    assert.equal((await formOf(bo, room))['muc#roominfo_meetingId'], id);
    await bo.leave(room);
    await host.leave(room);
    await host.enter(room);
    assert.notEqual((await formOf(host, room))['muc#roominfo_meetingId'], id);
  });

  await t.test('end_conference: a moderator’s word ends it, nobody else’s does, nor does a message without the element', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const part = await participantIn(server, room);
    const outside = await holder(server, room, 'mod', 'outside');
    toComponent(part, 'endconference', el('end_conference'));
    toComponent(outside, 'endconference', el('end_conference'));
    toComponent(host, 'endconference', el('body', {}, 'end it'));
    for (const client of [part, outside, host]) await client.barrier();
    part.groupchat(room, 'still here');
    await host.expectBody('still here');
    toComponent(host, 'endconference', el('end_conference'));
    for (const client of [host, part]) {
      const gone = (await client.expectGone(room, client.nick)).el;
      assert.equal(find(gone, 'destroy') && find(gone, 'reason').getText(), 'The meeting has been terminated');
    }
  });

  await t.test('filesharing_component: told to the others with its real author, listed to who comes later, taken away', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const part = await participantIn(server, room);
    const share = (client, type, attrs, text) => toComponent(client, 'filesharing', el('file-sharing', { xmlns: NS.jitmeet, type, ...attrs }, text));
    share(host, 'add', {}, JSON.stringify({ fileId: 'f1', fileName: 'plan.pdf', fileSize: 7, authorParticipantId: 'forged' }));
    const { file } = jsonOf(await part.expect((frame) => isJson(frame, 'file-sharing'), 'the file'));
    assert.deepEqual([file.fileName, file.authorParticipantId, file.authorParticipantJid], ['plan.pdf', host.nick, host.jid]);
    const late = await guestIn(server, room, 'late');
    const { files } = jsonOf(await late.expect((frame) => isJson(frame, 'file-sharing'), 'the list'));
    assert.deepEqual(Object.keys(files), ['f1']);
    const narrowed = await holder(server, room, 'part', 'narrowed', { claims: { context: { user: { id: 'n', name: 'N' }, features: { recording: true } } } });
    await narrowed.enter(room);
    share(narrowed, 'add', {}, JSON.stringify({ fileId: 'f2' }));
    const refused = await narrowed.expect((frame) => isMessage(frame) && frame.el.attrs.type === 'error', 'a refusal');
    assert.equal(`${errorOf(refused.el).type}/${errorOf(refused.el).condition}`, 'auth/forbidden');
    share(host, 'remove', { fileId: 'f1' });
    const gone = jsonOf(await late.expect((frame) => isJson(frame, 'file-sharing'), 'the removal'));
    assert.deepEqual(gone, { type: 'file-sharing', event: 'remove', fileId: 'f1' });
    await host.barrier();
    assert.ok(!host.seen((frame) => isJson(frame, 'file-sharing') && jsonOf(frame).event !== 'list'), 'not to the sender');
    const identity = childrenOf(child(await host.disco(), 'query'), 'identity').find((each) => each.attrs.type === 'file-sharing');
    assert.equal(identity.attrs.name, `filesharing.${server.domain}`);
  });

  await t.test('jitsi_permissions: moderators are told once, in their own presence alone', async () => {
    const room = fresh('up');
    const host = await holder(server, room, 'mod');
    const joined = await host.enter(room);
    const told = childrenOf(child(joined.self, 'permissions', NS.jitmeet), 'p').filter((p) => p.attrs.val === 'true').map((p) => p.attrs.name);
    for (const name of ['livestreaming', 'recording', 'transcription', 'outbound-call', 'create-polls', 'send-groupchat', 'flip']) assert.ok(told.includes(name), name);
    const part = await participantIn(server, room);
    assert.equal(child(part.rosters.get(part.roomJid(room)).get(host.nick), 'permissions'), undefined);
    assert.ok(!part.seen((frame) => isPresence(frame) && child(frame.el, 'permissions')));
    await host.grant(room, part.jid);
    await part.expectPresence(room, part.nick, (presence) => child(presence, 'permissions', NS.jitmeet), 'own presence with permissions');
  });

  await t.test('muc_domain_mapper: rooms of two tenants and of none are three, and each is answered as it was written', async () => {
    const name = fresh('up');
    const addresses = [`${name}@conference.acme.${server.domain}`, `${name}@conference.other.${server.domain}`, `${name}@conference.${server.domain}`];
    const tenants = ['acme', 'other', undefined];
    const people = [];
    for (const [i, address] of addresses.entries()) {
      const claims = tenants[i] ? { sub: tenants[i] } : {};
      const client = await holder(server, name, 'mod', `host ${i}`, { claims, ...(tenants[i] ? { prefix: tenants[i] } : {}) });
      const { self } = await client.enter(address);
      assert.equal(self.attrs.from, `${address}/${client.nick}`);
      assert.equal(child(await client.disco(address), 'query') !== undefined, true);
      people.push(client);
    }
    for (const [i, client] of people.entries()) {
      await client.barrier();
      assert.deepEqual(client.nicks(addresses[i]), [client.nick]);
    }
  });

  await t.test('muc_rate_limit: many who come at once are all in, and each has seen each once', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const people = await Promise.all(Array.from({ length: 12 }, (_, i) => guest(server, room, `g${i}`)));
    await Promise.all(people.map((client) => client.enter(room)));
    for (const client of people) await client.barrier();
    await host.barrier();
    for (const client of [host, ...people]) {
      await client.barrier();
      assert.equal(client.nicks(room).length, 13, client.name);
    }
    await Promise.all(people.map((client) => client.leave(room)));
    await host.barrier();
    assert.deepEqual(host.nicks(room), [host.nick]);
  });

  await t.test('meeting_id: a transcription is nobody’s to send but a transcriber’s, and malformed ones hurt nobody', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room);
    for (const said of [
      { type: 'transcription-result', transcript: [], participant: { id: host.nick } },
      { type: 'transcription-result' },
      { type: 'translation-result', text: 'I resign', participant: { id: host.nick } },
      { type: 7 },
    ]) {
      bo.send(el('message', { type: 'groupchat', to: bo.roomJid(room) }, json(said)));
    }
    bo.groupchat(room, 'after');
    await host.expectBody('after');
    assert.ok(!host.seen((frame) => isJson(frame, 'transcription-result') || isJson(frame, 'translation-result')));
  });

  await t.test('follow-me and the shared video are passed on in each presence', async () => {
    const room = fresh('up');
    const host = await hostIn(server, room);
    const bo = await guestIn(server, room);
    host.send(host.presence(room, { first: false, children: [el('follow-me', { filmstripVisible: 'true', nextOnStage: bo.nick })] }));
    const following = await bo.expectPresence(room, host.nick, (presence) => child(presence, 'follow-me'), 'follow-me');
    assert.equal(child(following.el, 'follow-me').attrs.nextOnStage, bo.nick);
    for (const state of ['start', 'playing', 'stop']) {
      host.send(host.presence(room, { first: false, children: [el('shared-video', { state, time: '1' }, 'abc')] }));
      await bo.expectPresence(room, host.nick, (presence) => child(presence, 'shared-video')?.attrs.state === state, state);
    }
  });

  await t.test('trap 6: a name beyond ASCII is one room in query, request and address', async () => {
    const room = `besprechung-ä-${fresh('up')}`;
    const node = encodeURIComponent(room).toLowerCase();
    const host = await holder(server, room, 'mod');
    const { self } = await host.enter(`${node}@${server.muc}`);
    assert.equal(self.attrs.from, `${node}@${server.muc}/${host.nick}`);
    assert.ok(codes(self).includes('110'));
  });
});
