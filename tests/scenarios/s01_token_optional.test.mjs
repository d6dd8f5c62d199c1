// S1 Token optional, as on the public service (access.md 4.10).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAdmittedAs, assertReady } from '../support/claims.mjs';
import { fresh, guest, holder } from '../support/people.mjs';
import { serve } from '../support/server.mjs';

for (const [name, env] of [
  ['tokens and accounts', { CONCLAVE_AUTH: 'token,password' }],
  ['only tokens', {}],
]) {
  test(`S1 token optional with ${name} configured: both come in without any prompt, and the host is the one who leads`, async (t) => {
    const server = await serve(t, { env: { CONCLAVE_GUESTS: 'create', CONCLAVE_AUTO_PROMOTE: 'anyone', ...env } });
    const x = fresh('s1');
    const first = await guest(server, x, 'G1');
    assertReady(await first.ask(x));
    assertAdmittedAs(await first.join(x), 'moderator');
    const host = await holder(server, x, 'mod');
    assertReady(await host.ask(x));
    assertAdmittedAs(await host.join(x), 'moderator');
    await first.barrier();
    assert.deepEqual(first.item(x).affiliation, 'none', 'who was merely elected is a guest again');
    assert.equal(first.role(x), 'participant');
    assert.equal(host.item(x, first.nick).affiliation, 'none');
    assert.equal(first.seen((frame) => frame.raw.includes('not-authorized')), false);
  });
}
