import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepRecord } from '../../client/description/record-keeper.ts';
import { shareSessions } from '../../client/description/shared-sessions.ts';
import { createMemoryUnsavedRecord } from '../support/unsaved-record.ts';

describe('the record of what the server lacks', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function createKeeper() {
    const record = createMemoryUnsavedRecord();
    const mark = vi.spyOn(record, 'mark');
    const warn = vi.fn();
    return { record, mark, warn, keeper: keepRecord({ ticketId: 'ticket', tab: 'tab', record, warn }) };
  }

  it('D4: has an entry from the first unsaved word until a quiet moment after the acknowledgement', async () => {
    const { record, mark, keeper } = createKeeper();
    for (let key = 0; key < 20; key += 1) {
      keeper.update(true);
      keeper.update(false);
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(mark).toHaveBeenCalledOnce();
    expect(await record.entries()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await record.entries()).toEqual([]);
  });

  it('D4: keeps the entry of a description that is closed with words unsent', async () => {
    const { record, keeper } = createKeeper();
    keeper.update(true);
    keeper.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await record.entries()).toHaveLength(1);
  });

  it('tells a later visit that the server lacks something, whichever tab wrote it', async () => {
    const { record, keeper } = createKeeper();
    expect(await keeper.isUnsaved()).toBe(false);
    await record.mark('ticket', 'another tab');
    expect(await keeper.isUnsaved()).toBe(true);
  });

  it('says so when the browser cannot keep it', async () => {
    const { record, warn, keeper } = createKeeper();
    vi.spyOn(record, 'mark').mockRejectedValue(new Error('quota'));
    keeper.update(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(warn).toHaveBeenCalledOnce();
  });
});

describe('an open description', () => {
  function createShelf() {
    const log: string[] = [];
    let settled = () => {};
    const sessions = shareSessions<{ settle(): Promise<void>; close(): Promise<void> }>({
      openNew: (ticketId) => {
        log.push(`open ${ticketId}`);
        return {
          settle: () => new Promise((resolve) => (settled = resolve)),
          close: async () => void log.push(`close ${ticketId}`),
        };
      },
      onClosed: () => log.push('closed'),
    });
    return { log, sessions, settle: () => settled() };
  }

  it('is one for all who ask, and closes after the last has left and its words are kept', async () => {
    const { log, sessions, settle } = createShelf();
    const first = sessions.open('ticket');
    const second = sessions.open('ticket');
    expect(second.session).toBe(first.session);
    expect([first.shared, second.shared]).toEqual([false, true]);
    first.release();
    first.release();
    second.release();
    expect(log).toEqual(['open ticket']);
    settle();
    await vi.waitFor(() => expect(log).toEqual(['open ticket', 'close ticket', 'closed']));
  });

  it('lives on when somebody comes back while the last words are being kept', async () => {
    const { log, sessions, settle } = createShelf();
    sessions.open('ticket').release();
    const back = sessions.open('ticket');
    settle();
    await Promise.resolve();
    expect(back.shared).toBe(true);
    expect(log).toEqual(['open ticket']);
  });
});
