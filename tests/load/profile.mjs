// Where a process spends its time: shares by what the code belongs to, from Linux' perf on the processor's clock.
import { spawnSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OWNERS = [
  ['kernel', /^\[kernel|^\[k\]/],
  ['encryption', /^lib(srtp|softokn|freebl|nss|nspr|plds|plc|crypto|ssl)/],
  ['libc', /^libc\.|^libpthread|^\[vdso\]/],
];

/** Shares of `perf report --sort dso`, in per cent: {kernel, encryption, libc, own}; own is all else. */
export function sharesOf(report) {
  const shares = { kernel: 0, encryption: 0, libc: 0, own: 0 };
  for (const [, percent, object] of report.matchAll(/^\s*([\d.]+)%\s+(\S+)/gm)) {
    const owner = OWNERS.find(([, fits]) => fits.test(object))?.[0] ?? 'own';
    shares[owner] += Number(percent);
  }
  return shares;
}

/** Watches a process while `work` runs. Undefined where perf is missing or not allowed. */
export async function profile(pid, work) {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-perf-'));
  const file = join(folder, 'perf.data');
  try {
    const perf = spawn('perf', ['record', '--freq', '2000', '--event', 'cpu-clock', '--output', file, '--pid', String(pid)], { stdio: 'ignore' });
    const ended = once(perf, 'exit').catch(() => undefined);
    await work();
    perf.kill('SIGINT');
    await ended;
    const { status, stdout } = spawnSync('perf', ['report', '--input', file, '--sort', 'dso', '--stdio'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return status === 0 && stdout.includes('%') ? sharesOf(stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
