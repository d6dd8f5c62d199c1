// Random meetings on the running server against the model of tests/support/model.mjs: joins, leaves, reloads, kicks, bars, grants, revocations. The seed is
// printed; CONCLAVE_MODEL_SEED plays another one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, guest, holder } from '../support/people.mjs';
import { Model, dice } from '../support/model.mjs';
import { serve } from '../support/server.mjs';

const EVENTS = 60;
const PEOPLE = { gail: 'guest', greg: 'guest', mona: 'mod', mike: 'mod', pete: 'part', una: 'unsaid', otto: 'other' };
const POLICIES = [
  { guests: 'join', starters: 'moderators', moderators: 'all', autoPromote: 'never', kicked: 'return' },
  { guests: 'create', starters: 'authenticated', moderators: 'claimed', autoPromote: 'anyone', kicked: 'barred' },
  { guests: 'deny', starters: 'authenticated', moderators: 'claimed', autoPromote: 'never', kicked: 'return' },
];

const environment = (policy) => ({
  CONCLAVE_GUESTS: policy.guests,
  CONCLAVE_STARTERS: policy.starters,
  CONCLAVE_MODERATORS: policy.moderators,
  CONCLAVE_AUTO_PROMOTE: policy.autoPromote,
  CONCLAVE_KICKED: policy.kicked,
  CONCLAVE_HOST_LEFT: 'open',
});

const login = {
  guest: (server, room, name) => guest(server, room, name),
  mod: (server, room, name) => holder(server, room, 'mod', name),
  part: (server, room, name) => holder(server, room, 'part', name),
  unsaid: (server, room, name) => holder(server, room, '-', name),
  other: (server, room, name) => holder(server, room, 'mod', name, { tokenRoom: 'elsewhere' }),
};

/** Asks and joins: "outside", "refused", or how he is seen. */
async function enters(client, room) {
  const asked = await client.askAgainWhenInvalid(room);
  if (asked.error) return asked.error.condition === 'not-authorized' ? 'outside' : 'refused';
  const joined = await client.join(room);
  if (!joined.error) return `${joined.item.affiliation}/${joined.item.role}`;
  const logIn = joined.error.children.includes('authentication-required');
  return joined.error.condition === 'registration-required' || logIn ? 'outside' : 'refused';
}

const ITEMS = {
  kick: (nick) => [{ nick, role: 'none' }],
  bar: (nick, jid) => [{ jid, affiliation: 'outcast' }],
  grant: (nick, jid) => [{ jid, affiliation: 'owner' }],
  revoke: (nick, jid) => [{ jid, affiliation: 'member' }],
};

async function play(server, policy, room, seed) {
  const roll = dice(seed);
  const model = new Model(policy, PEOPLE);
  const clients = new Map();
  for (const [name, kind] of Object.entries(PEOPLE)) clients.set(name, await login[kind](server, room, name));
  const names = [...clients.keys()];
  const story = [];
  for (let i = 0; i < EVENTS; i++) {
    const name = roll.pick(names);
    const event = roll.pick(['enter', 'enter', 'enter', 'leave', 'reload', 'kick', 'bar', 'grant', 'grant', 'revoke']);
    const other = roll.pick(names);
    story.push(`${name} ${event} ${other}`);
    const told = `seed ${seed}; …${story.slice(-8).join(', ')}`;
    const isInside = model.inside.includes(name);
    if (event === 'enter' && !isInside) {
      assert.equal(await enters(clients.get(name), room), model.enters(name), told);
    } else if (event === 'leave' && isInside) {
      await clients.get(name).leave(room);
      model.leaves(name);
    } else if (event === 'reload' && isInside) {
      // Without his token, with what the browser kept.
      clients.set(name, await clients.get(name).reload({ name }));
      model.leaves(name);
      assert.equal(await enters(clients.get(name), room), model.enters(name), told);
    } else if (ITEMS[event] && isInside && model.inside.includes(other) && other !== name) {
      const target = clients.get(other);
      const [attrs] = ITEMS[event](target.nick, target.jid);
      const answer = await clients.get(name).admin(room, attrs);
      const works = model.acts(name, event, other);
      assert.equal(answer.attrs.type === 'result', works, `${told}: ${answer}`);
      if (works && ['kick', 'bar'].includes(event)) await target.expectGone(room, target.nick);
    }
    if (model.inside.length > 0) {
      const witness = clients.get(model.inside[0]);
      await witness.barrier();
      const seen = Object.fromEntries(
        model.inside.map((each) => [each, witness.item(room, clients.get(each).nick)]).map(([each, item]) => [each, item && `${item.affiliation}/${item.role}`]).sort(),
      );
      assert.deepEqual(seen, model.seen(), told);
      assert.equal(witness.nicks(room).filter((nick) => nick !== 'focus').length, model.inside.length, told);
    }
  }
  for (const client of clients.values()) await client.close();
}

test('the running server goes with the model of the table', async (t) => {
  const base = Number(process.env.CONCLAVE_MODEL_SEED ?? 20261124);
  for (const policy of POLICIES) {
    await t.test(JSON.stringify(policy), async (inner) => {
      const server = await serve(inner, { env: environment(policy) });
      for (let i = 0; i < 4; i++) {
        inner.diagnostic(`seed ${base + i}`);
        await play(server, policy, fresh('model'), base + i);
      }
    });
  }
});
