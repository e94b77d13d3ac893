/** A value that can be read and watched; React's useSyncExternalStore takes its two functions as they are. */
export interface Observable<T> {
  get(): T;
  /** Calls `listener` after every change, at once; returns what stops it. */
  subscribe(listener: () => void): () => void;
}

export interface Value<T> extends Observable<T> {
  set(next: T): void;
}

/** @param same when a new value counts as no change; by default when it is the same object. */
export function createValue<T>(initial: T, same: (a: T, b: T) => boolean = Object.is): Value<T> {
  const listeners = new Set<() => void>();
  let current = initial;
  return {
    get: () => current,
    set(next) {
      if (same(current, next)) return;
      current = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Resolves with the first value that passes, at once when the present one does; with null when aborted. */
export function when<T>(
  observable: Observable<T>,
  passes: (value: T) => boolean,
  signal: AbortSignal,
): Promise<T | null> {
  return new Promise((resolve) => {
    const settle = (value: T | null) => {
      stop();
      signal.removeEventListener('abort', onAbort);
      resolve(value);
    };
    const onAbort = () => settle(null);
    const look = () => {
      const value = observable.get();
      if (passes(value)) settle(value);
    };
    const stop = observable.subscribe(look);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else look();
  });
}
