import type { Changes, UploadSession, UploadStore, Written } from '../../server/upload/store.ts';
import type { OpOutcome } from '../../shared/protocol/upload.ts';
import { loadFromMemory } from './memory-load.ts';
import { answerKey, type MemoryTables } from './memory-tables.ts';
import { applyChanges, refusalOf } from './memory-write.ts';

/**
 * Uploads over values. Transactions run one after another, and touch the tables only when they end well: all or
 * nothing needs no undoing this way. What a transaction has written it cannot read again, which uploads never do.
 */
export function createMemoryUploadStore(tables: MemoryTables, newId: () => string): UploadStore {
  let last: Promise<unknown> = Promise.resolve();

  async function run<T>(work: (session: UploadSession) => Promise<T>): Promise<T> {
    const staged: Staged = { changes: [], answers: new Map() };
    const result = await work(sessionOver(tables, staged));
    for (const changes of staged.changes) applyChanges(tables, changes, newId);
    for (const [key, outcome] of staged.answers) tables.ledger.set(key, outcome);
    return result;
  }

  return {
    transaction(work) {
      const result = last.then(() => run(work));
      last = result.catch(() => undefined); // whoever asked for it hears of it
      return result;
    },
  };
}

/** What a transaction will do when it ends well. */
interface Staged {
  readonly changes: Changes[];
  readonly answers: Map<string, OpOutcome>;
}

function sessionOver(tables: MemoryTables, staged: Staged): UploadSession {
  return {
    async answered(device, opIds) {
      return new Map(
        opIds.flatMap((opId) => {
          const outcome = tables.ledger.get(answerKey(device, opId));
          return outcome ? [[opId, outcome] as const] : [];
        }),
      );
    },
    load: async (needs) => loadFromMemory(tables, needs),
    async write(changes) {
      const written = judge(tables, changes);
      if (written.ok) staged.changes.push(changes);
      return written;
    },
    wouldWrite: async (changes) => judge(tables, changes),
    async record(device, outcomes) {
      for (const outcome of outcomes) {
        const key = answerKey(device, outcome.op_id);
        if (tables.ledger.has(key) || staged.answers.has(key))
          throw new Error(`Op ${key} was answered before.`);
        staged.answers.set(key, outcome);
      }
    },
  };
}

function judge(tables: MemoryTables, changes: Changes): Written {
  const refusal = refusalOf(tables, changes);
  return refusal === null ? { ok: true } : { ok: false, cause: new Error(refusal) };
}
