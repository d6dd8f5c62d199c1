// Waits that end by an event or by a deadline, never by a guess. Sanitizer builds are slow: CONCLAVE_TEST_PATIENCE multiplies deadlines.
export const patience = Number(process.env.CONCLAVE_TEST_PATIENCE ?? 1);

export class DeadlineError extends Error {}

/** `promise`, or a DeadlineError that says what was waited for. `what` may be a function, asked only on failure. */
export async function within(milliseconds, promise, what) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new DeadlineError(`after ${milliseconds * patience} ms still no ${typeof what === 'function' ? what() : what}`)),
      milliseconds * patience,
    );
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks `probe` again until it returns something true. Only for states that nothing announces (a metric, a file, a statistic). */
export async function eventually(what, probe, { timeout = 5000, every = 50 } = {}) {
  const end = Date.now() + timeout * patience;
  let last;
  for (;;) {
    last = await probe();
    if (last) return last;
    if (Date.now() >= end) throw new DeadlineError(`after ${timeout * patience} ms still not: ${typeof what === 'function' ? what() : what}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

/** Until the wall clock shows `time` (milliseconds). For what depends on the clock itself, such as a token's exp. */
export function clockReaches(time) {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now())));
}

/** A queue of things that happened; `next` takes the oldest that fits, now or when it comes. */
export class Inbox {
  #items = [];
  #waiters = new Set();
  #closed;

  put(item) {
    for (const waiter of this.#waiters) {
      if (waiter.fits(item)) {
        this.#waiters.delete(waiter);
        waiter.resolve(item);
        return;
      }
    }
    this.#items.push(item);
  }

  /** No more will come: whoever waits is told why. */
  close(reason) {
    this.#closed = reason;
    for (const waiter of this.#waiters) waiter.reject(new Error(`${reason} while waiting for ${waiter.what}`));
    this.#waiters.clear();
  }

  async next(fits, { timeout = 5000, what = 'a matching item', describe = String } = {}) {
    const index = this.#items.findIndex(fits);
    if (index >= 0) return this.#items.splice(index, 1)[0];
    if (this.#closed) throw new Error(`${this.#closed} while waiting for ${what}; came and not taken:\n${this.list(describe)}`);
    const waiter = { fits, what };
    const promise = new Promise((resolve, reject) => Object.assign(waiter, { resolve, reject }));
    this.#waiters.add(waiter);
    try {
      return await within(timeout, promise, () => `${what}; came and not taken:\n${this.list(describe)}`);
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  has(fits) {
    return this.#items.some(fits);
  }

  filter(fits) {
    return this.#items.filter(fits);
  }

  clear() {
    this.#items.length = 0;
  }

  list(describe = String) {
    return this.#items.map((item) => `  ${describe(item).slice(0, 600)}`).join('\n') || '  (nothing)';
  }
}
