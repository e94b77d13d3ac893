import type { Logger } from 'pino';

/** What a start reports while it goes on. */
export interface Start {
  /** Remembers how to end something that was just started; ends happen in the reverse order. */
  onStop(what: string, stop: () => Promise<void>): void;
  /** Throws when the process has been asked to end: call it between steps that take time. */
  stillWanted(): void;
}

/** One Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs `start`, then waits for SIGINT or SIGTERM and ends all that was started; a second signal ends at once.
 * When `start` throws, one line on stderr says why and the exit status is 1.
 */
export async function runUntilSignal(log: Logger, start: (step: Start) => Promise<void>): Promise<void> {
  const steps: StopStep[] = [];
  const ending = new AbortController();
  const starting = start({
    onStop: (what, stop) => steps.push({ what, stop }),
    stillWanted: () => ending.signal.throwIfAborted(),
  });
  let askedAt = Number.POSITIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, async () => {
      if (Date.now() - askedAt > SAME_SIGNAL_MS) process.exit(1);
      if (ending.signal.aborted) return;
      askedAt = Date.now();
      ending.abort();
      say(`Stopping (${signal}).`);
      await starting.catch(() => undefined);
      process.exit((await stopAll(steps, log)) ? 0 : 1);
    });
  }
  try {
    await starting;
  } catch (error) {
    if (ending.signal.aborted) return;
    log.debug({ err: error }, 'the start failed');
    await stopAll(steps, log);
    fail(error instanceof Error ? error.message : String(error));
  }
}

export function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

/** One line, whatever the problem had to say, and a status that is not zero. */
export function fail(problem: string): void {
  process.stderr.write(`Rejoin cannot start: ${problem.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  process.exit(1);
}

interface StopStep {
  readonly what: string;
  readonly stop: () => Promise<void>;
}

/** False when something did not end well; that does not keep the rest from ending. */
async function stopAll(steps: readonly StopStep[], log: Logger): Promise<boolean> {
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
