import type { ChildProcess } from 'node:child_process';

/** Resolves with the exit code, or null after a signal; at once when the process has ended already. */
export function whenEnded(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** All that a process has written so far, and a way to wait for words in it. */
export interface Output {
  text(): string;
  /** Resolves with the match; rejects with everything that was written when the process ends without it. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
}

export function collectOutput(child: ChildProcess): Output {
  let text = '';
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      notify();
    });
  }
  let closed = false;
  child.once('close', () => {
    closed = true;
    notify();
  });
  return {
    text: () => text,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = text.match(pattern);
          if (match) resolve(match);
          else if (closed)
            reject(new Error(`The process ended without saying ${pattern}. It said:\n${text}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
  };
}
