const FIRST_WAIT_MS = 20;
const ATTEMPTS = 8;

/**
 * After another tab closed, the browser may still hold the database file's handle for a moment and refuse a write
 * with NoModificationAllowedError. Nothing was written then, so the write can be made again; waits 20 ms to 2.5 s.
 */
export async function retryWhileLocked<T>(
  write: () => Promise<T>,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (attempt >= ATTEMPTS || !isLocked(error)) throw error;
      await wait(FIRST_WAIT_MS * 2 ** (attempt - 1));
    }
  }
}

/** The error crosses from a worker, so only its words can be relied on. */
const isLocked = (error: unknown): boolean => /NoModificationAllowed/.test(`${error}`);
