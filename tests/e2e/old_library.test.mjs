// The witness for old clients: lib-jitsi-meet as it was in December 2021, from npm, in Chromium. One meeting of four people, with XML sources,
// peer to peer while they are two.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { libraryPeople, libraryServer } from '../support/library.mjs';
import { fresh } from '../support/people.mjs';

const conference = { p2p: { enabled: true, stunServers: [], backToP2PDelay: 1 } };

test('e2e: the library of 2021 in a meeting', { timeout: 180000 }, async (t) => {
  const server = await libraryServer(t);
  const room = fresh('old');
  const [ada, gina, blaise, dorothy] = await libraryPeople(t, server, { Ada: 'red', Gina: 'green', Blaise: 'yellow', Dorothy: 'white' });
  const connection = { enableWebsocketResume: true };
  const seeEachOther = async (...people) => {
    await Promise.all(people.flatMap((viewer) => people.filter((other) => other !== viewer).map((other) => viewer.sees(other))));
  };

  await t.test('a guest waits for the host, and is let in by himself', async () => {
    const outcome = await gina.join(room, { conference, connection });
    assert.equal(outcome.failed, 'conference.connectionError.membersOnly');
    await gina.does((probe) => void probe.conference.joinLobby('Gina'));
    await ada.enters(room, { conference, connection, token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
    await gina.hears('CONFERENCE_JOINED');
    gina.nick = await gina.does((probe) => probe.conference.myUserId());
    assert.equal(await ada.does((probe) => probe.conference.isModerator()), true);
    assert.equal(await gina.does((probe) => probe.conference.isModerator()), false);
  });

  await t.test('two are peer to peer, and see and hear each other', async () => {
    for (const person of [ada, gina]) await person.hears('P2P_STATUS', (_, on) => on === true);
    await seeEachOther(ada, gina);
    await gina.does((probe) => probe.speak(true));
    await ada.listens();
    await gina.does((probe) => probe.speak(false));
  });

  await t.test('with a third all goes over the bridge', async () => {
    await blaise.enters(room, { conference, connection });
    for (const person of [ada, gina]) await person.hears('P2P_STATUS', (_, on) => on === false);
    await seeEachOther(ada, gina, blaise);
  });

  await t.test('a password: refused without, let in with it', async () => {
    await ada.does((probe) => probe.conference.lock('s3same'));
    await gina.hears('LOCK_STATE_CHANGED', (locked) => locked === true);
    assert.equal((await dorothy.join(room, { conference, connection })).failed, 'conference.passwordRequired');
    assert.equal((await dorothy.does((probe) => probe.enter('wrong'))).failed, 'conference.passwordRequired');
    dorothy.nick = (await dorothy.does((probe) => probe.enter('s3same'))).joined;
    assert.ok(dorothy.nick);
    await ada.does((probe) => probe.conference.unlock());
    await gina.hears('LOCK_STATE_CHANGED', (locked) => locked === false);
    await seeEachOther(ada, gina, blaise, dorothy);
  });

  await t.test('who speaks is the dominant speaker, and is heard', async () => {
    await blaise.does((probe) => probe.speak(true));
    for (const person of [ada, gina, dorothy]) await person.hears('DOMINANT_SPEAKER_CHANGED', (id) => id === blaise.nick);
    await dorothy.listens();
    await blaise.does((probe) => probe.speak(false));
  });

  await t.test('messages to all and to one', async () => {
    await gina.does((probe) => probe.conference.sendTextMessage('good morning'));
    for (const person of [ada, blaise, dorothy]) await person.hears('MESSAGE_RECEIVED', (id, text) => id === gina.nick && text === 'good morning');
    await ada.does((probe, id) => probe.conference.sendPrivateTextMessage(id, 'a word'), blaise.nick);
    await blaise.hears('PRIVATE_MESSAGE_RECEIVED', (id, text) => id === ada.nick && text === 'a word');
    assert.deepEqual(await gina.seen('PRIVATE_MESSAGE_RECEIVED'), []);
  });

  await t.test('a moderator mutes somebody, who may switch on again', async () => {
    await gina.does((probe, id) => probe.conference.muteParticipant(id, 'audio'), dorothy.nick);
    await ada.does((probe, id) => probe.conference.muteParticipant(id, 'audio'), blaise.nick);
    const isOf = (id, muted) => (track) => track.owner === id && track.type === 'audio' && track.muted === muted;
    await blaise.hears('TRACK_MUTE_CHANGED', isOf(blaise.nick, true));
    await dorothy.hears('TRACK_MUTE_CHANGED', isOf(blaise.nick, true));
    assert.ok(!(await dorothy.seen('TRACK_MUTE_CHANGED')).some(([, track]) => isOf(dorothy.nick, true)(track)), 'a guest mutes nobody');
    await blaise.does((probe) => probe.track('audio').unmute());
    await dorothy.hears('TRACK_MUTE_CHANGED', isOf(blaise.nick, false));
  });

  await t.test('a camera that is switched off and on again', async () => {
    await dorothy.does((probe) => probe.track('video').mute());
    await ada.hears('TRACK_MUTE_CHANGED', (track) => track.owner === dorothy.nick && track.type === 'video' && track.muted);
    await dorothy.does((probe) => probe.track('video').unmute());
    await ada.hears('TRACK_MUTE_CHANGED', (track) => track.owner === dorothy.nick && track.type === 'video' && !track.muted);
    await ada.sees(dorothy);
  });

  await t.test('a moderator makes another, and a guest does not', async () => {
    await gina.does((probe, id) => probe.conference.grantOwner(id), dorothy.nick);
    await ada.does((probe, id) => probe.conference.grantOwner(id), blaise.nick);
    await blaise.hears('USER_ROLE_CHANGED', (id, role) => id === blaise.nick && role === 'moderator');
    assert.equal(await dorothy.does((probe) => probe.conference.isModerator()), false);
  });

  await t.test('kicked: told by whom, and gone', async () => {
    await ada.does((probe, id) => probe.conference.kickParticipant(id, 'enough'), dorothy.nick);
    await dorothy.hears('KICKED', (by, reason) => by.id === ada.nick && reason === 'enough');
    await gina.hears('PARTICIPANT_KICKED', (by, who) => by.id === ada.nick && who.id === dorothy.nick);
    await dorothy.does((probe) => probe.connection.disconnect());
  });

  await t.test('who was kicked knocks, and is let in again', async () => {
    assert.equal((await dorothy.join(room, { conference, connection })).failed, 'conference.connectionError.membersOnly');
    await dorothy.does((probe) => void probe.conference.joinLobby('Dorothy'));
    const [, knocker] = await ada.hears('LOBBY_USER_JOINED', (_, name) => name === 'Dorothy');
    await ada.does((probe, id) => probe.conference.lobbyApproveAccess(id), knocker);
    await dorothy.hears('CONFERENCE_JOINED');
    dorothy.nick = await dorothy.does((probe) => probe.conference.myUserId());
    await dorothy.sees(ada);
  });

  await t.test('a lost connection is resumed: nobody has left, and what is said meanwhile arrives', async () => {
    await gina.person.cutStream();
    await ada.does((probe) => probe.conference.sendTextMessage('while you were away'));
    await gina.hears('MESSAGE_RECEIVED', (_, text) => text === 'while you were away');
    assert.ok(!(await ada.seen('USER_LEFT')).some(([, id]) => id === gina.nick));
    await gina.does((probe) => probe.conference.sendTextMessage('back again'));
    await ada.hears('MESSAGE_RECEIVED', (_, text) => text === 'back again');
  });

  await t.test('left alone, two are peer to peer again', async () => {
    const before = (await ada.seen('P2P_STATUS')).length;
    for (const person of [blaise, dorothy]) await person.does((probe) => probe.leave());
    await ada.hears('USER_LEFT', (id) => id === dorothy.nick);
    await ada.becomes((events) => events.filter(([name]) => name === 'P2P_STATUS').slice(before).some(([, , on]) => on === true), 'peer to peer again');
    await seeEachOther(ada, gina);
  });
});
