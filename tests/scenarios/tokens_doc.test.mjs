// docs/tokens.md: the programs that it prints are run, and what they print opens the room. A language that is not on this machine is skipped, and said so.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertAdmittedAs } from '../support/claims.mjs';
import { root, serve } from '../support/server.mjs';
import { within } from '../support/waiting.mjs';
import { Client } from '../support/xmpp.mjs';

const SECRET = 'tokens-doc-canary-secret-of-more-than-32-bytes';

/** How each language runs a program that is one file, and how it says that it is there. */
const LANGUAGES = {
  Python: { file: 'token.py', run: ['python3'], probe: ['python3', '--version'] },
  JavaScript: { file: 'token.mjs', run: [process.execPath], probe: [process.execPath, '--version'] },
  PHP: { file: 'token.php', run: ['php'], probe: ['php', '--version'] },
  Java: { file: 'Token.java', run: ['java'], probe: ['javac', '--version'] },
  Go: { file: 'token.go', run: ['go', 'run'], probe: ['go', 'version'] },
};

/** Language → program, as the document has them. */
function programs() {
  const text = readFileSync(join(root, 'docs/tokens.md'), 'utf8');
  return new Map([...text.matchAll(/^\*\*(\w+)\*\*[^\n]*\n\n```\w+\n([^]*?)^```$/gm)].map(([, language, program]) => [language, program]));
}

async function printed(folder, { file, run: [command, ...args] }, program) {
  writeFileSync(join(folder, file), program);
  // GOFLAGS and the like of whoever runs the tests have no say; a cache of compiled packages saves seconds.
  const { PATH, HOME, GOCACHE, PYENV_ROOT } = process.env;
  const env = { PATH, HOME, SECRET, GOTOOLCHAIN: 'local', GOPROXY: 'off', ...(GOCACHE && { GOCACHE }), ...(PYENV_ROOT && { PYENV_ROOT }) };
  const child = spawn(command, [...args, join(folder, file)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of Object.keys(output)) child[stream].on('data', (data) => (output[stream] += data));
  const code = await within(60000, new Promise((done) => child.on('close', done)), `end of ${file}`);
  assert.equal(code, 0, output.stderr);
  return output.stdout.trim();
}

test('docs/tokens.md: the program in each language prints a token that opens the room as its moderator, and no other', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-tokens-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(join(root, 'tests/node_modules'), join(folder, 'node_modules'));
  const server = await serve(t, { env: { JWT_APP_ID: 'portal', JWT_APP_SECRET: SECRET } });
  const found = programs();
  assert.deepEqual([...found.keys()].sort(), Object.keys(LANGUAGES).sort());

  for (const [language, program] of found) {
    const how = LANGUAGES[language];
    const there = spawnSync(how.probe[0], how.probe.slice(1)).status === 0;
    const skip = !there && `${how.probe[0]} is not on this machine`;
    await t.test(`docs/tokens.md: ${language}`, { skip }, async () => {
      const token = server.issuer.keep(await printed(folder, how, program));
      const explained = await server.cli(['explain', '--json', '--room', 'board', '--token', token]);
      assert.equal(explained.code, 0, explained.stderr);
      const { outcome, role, reason } = JSON.parse(explained.stdout);
      assert.deepEqual([outcome, role, reason.slug], ['admit', 'host', 'host-by-claim']);
      const elsewhere = await server.cli(['explain', '--json', '--room', 'other', '--token', token]);
      assert.equal(JSON.parse(elsewhere.stdout).reason.slug, 'room-claim-mismatch');
      const alice = await Client.login(server, { room: 'board', token });
      assertAdmittedAs(await alice.enter('board'), 'moderator');
      await alice.close();
    });
  }
});
