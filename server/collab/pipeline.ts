import type { Extension } from './extension.ts';

/** All extensions as one. */
export type Pipeline = Required<Omit<Extension, 'every'>>;

/** Calls each hook of the extensions in their order; `list` is asked at every call, so that they may know the pipeline. */
export function createPipeline(list: () => readonly Extension[]): Pipeline {
  const timers: NodeJS.Timeout[] = [];
  return {
    async admit(connection) {
      for (const extension of list()) {
        const reason = await extension.admit?.(connection);
        if (reason) return reason;
      }
      return null;
    },
    screen(connection, bytes) {
      for (const extension of list()) {
        const reason = extension.screen?.(connection, bytes);
        if (reason) return reason;
      }
      return null;
    },
    opened(room) {
      for (const extension of list()) extension.opened?.(room);
    },
    entered(room, connection) {
      for (const extension of list()) extension.entered?.(room, connection);
    },
    received(room, connection, frame, bytes) {
      for (const extension of list()) {
        const taken = extension.received?.(room, connection, frame, bytes);
        if (taken) return taken;
      }
    },
    accepted(write) {
      for (const extension of list()) extension.accepted?.(write);
    },
    committed(writes) {
      for (const extension of list()) extension.committed?.(writes);
    },
    left(room, connection) {
      for (const extension of list()) extension.left?.(room, connection);
    },
    released(room) {
      for (const extension of list()) extension.released?.(room);
    },
    async start() {
      for (const { every, start } of list()) {
        for (const { ms, run } of every ?? []) timers.push(setInterval(run, ms));
        await start?.();
      }
    },
    async close() {
      for (const timer of timers) clearInterval(timer);
      for (const extension of list()) await extension.close?.();
    },
  };
}
