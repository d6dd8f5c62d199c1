// When the token that a person came with ends. Read from the token itself: it is his own, and the server has checked it.

const kLongestTimerMs = 2 ** 31 - 1;

// Milliseconds since the epoch; null: never, or not to be read.
export function expiryOf(token: string): number | null {
  const body = token.split('.')[1];
  if (body === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/')));
    const exp = (claims as { exp?: unknown } | null)?.exp;
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1_000 : null;
  } catch {
    return null;
  }
}

export const kWarnBeforeMs = 60_000;

// Calls `warn` one minute before the end, at once if that is past already, never if the end itself is. Returns how to stop it.
export function watchExpiry(token: string | null, now: number, warn: () => void): () => void {
  const expiry = token === null ? null : expiryOf(token);
  if (expiry === null || expiry <= now) return () => {};
  const wait = Math.max(0, expiry - kWarnBeforeMs - now);
  if (wait > kLongestTimerMs) return () => {}; // weeks away: nobody keeps a page open so long
  const timer = setTimeout(warn, wait);
  return () => clearTimeout(timer);
}
