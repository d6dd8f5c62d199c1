// Bundles src/ into dist/: one script, one style sheet with hashed names, and the page that loads them.
import { build } from 'esbuild';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

await rm('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: { app: 'src/main.tsx', style: 'src/ui/style.css' },
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: ['chrome110', 'firefox115', 'safari16'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  outdir: 'dist/assets',
  entryNames: '[name]-[hash]',
  metafile: true,
  logLevel: 'warning',
});

const written = Object.keys(result.metafile.outputs).map((path) => basename(path));
const named = (start, end) => written.find((name) => name.startsWith(start) && name.endsWith(end));
const page = await readFile('src/index.html', 'utf8');
await writeFile(
  'dist/index.html',
  page.replace('{{style}}', `/assets/${named('style-', '.css')}`).replace('{{script}}', `/assets/${named('app-', '.js')}`),
);
for (const [path, { bytes }] of Object.entries(result.metafile.outputs)) {
  if (!path.endsWith('.map')) console.log(`${path}  ${(bytes / 1024).toFixed(1)} kB`);
}
