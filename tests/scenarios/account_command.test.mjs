// `conclave account …` beside the running server, and accounts that come from Prosody.
import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accountCommand, addAccount, attempt, logIn, withAccounts } from '../support/account.mjs';
import { fresh } from '../support/people.mjs';
import { serve } from '../support/server.mjs';
import { eventually } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

const command = async (server, args, input) => {
  const { code, stdout, stderr } = await accountCommand(server, args, input);
  return { code, text: stdout + stderr, stdout };
};

test('conclave account: add, passwd, role, lock, unlock, list, remove', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const room = fresh('cli');
  const alice = await addAccount(server, 'alice', { displayName: 'Alice', mail: 'alice@example.org', role: 'host' });
  const list = async () => JSON.parse((await command(server, ['list', '--json'])).stdout);

  assert.deepEqual(await list(), [{ name: 'alice', role: 'host', locked: false, display_name: 'Alice', mail: 'alice@example.org' }]);
  assert.equal((await command(server, ['add', 'ALICE', '--password-stdin'], 'another password\n')).code, 1, 'one name, whatever the case');
  assert.equal((await command(server, ['role', 'alice', 'participant'])).code, 0);
  assert.equal((await list())[0].role, 'participant');
  assert.equal((await command(server, ['lock', 'alice'])).code, 0);
  assert.equal((await attempt(server, alice)).result, 'account-disabled');
  assert.equal((await attempt(server, alice, { mechanism: 'SCRAM-SHA-256' })).result, 'account-disabled');
  assert.equal((await attempt(server, { ...alice, password: 'not the password' })).result, 'not-authorized', 'a lock is told to the owner only');
  assert.equal((await command(server, ['unlock', 'alice'])).code, 0);
  assert.equal((await command(server, ['passwd', 'alice', '--password-stdin'], 'a password of today\n')).code, 0);
  server.passwords.push('a password of today');
  assert.equal((await attempt(server, alice)).result, 'not-authorized');
  assert.equal((await attempt(server, { name: 'alice', password: 'a password of today' })).result, 'success');
  assert.equal((await command(server, ['remove', 'alice'])).code, 0);
  assert.equal((await attempt(server, { name: 'alice', password: 'a password of today' }, { mechanism: 'SCRAM-SHA-1' })).result, 'not-authorized');
  assert.deepEqual(await list(), []);
  assert.ok(room);
});

test('conclave account: what is wrong is said, and a password never comes from the command line', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  for (const [args, code, says, input] of [
    [['add', 'bob'], 78, /--password-stdin/, ''],
    [['add', 'bob', '--password-stdin'], 78, /fewer than 8/, 'short\n'],
    [['add', 'b b', '--password-stdin'], 78, /without blanks/, 'a good password\n'],
    [['add', 'bob', '--password', 'a good password'], 64, /--password/, ''],
    [['add', 'bob', '--role', 'king', '--password-stdin'], 78, /host, participant/, 'a good password\n'],
    [['lock', 'nobody'], 1, /no account nobody/, ''],
    [['passwd', 'nobody', '--password-stdin'], 1, /no account nobody/, 'a good password\n'],
    [['import', '/nowhere/at/all'], 78, /cannot be read/, ''],
    [[], 64, /subcommand/, ''],
  ]) {
    const result = await command(server, args, input);
    assert.equal(result.code, code, `${args.join(' ')}: ${result.text}`);
    assert.match(result.text, says);
  }
});

function prosodyFile(fields) {
  return `return {\n${Object.entries(fields).map(([name, value]) => `\t["${name}"] = ${typeof value === 'string' ? JSON.stringify(value) : value};`).join('\n')}\n};\n`;
}

function hashed(password, iterations = 10000) {
  const salt = randomUUID();
  const salted = pbkdf2Sync(password, salt, iterations, 20, 'sha1');
  const hmac = (text) => createHmac('sha1', salted).update(text).digest();
  return prosodyFile({
    iteration_count: iterations,
    stored_key: createHash('sha1').update(hmac('Client Key')).digest('hex'),
    server_key: hmac('Server Key').toString('hex'),
    salt,
  });
}

test('accounts come over from Prosody with their passwords, clear and hashed', async (t) => {
  const server = await serve(t, { env: withAccounts() });
  const write = (host, name, content) => {
    const folder = join(server.folder, 'prosody/data', host, 'accounts');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.dat`), content);
  };
  const passwords = { dora: 'dora is clear', 'e.mil': 'emil is hashed' };
  server.passwords = Object.values(passwords);
  write('meet%2eexample', 'dora', prosodyFile({ password: passwords.dora }));
  write('meet%2eexample', 'e%2emil', hashed(passwords['e.mil']));
  write('meet%2eexample', 'evil', 'return { ["password"] = os.getenv("HOME") };\n');
  write('auth%2emeet%2eexample', 'jvb', prosodyFile({ password: 'some service here' }));

  const { code, text } = await command(server, ['import', join(server.folder, 'prosody')]);
  assert.equal(code, 1, text);
  assert.match(text, /2 imported, 1 not/);
  assert.match(text, /evil\.dat: not imported/);
  assert.match(text, /1 are of other hosts/);
  for (const password of server.passwords) assert.ok(!text.includes(password));

  const offered = async () => {
    const client = await Client.open(server);
    await client.start();
    client.vanish();
    return client.mechanisms;
  };
  await eventually('SCRAM-SHA-256 is not offered while somebody has no keys for it', async () => !(await offered()).includes('SCRAM-SHA-256'));
  for (const [name, password] of Object.entries(passwords)) {
    const client = await logIn(server, fresh('import'), { name, password });
    assert.ok(client.jid.startsWith(`${name}@`), client.jid);
    await client.close();
  }
  assert.equal((await attempt(server, { name: 'e.mil', password: passwords['e.mil'] })).result, 'success');
  await eventually('after a login by PLAIN everybody has keys, and it is offered', async () => (await offered()).includes('SCRAM-SHA-256'));
  assert.equal((await attempt(server, { name: 'e.mil', password: passwords['e.mil'] }, { mechanism: 'SCRAM-SHA-256' })).result, 'success');
});
