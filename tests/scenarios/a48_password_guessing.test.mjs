// A48 SASL: guessing is slowed per account and per address, nobody learns who exists, no clear password where somebody reads along.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addAccount, attempt, logIn, withAccounts } from '../support/account.mjs';
import { assertNotHeldUp, roundTrips } from '../support/held_up.mjs';
import { fresh, guest } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { Client } from '../support/xmpp.mjs';

const from = (address) => ({ headers: { 'x-forwarded-for': address } });
const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** Guesses at `names` without end until `count` answers have come: how many were looked at, how many turned away. */
async function guessing(server, count, who, lanes = 8) {
  const results = {};
  let begun = 0;
  const lane = async () => {
    while (begun < count) {
      const { name, address } = who(begun++);
      const client = await Client.open(server, { name: 'guesser', ...from(address) });
      await client.start();
      // Three a stream; what takes long is given up, as a guesser would.
      const answer = await client.prove({ name, password: `guess-${begun}`, mechanism: 'PLAIN', timeout: 800 }).catch(() => undefined);
      const result = answer ? answer.el.getChildElements()[0].name : 'held';
      results[result] = (results[result] ?? 0) + 1;
      client.vanish();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

test('A48 a thousand guesses at one account are slowed, another login and a ping are not', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  await addAccount(server, 'alice');
  const bob = await addAccount(server, 'bob');
  const bystander = await guest(server, fresh('quiet'));
  const quiet = await roundTrips([bystander], 50);
  let over = false;
  const disturbed = roundTrips([bystander], () => !over);
  const begun = performance.now();
  const guesses = guessing(server, 1000, (index) => ({ name: 'alice', address: `198.51.${index % 200}.${index % 250}` }));
  const logins = [];
  for (let count = 0; count < 5; count++) logins.push(await attempt(server, bob, from(`203.0.113.${count}`)));
  const results = await guesses;
  over = true;
  const trips = await disturbed;
  const minutes = (performance.now() - begun) / 60000;
  const looked = results['not-authorized'] ?? 0;
  t.diagnostic(`1000 guesses in ${Math.round(minutes * 60)} s: ${JSON.stringify(results)}`);
  assert.ok(looked <= 5 + Math.ceil(minutes * 5) + 2, `${looked} of 1000 were looked at in ${minutes.toFixed(1)} minutes`);
  for (const login of logins) {
    assert.equal(login.result, 'success');
    assert.ok(login.milliseconds < 2000, `another's login took ${login.milliseconds} ms`);
  }
  assertNotHeldUp(t, quiet, trips);
});

test('A48 guesses at many accounts from one address are slowed, from another address they are not', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const bob = await addAccount(server, 'bob');
  const begun = performance.now();
  const results = await guessing(server, 200, (index) => ({ name: `person-${index}`, address: '198.51.100.7' }), 4);
  const seconds = (performance.now() - begun) / 1000;
  t.diagnostic(`200 guesses in ${Math.round(seconds)} s: ${JSON.stringify(results)}`);
  assert.ok((results['not-authorized'] ?? 0) <= 30 + Math.ceil(seconds / 2) + 2, JSON.stringify(results));
  const login = await attempt(server, bob, from('203.0.113.5'));
  assert.equal(login.result, 'success');
  assert.ok(login.milliseconds < 2000, `${login.milliseconds} ms`);
});

test('A48 who guesses at an account does not keep its owner out', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const home = from('203.0.113.5');
  assert.equal((await attempt(server, alice, home)).result, 'success');
  await guessing(server, 60, (index) => ({ name: 'alice', address: `198.51.100.${index}` }));
  const login = await attempt(server, alice, home);
  assert.equal(login.result, 'success');
  assert.ok(login.milliseconds < 2000, `${login.milliseconds} ms`);
});

test('A48 nobody learns who exists: equal answers, equal challenges, equal times', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  await addAccount(server, 'alice');
  await addAccount(server, 'timed');
  await t.test('the answers', async () => {
    const answers = [];
    for (const name of ['alice', 'nobody']) {
      for (const mechanism of ['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-256']) {
        answers.push((await attempt(server, { name, password: 'not the password' }, { mechanism, ...from(`203.0.113.${answers.length}`) })).raw);
      }
    }
    assert.equal(new Set(answers).size, 1, [...new Set(answers)].join('\n'));
  });
  await t.test('the challenges', async () => {
    for (const mechanism of ['SCRAM-SHA-1', 'SCRAM-SHA-256']) {
      const challenge = async (name) => (await attempt(server, { name, password: 'x' }, { mechanism, ...from('203.0.113.100') })).client.challenge;
      const [real, fake, again] = [await challenge('alice'), await challenge(`no-${mechanism}`), await challenge(`no-${mechanism}`)];
      assert.equal(fake.iterations, real.iterations);
      assert.equal(fake.salt.length, real.salt.length);
      assert.equal(fake.salt, again.salt, 'the same name has the same salt each time');
      assert.ok(real.iterations >= 10000);
    }
  });
  await t.test('the times', async () => {
    const times = { timed: [], nobody: [] };
    for (let round = 0; round < 12; round++) {
      for (const name of Object.keys(times)) {
        const each = { name: name === 'nobody' ? `nobody-${round}` : name, password: 'not the password' };
        // The guesses at one account wait from the sixth on; only what is answered at once is compared.
        const { milliseconds } = name === 'timed' && round >= 4 ? { milliseconds: undefined } : await attempt(server, each, from(`192.0.2.${round}`));
        if (milliseconds !== undefined) times[name].push(milliseconds);
      }
    }
    const [alice, nobody] = [percentile(times.timed, 0.5), percentile(times.nobody, 0.5)];
    t.diagnostic(`PLAIN, median: ${alice.toFixed(1)} ms for alice, ${nobody.toFixed(1)} ms for nobody`);
    assert.ok(nobody > alice / 4 && alice > nobody / 4, `${alice} ms and ${nobody} ms`);
  });
});

test('A48 PLAIN without TLS is refused unless the proxy says TLS', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const offered = async (headers) => {
    const client = await Client.open(server, { headers });
    await client.start();
    return client;
  };
  const clear = await offered({ 'x-forwarded-proto': 'http' });
  assert.ok(!clear.mechanisms.includes('PLAIN'), `no PLAIN in ${clear.mechanisms}`);
  assert.ok(clear.mechanisms.includes('SCRAM-SHA-256'));
  const answer = await clear.prove({ ...alice, mechanism: 'PLAIN' });
  assert.equal(answer.el.getChildElements()[0].name, 'invalid-mechanism', answer.raw);
  assert.ok((await offered({ 'x-forwarded-proto': 'https' })).mechanisms.includes('PLAIN'));
  assert.ok((await offered({})).mechanisms.includes('PLAIN'), 'a hop inside the machine is nobody else’s to read');
});

test('A48 a header of somebody who is no proxy of ours is not believed', async (t) => {
  const server = await serve(t, { env: withAccounts({ PROSODY_TRUSTED_PROXIES: '192.0.2.1' }) });
  const wrong = { name: 'alice', password: 'not the password' };
  for (let index = 0; index < 5; index++) assert.equal((await attempt(server, { ...wrong, name: 'x' + index }, from(`198.51.100.${index}`))).result, 'not-authorized');
  const results = await guessing(server, 60, (index) => ({ name: `y${index}`, address: `198.51.100.${index}` }), 4);
  assert.ok((results['not-authorized'] ?? 0) < 60, `one address all the same: ${JSON.stringify(results)}`);
});

test('A48 odd messages are refused and hurt nobody', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const alice = await addAccount(server, 'alice');
  const base64 = (text) => Buffer.from(text).toString('base64');
  const odd = [
    ['PLAIN', base64('no nul')], ['PLAIN', base64('\0\0')], ['PLAIN', base64('a\0b\0c\0d')], ['PLAIN', base64(`bob\0alice\0${alice.password}`)],
    ['SCRAM-SHA-1', base64('n,,n=a')], ['SCRAM-SHA-256', base64('p=tls-unique,,n=alice,r=x')], ['SCRAM-SHA-256', base64('n,,m=x,n=alice,r=x')],
    ['SCRAM-SHA-256', base64(`n,,n=alice,r=${'x'.repeat(4000)}`)], ['SCRAM-SHA-256', base64('n,,n=al\0ice,r=x')], ['SCRAM-SHA-512', base64('n,,n=alice,r=x')],
  ];
  for (const [mechanism, payload] of odd) {
    const client = await Client.open(server, from('203.0.113.9'));
    await client.start();
    assert.equal((await client.tryAuth(mechanism, payload)).el.name, 'failure', `${mechanism} ${payload}`);
  }
  assert.equal((await attempt(server, { ...alice, name: `ALICE@${server.domain}` }, from('203.0.113.9'))).result, 'success');
  const client = await logIn(server, fresh('a48'), alice);
  await client.barrier();
});
