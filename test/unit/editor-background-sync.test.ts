import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDescriptionSync, type DescriptionSync } from '../../client/description/background-sync.ts';
import { createValue, type Value } from '../../client/description/observable.ts';
import type { SaveState } from '../../client/description/save-state.ts';
import { createMemoryUnsavedRecord } from '../support/unsaved-record.ts';

const saved: SaveState = { kind: 'saved' };
const kept: SaveState = { kind: 'kept' };

/** A device with fake documents: tests decide when a ticket is uploaded and when a description is saved. */
function createDevice() {
  const connectivity = createValue(true);
  const record = createMemoryUnsavedRecord();
  const openTabs = new Set(['this tab']);
  const documents = new Map<string, Value<SaveState>>();
  const opened: string[] = [];
  const released: string[] = [];
  const sentAll: string[] = [];
  const retried: string[] = [];
  const uploads = new Map<string, () => void>();
  const waitingForUpload = new Set<string>();
  const warnings: string[] = [];
  const alreadyOpen = new Set<string>();
  const sync = createDescriptionSync({
    connectivity,
    record,
    tabs: { id: 'this tab', open: async () => openTabs },
    uploads: {
      whenUploaded: (ticketId) =>
        waitingForUpload.has(ticketId)
          ? new Promise((resolve) => uploads.set(ticketId, resolve))
          : Promise.resolve(),
    },
    open(ticketId) {
      opened.push(ticketId);
      const before = alreadyOpen.has(ticketId) ? documents.get(ticketId) : undefined;
      const saveState = before ?? createValue<SaveState>(kept);
      documents.set(ticketId, saveState);
      const sendAll = () => sentAll.push(ticketId);
      const retry = () => {
        retried.push(ticketId);
        saveState.set(kept);
      };
      return {
        session: { loaded: createValue(true), saveState, sendAll, retry },
        shared: alreadyOpen.has(ticketId),
        release: () => released.push(ticketId),
      };
    },
    saveStateOf: (ticketId) => documents.get(ticketId)?.get(),
    warn: (message) => warnings.push(message),
  });
  const become = (ticketId: string, state: SaveState) => documents.get(ticketId)?.set(state);
  return {
    connectivity,
    record,
    openTabs,
    opened,
    released,
    sentAll,
    retried,
    uploads,
    waitingForUpload,
    warnings,
    alreadyOpen,
    sync,
    become,
  };
}

describe('descriptions edited offline and not opened again', () => {
  let device: ReturnType<typeof createDevice>;
  let sync: DescriptionSync;

  beforeEach(() => {
    vi.useFakeTimers();
    device = createDevice();
    sync = device.sync;
  });
  afterEach(() => {
    sync.stop();
    expect(device.warnings).toEqual([]);
    vi.useRealTimers();
  });

  const settle = () => vi.advanceTimersByTimeAsync(0);

  it('D4: are sent at start-up when an earlier visit left them', async () => {
    await device.record.mark('ticket', 'a tab that is gone');
    sync.start();
    await settle();
    expect(device.opened).toEqual(['ticket']);
    expect(sync.waiting.get()).toEqual([{ ticketId: 'ticket', refusal: null }]);
    device.become('ticket', saved);
    await settle();
    expect(await device.record.entries()).toEqual([]);
    expect(sync.waiting.get()).toEqual([]);
    expect(device.released).toEqual(['ticket']);
  });

  it('D4: are sent when the network comes back', async () => {
    device.connectivity.set(false);
    await device.record.mark('ticket', 'this tab');
    sync.start();
    await settle();
    expect(device.opened).toEqual([]);
    device.connectivity.set(true);
    await settle();
    expect(device.opened).toEqual(['ticket']);
  });

  it('D4: wait for their ticket, and hold up nobody meanwhile', async () => {
    device.waitingForUpload.add('new');
    await device.record.mark('new', 'this tab');
    for (const ticketId of ['a', 'b', 'c']) await device.record.mark(ticketId, 'this tab');
    sync.start();
    await settle();
    expect(device.opened).toEqual(['a', 'b', 'c']);
    for (const ticketId of ['a', 'b', 'c']) device.become(ticketId, saved);
    device.uploads.get('new')?.();
    await settle();
    expect(device.opened).toEqual(['a', 'b', 'c', 'new']);
  });

  it('are sent a few at a time', async () => {
    for (const ticketId of ['a', 'b', 'c', 'd', 'e']) await device.record.mark(ticketId, 'gone');
    sync.start();
    await settle();
    expect(device.opened).toEqual(['a', 'b', 'c']);
    device.become('b', saved);
    await settle();
    expect(device.opened).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are left to the tab that wrote them while it is open, and taken over when it is gone', async () => {
    device.openTabs.add('other tab');
    await device.record.mark('ticket', 'other tab');
    sync.start();
    await settle();
    expect(device.opened).toEqual([]);
    device.openTabs.delete('other tab');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(device.opened).toEqual(['ticket']);
  });

  it('D4: are sent whole when this tab has the description open already', async () => {
    device.alreadyOpen.add('ticket');
    await device.record.mark('ticket', 'gone');
    sync.start();
    await settle();
    expect(device.sentAll).toEqual(['ticket']);
  });

  it('are counted as waiting from the moment they are written until they are saved', async () => {
    sync.start();
    await settle();
    await device.record.mark('ticket', 'this tab');
    await settle();
    expect(sync.waiting.get()).toEqual([{ ticketId: 'ticket', refusal: null }]);
    await device.record.clear('ticket', 'this tab');
    await settle();
    expect(sync.waiting.get()).toEqual([]);
  });

  it('are not counted as waiting while they are on their way, but as soon as the connection breaks', async () => {
    await device.record.mark('ticket', 'this tab');
    sync.start();
    await settle();
    expect(sync.waiting.get()).toHaveLength(1);
    for (const [state, count] of [
      [{ kind: 'saving' }, 0],
      [kept, 1],
    ] as const) {
      device.become('ticket', state);
      sync.recount();
      await settle();
      expect(sync.waiting.get()).toHaveLength(count);
    }
  });

  it('leaves the entry of this tab to the open document, which may have more by now', async () => {
    await device.record.mark('ticket', 'this tab');
    sync.start();
    await settle();
    device.become('ticket', saved);
    await settle();
    expect(await device.record.entries()).toEqual([{ ticketId: 'ticket', tab: 'this tab' }]);
  });

  it('stay on the device with the reason when the server refuses them, and are not tried in a loop', async () => {
    await device.record.mark('ticket', 'gone');
    sync.start();
    await settle();
    device.become('ticket', { kind: 'refused', reason: 'This ticket is in the trash.', canWrite: false });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(device.opened).toEqual(['ticket']);
    expect(sync.waiting.get()).toEqual([{ ticketId: 'ticket', refusal: 'This ticket is in the trash.' }]);
    expect(await device.record.entries()).toHaveLength(1);
  });

  it('D4: are tried again after a while, for a ticket comes back from the trash and a role is given back', async () => {
    await device.record.mark('ticket', 'gone');
    sync.start();
    await settle();
    device.become('ticket', { kind: 'refused', reason: 'This ticket is in the trash.', canWrite: false });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(device.opened).toEqual(['ticket', 'ticket']);
    expect(sync.waiting.get()).toEqual([{ ticketId: 'ticket', refusal: 'This ticket is in the trash.' }]);
    device.become('ticket', saved);
    await settle();
    expect(sync.waiting.get()).toEqual([]);
    device.become('ticket', kept);
    await device.record.mark('ticket', 'gone');
    await settle();
    expect(sync.waiting.get()).toEqual([{ ticketId: 'ticket', refusal: null }]);
  });

  it('D4: are tried again also where their description has stayed open, refused, since then', async () => {
    device.alreadyOpen.add('ticket');
    await device.record.mark('ticket', 'this tab');
    sync.start();
    await settle();
    device.become('ticket', { kind: 'refused', reason: 'This ticket is in the trash.', canWrite: false });
    await settle();
    expect(device.retried).toEqual([]);
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(device.retried).toEqual(['ticket']);
  });

  it('are tried again after a connection that broke', async () => {
    await device.record.mark('ticket', 'gone');
    sync.start();
    await settle();
    device.connectivity.set(false);
    await settle();
    expect(device.released).toEqual(['ticket']);
    device.connectivity.set(true);
    await settle();
    expect(device.opened).toEqual(['ticket', 'ticket']);
  });
});
