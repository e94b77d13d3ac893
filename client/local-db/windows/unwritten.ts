import { z } from 'zod';
import { type OpMetadata, opMetadata } from '../../../shared/protocol/upload.ts';
import type { RowWrite } from './row-write.ts';

/** An edit that a person has made and SQLite may not have yet. */
export interface UnwrittenEdit {
  readonly id: string;
  readonly writes: readonly RowWrite[];
  readonly about: OpMetadata;
}

/**
 * Edits between the key press and the end of their SQLite transaction, some 20 ms later, in storage that is written
 * at once: a page that is closed or reloaded in that moment takes nothing with it.
 */
export interface Unwritten {
  /** Returns the edit as it was noted. Storage that is full or blocked keeps nothing and stops nobody. */
  note(writes: readonly RowWrite[], about: OpMetadata): UnwrittenEdit;
  forget(id: string): void;
  /** What earlier pages, and other open ones, have noted and not forgotten; in the order in which it was made. */
  left(): UnwrittenEdit[];
  clear(): void;
}

interface UnwrittenDeps {
  readonly storage: Storage;
  /** Names the database that the edits belong to. */
  readonly scope: string;
  readonly newId: () => string;
  readonly now: () => Date;
}

export function createUnwritten({ storage, scope, newId, now }: UnwrittenDeps): Unwritten {
  const prefix = `rejoin.unwritten.${scope}.`;
  let made = 0;

  const keys = () =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
      key.startsWith(prefix),
    );

  return {
    note(writes, about) {
      const id = newId();
      made += 1;
      const noted = { id, writes, about, order: [now().getTime(), made] };
      try {
        storage.setItem(prefix + id, JSON.stringify(noted));
      } catch {
        // The edit goes on to SQLite as it would have; only the moment until then is not covered.
      }
      return { id, writes, about };
    },
    forget: (id) => storage.removeItem(prefix + id),
    left() {
      const noted = keys().flatMap((key) => read(storage.getItem(key)));
      return noted.sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
    },
    clear() {
      for (const key of keys()) storage.removeItem(key);
    },
  };
}

const row = { table: z.string(), id: z.string() };
const values = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

const notedEdit = z.object({
  id: z.string(),
  writes: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('insert'), ...row, values }),
      z.object({ kind: z.literal('update'), ...row, values }),
      z.object({ kind: z.literal('delete'), ...row }),
    ]),
  ),
  about: opMetadata,
  order: z.tuple([z.number(), z.number()]),
});

function read(text: string | null): z.output<typeof notedEdit>[] {
  if (text === null) return [];
  try {
    const parsed = notedEdit.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return []; // not ours, or of a version that this one cannot read
  }
}
