// A server whose conclave.toml can be rewritten while it runs.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from './admin.mjs';
import { serve } from './server.mjs';

const own = { ENABLE_AUTH: undefined, ENABLE_GUESTS: undefined, AUTH_TYPE: undefined };

/** {server, write, path}: `write(text)` replaces the file that the server was started with; reload() puts it in force. */
export async function withFile(t, text, env = {}, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-toml-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'conclave.toml');
  const write = (content) => writeFileSync(path, content);
  write(text);
  const server = await serve(t, { ...options, env: { ...own, CONCLAVE_CONFIG_FILE: path, ...env } });
  return { server, write, path };
}

/** A [policy] of tokens, with the lines of `more` in it. */
export const policy = (guests, more = '') => `[policy]\nauth = ["token"]\nguests = "${guests}"\n${more}`;

/** The admin API's answer; `inside`: 'keep' or 'anew'. */
export const reload = (server, inside) => call(server, 'POST', '/reload', inside ? { inside } : undefined);
