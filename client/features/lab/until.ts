/** Watches something: calls the listener after every change, and returns what stops it. */
export type Watch = (listener: () => void) => () => void;

/**
 * Resolves once `holds` says so, asked at first and after every change that one of `watches` tells.
 * Rejects with the signal's reason when that is aborted first, or with what `holds` throws.
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  watches: readonly Watch[],
  signal: AbortSignal,
): Promise<void> {
  const stops: (() => void)[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const look = async () => {
        try {
          if (await holds()) resolve();
        } catch (error) {
          reject(error);
        }
      };
      if (signal.aborted) return reject(signal.reason);
      const give = () => reject(signal.reason);
      signal.addEventListener('abort', give, { once: true });
      stops.push(() => signal.removeEventListener('abort', give));
      for (const watch of watches) stops.push(watch(() => void look()));
      void look();
    });
  } finally {
    for (const stop of stops) stop();
  }
}
