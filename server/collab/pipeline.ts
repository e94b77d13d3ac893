import type { Extension } from './extension.ts';

/** All extensions as one. */
export type Pipeline = Required<Omit<Extension, 'every'>>;

/**
 * Calls each hook of the extensions in their order. `list` is asked when a hook is first called, so that extensions
 * may know the pipeline; who has that hook is kept, as some are called for every letter.
 */
export function createPipeline(list: () => readonly Extension[]): Pipeline {
  const timers: NodeJS.Timeout[] = [];

  function having<K extends keyof Pipeline>(name: K): () => readonly NonNullable<Extension[K]>[] {
    let hooks: readonly NonNullable<Extension[K]>[] | null = null;
    return () => (hooks ??= list().flatMap((extension) => extension[name] ?? []));
  }

  const admit = having('admit');
  const screen = having('screen');
  const opened = having('opened');
  const entered = having('entered');
  const received = having('received');
  const accepted = having('accepted');
  const committed = having('committed');
  const left = having('left');
  const released = having('released');

  return {
    async admit(connection) {
      for (const hook of admit()) {
        const reason = await hook(connection);
        if (reason) return reason;
      }
      return null;
    },
    screen(connection, bytes) {
      for (const hook of screen()) {
        const reason = hook(connection, bytes);
        if (reason) return reason;
      }
      return null;
    },
    opened(room) {
      for (const hook of opened()) hook(room);
    },
    entered(room, connection) {
      for (const hook of entered()) hook(room, connection);
    },
    received(room, connection, frame, bytes) {
      for (const hook of received()) {
        const taken = hook(room, connection, frame, bytes);
        if (taken) return taken;
      }
    },
    accepted(write) {
      for (const hook of accepted()) hook(write);
    },
    committed(writes) {
      for (const hook of committed()) hook(writes);
    },
    left(room, connection) {
      for (const hook of left()) hook(room, connection);
    },
    released(room) {
      for (const hook of released()) hook(room);
    },
    async start() {
      for (const { every, start } of list()) {
        for (const { ms, run } of every ?? []) timers.push(setInterval(run, ms));
        await start?.();
      }
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const { close } of list()) await close?.();
    },
  };
}
