// One meeting in real browsers: the guest first, who waits; the host with a token; both in; a third. Pictures and sounds are checked, then
// mute, kick, reload, chat and the end for all. Each sender's camera has its own colour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chromiumPerson, webServer } from '../support/browser.mjs';
import { room as roomOf } from '../support/admin.mjs';
import { fresh } from '../support/people.mjs';
import { eventually } from '../support/waiting.mjs';

test('e2e: a meeting of three in Chromium', { timeout: 400000 }, async (t) => {
  const server = await webServer(t);
  const room = fresh('meeting');
  const guest = await chromiumPerson(t, 'Gina', { colour: 'green' });
  const host = await chromiumPerson(t, 'Ada', { colour: 'red' });
  const third = await chromiumPerson(t, 'Blaise', { colour: 'blue' });

  await t.test('before joining, a preview and the choice of devices', async () => {
    await guest.open(server, room, { autojoin: false });
    await guest.sees('join');
    await guest.sees('name-input');
    await guest.screenshot('prejoin');
  });

  await t.test('the guest who comes first waits, and is told so in words', async () => {
    await guest.click('join');
    await guest.sees('waiting');
    const text = await guest.text('[data-testid="waiting-text"]');
    assert.ok(text.trim().length > 15, text);
    await guest.screenshot('waiting-for-host');
    const found = await roomOf(server, room);
    assert.ok(!found || found.occupants.length === 0, 'the room is not started');
  });

  await t.test('the host comes with a token and the guest gets in by himself', async () => {
    await host.open(server, room, { token: server.token(room, 'mod', { user: { name: 'Ada' } }) });
    await host.inMeeting(2);
    await guest.inMeeting(2);
    assert.equal((await host.state()).role, 'moderator');
    assert.equal((await guest.state()).role, 'participant');
    assert.ok(!(await host.page.url()).includes('jwt='), 'the token has left the address bar');
  });

  await t.test('both see decoded frames grow, in the colour of the other', async () => {
    const [hostNick, guestNick] = [await host.nick(), await guest.nick()];
    await host.grows('frames', 30);
    await guest.grows('frames', 30);
    await host.seesColour(guestNick, 'green');
    await guest.seesColour(hostNick, 'red');
    await host.seesColour(hostNick, 'red');
  });

  await t.test('both hear each other', async () => {
    await host.grows('audioEnergy', 0.0005);
    await guest.grows('audioEnergy', 0.0005);
  });

  await t.test('a third joins: everybody sees two others, each in his own colour', async () => {
    await third.open(server, room);
    const people = [[host, 'Ada', 'red'], [guest, 'Gina', 'green'], [third, 'Blaise', 'blue']];
    for (const [person] of people) await person.inMeeting(3);
    for (const [viewer] of people) {
      for (const [other, , colour] of people) if (other !== viewer) await viewer.seesColour(await other.nick(), colour, 40000);
      await viewer.grows('frames', 30);
    }
    await third.grows('audioEnergy', 0.0005);
    await host.screenshot('meeting-of-three');
  });

  await t.test('names are on the tiles', async () => {
    for (const viewer of [host, third]) {
      assert.equal(await viewer.nickOf('Gina'), await guest.nick());
    }
    assert.equal(await guest.nickOf('Ada'), await host.nick());
  });

  await t.test('chat reaches everybody', async () => {
    for (const person of [host, guest, third]) await person.click('toolbar-chat');
    await guest.type('chat-input', 'hello <b>you</b>');
    await guest.click('chat-send');
    for (const person of [host, guest, third]) {
      await eventually(`${person.name} reads the message`, async () => (await person.text('[data-testid="chat-message"]'))?.includes('hello <b>you</b>'), { timeout: 10000 });
    }
    for (const person of [host, guest, third]) await person.click('toolbar-chat');
  });

  await t.test('the moderator’s acts are shown to the moderator only', async () => {
    for (const person of [host, guest]) await person.click('toolbar-participants');
    const nick = await guest.nick();
    await host.sees('participant-mute');
    await host.sees('participant-kick');
    await guest.sees('participant');
    for (const act of ['participant-mute', 'participant-kick', 'participant-grant', 'leave-for-all']) {
      assert.equal(await guest.count(`[data-testid="${act}"]`), 0, act);
    }
    assert.ok(nick);
    await guest.click('toolbar-participants');
  });

  await t.test('mute: the muted one is marked for all and no longer heard', async () => {
    const nick = await guest.nick();
    await host.click('participant', `[data-endpoint="${nick}"] [data-testid="participant-mute"]`);
    for (const person of [host, third, guest]) await person.sees('tile', { attributes: `[data-endpoint="${nick}"] [data-testid="tile-muted"]` });
    // The fake microphones beep once a second. One beep of the third lets what was under way play out; during the next two the muted one is silent.
    const thirdNick = await third.nick();
    const beeps = async (energy) => {
      const from = await host.energyOf(thirdNick);
      await eventually('the third goes on being heard', async () => (await host.energyOf(thirdNick)) > from + energy, { timeout: 30000, every: 200 });
    };
    await beeps(0.05);
    const before = await host.energyOf(nick);
    await beeps(0.1);
    const heard = (await host.energyOf(nick)) - before;
    assert.ok(heard < 0.005, `silence from the muted one, but energy ${heard}`);
    await guest.click('toolbar-mic');
    await eventually('he is heard again', async () => (await host.energyOf(nick)) > before + heard + 0.005, { timeout: 30000, every: 200 });
    await host.sees('tile', { attributes: `[data-endpoint="${nick}"] [data-testid="tile-muted"]`, gone: true });
  });

  await t.test('a participant who reloads comes back, seen and heard', async () => {
    await third.reload();
    await third.inMeeting(3);
    await third.grows('frames', 30);
    await host.inMeeting(3);
    await host.seesColour(await third.nick(), 'blue', 40000);
  });

  await t.test('a kicked person is told so, and the others go on', async () => {
    const nick = await third.nick();
    await host.click('participant', `[data-endpoint="${nick}"] [data-testid="participant-kick"]`);
    await host.type('remove-reason', 'The room is needed');
    await host.click('remove-confirm');
    await third.sees('ended');
    assert.match(await third.text('[data-testid="ended-text"]'), /Ada has removed you.*The room is needed\./);
    await host.inMeeting(2);
    await guest.inMeeting(2);
    await guest.grows('frames', 20);
  });

  await t.test('a moderator who reloads, without his token, is moderator again', async () => {
    await host.reload();
    await host.inMeeting(2);
    assert.equal((await host.state()).role, 'moderator');
    await guest.inMeeting(2);
    await guest.seesColour(await host.nick(), 'red', 40000);
  });

  await t.test('end for all ends it for all, with a sentence', async () => {
    await host.click('toolbar-leave');
    await host.click('leave-for-all');
    for (const person of [host, guest]) {
      await person.sees('ended');
      assert.ok((await person.text('[data-testid="ended-text"]')).trim().length > 10);
    }
    await eventually('the room is gone', async () => ((await roomOf(server, room))?.occupants ?? []).length === 0);
  });

  await t.test('no page had an error of its own', () => {
    for (const person of [host, guest, third]) assert.deepEqual(person.uncaught(), [], person.name);
  });
});
