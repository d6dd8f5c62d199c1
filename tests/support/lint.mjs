// Every module of the tests can be loaded: a misspelt import is found without starting a server. (`npm run lint`)
import { readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
let wrong = 0;
for (const folder of ['support', 'scenarios', 'interop', 'e2e', 'load']) {
  for (const name of readdirSync(`${root}/${folder}`).filter((each) => each.endsWith('.mjs') && each !== 'lint.mjs')) {
    const runs = name.endsWith('.test.mjs') || ['joins.mjs', 'memory.mjs', 'first_frame.mjs', 'signalling.mjs', 'sfu.mjs'].includes(name);
    const check = runs ? ['--check', `${root}/${folder}/${name}`] : ['--input-type=module', '-e', `await import(${JSON.stringify(`${root}/${folder}/${name}`)})`];
    const { status, stderr } = spawnSync('node', check, { encoding: 'utf8' });
    if (status) {
      wrong++;
      console.error(`${folder}/${name}: ${stderr.split('\n').slice(0, 8).join('\n')}`);
    }
  }
}
process.exit(wrong ? 1 : 0);
