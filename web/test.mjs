// Bundles every src/**/*.test.ts for node and runs them with node's own test runner.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';

rmSync('.test', { recursive: true, force: true });
const tests = readdirSync('src', { recursive: true }).filter((name) => /\.test\.tsx?$/.test(name)).map((name) => `src/${name}`);
await build({
  entryPoints: tests,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outdir: '.test',
  outExtension: { '.js': '.mjs' },
  // Libraries that still ask for node's modules with require().
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
const built = readdirSync('.test', { recursive: true }).filter((name) => name.endsWith('.test.mjs')).map((name) => `.test/${name}`);
process.exit(spawnSync(process.execPath, ['--test', ...built], { stdio: 'inherit' }).status ?? 1);
