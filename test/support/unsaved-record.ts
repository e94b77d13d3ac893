import { createValue } from '../../client/description/observable.ts';
import type { UnsavedEntry, UnsavedRecord } from '../../client/description/unsaved-record.ts';

/** The record as a browser's storage keeps it, in memory. */
export function createMemoryUnsavedRecord(): UnsavedRecord {
  const entries = createValue<readonly UnsavedEntry[]>([]);
  const others = (ticketId: string, tab: string) =>
    entries.get().filter((entry) => entry.ticketId !== ticketId || entry.tab !== tab);
  return {
    subscribe: entries.subscribe,
    mark: async (ticketId, tab) => entries.set([...others(ticketId, tab), { ticketId, tab }]),
    clear: async (ticketId, tab) => entries.set(others(ticketId, tab)),
    entries: async () => entries.get(),
  };
}
