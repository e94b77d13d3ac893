import type { UnsavedEntry, UnsavedRecord } from './unsaved-record.ts';

/** Keeps one description's entry in the record true to the save state of this tab. */
export interface RecordKeeper {
  /** The server lacks something of this description, by the record: this tab's words or an earlier one's. */
  isUnsaved(): Promise<boolean>;
  update(unsaved: boolean): void;
  close(): void;
}

export interface RecordKeeperDeps {
  readonly ticketId: string;
  readonly tab: string;
  readonly record: UnsavedRecord;
  readonly warn: (message: string, cause: unknown) => void;
}

/** Live typing is acknowledged many times a second: the entry goes only after a quiet moment. */
const CLEAR_DELAY_MS = 1_000;

export function keepRecord({ ticketId, tab, record, warn }: RecordKeeperDeps): RecordKeeper {
  let marked = false;
  let clearing: ReturnType<typeof setTimeout> | undefined;
  const complain = (cause: unknown): UnsavedEntry[] => {
    warn('Which descriptions wait to be sent could not be noted in this browser.', cause);
    return [];
  };

  const clear = () => {
    clearTimeout(clearing);
    clearing = undefined;
    marked = false;
    record.clear(ticketId, tab).catch(complain);
  };
  return {
    async isUnsaved() {
      const entries = await record.entries().catch(complain);
      const found = entries.filter((entry) => entry.ticketId === ticketId);
      marked ||= found.some((entry) => entry.tab === tab);
      return found.length > 0;
    },
    update(unsaved) {
      if (unsaved) {
        clearTimeout(clearing);
        clearing = undefined;
        if (marked) return;
        marked = true;
        record.mark(ticketId, tab).catch(complain);
      } else if (marked && clearing === undefined) {
        clearing = setTimeout(clear, CLEAR_DELAY_MS);
      }
    },
    close() {
      if (clearing !== undefined) clear();
    },
  };
}
