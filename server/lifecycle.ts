import type { Logger } from 'pino';

/** What has been started so far, and how each of it ends: in the reverse order. */
export interface Lifecycle {
  /** Remembers how to end something that was just started. `what` completes "stopping …" in the log. */
  onStop(what: string, stop: () => Promise<void>): void;
  /** Ends everything once, however often it is called. False when something did not end well. */
  stop(): Promise<boolean>;
}

export function createLifecycle(log: Logger): Lifecycle {
  const steps: { what: string; stop: () => Promise<void> }[] = [];
  let stopping: Promise<boolean> | null = null;

  /** One that fails to end must not keep the others from ending. */
  async function stopAll(): Promise<boolean> {
    let clean = true;
    for (const { what, stop } of steps.toReversed()) {
      try {
        await stop();
      } catch (error) {
        clean = false;
        log.error({ err: error }, `stopping ${what} failed`);
      }
    }
    return clean;
  }

  return {
    onStop(what, stop) {
      steps.push({ what, stop });
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}

/** Calls `stop` at the first signal to end, and ends at once at the second. */
export function onEndSignals(stop: (signal: string) => Promise<void>): void {
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      void stop(signal);
    });
  }
}
