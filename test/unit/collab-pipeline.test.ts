import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Connection } from '../../server/collab/connection.ts';
import type { Extension } from '../../server/collab/extension.ts';
import { createPipeline } from '../../server/collab/pipeline.ts';
import { createPresence } from '../../server/collab/presence.ts';
import { createRoom } from '../../server/collab/room.ts';

const room = createRoom('ticket', createPresence<Connection>());

afterEach(() => void vi.useRealTimers());

describe('the extensions of the description service', () => {
  it('are told in the order of their list', async () => {
    const told: string[] = [];
    const named = (name: string): Extension => ({
      opened: () => told.push(`${name} opened`),
      committed: () => told.push(`${name} committed`),
      close: async () => void told.push(`${name} closed`),
    });
    const pipeline = createPipeline(() => [named('first'), {}, named('second')]);
    pipeline.opened(room);
    pipeline.committed([]);
    await pipeline.close();
    expect(told).toEqual([
      'first opened',
      'second opened',
      'first committed',
      'second committed',
      'first closed',
      'second closed',
    ]);
  });

  it('may know the pipeline that they are part of', () => {
    const told: string[] = [];
    const pipeline = createPipeline(() => extensions);
    const extensions: Extension[] = [
      { opened: (opened) => pipeline.released(opened) },
      { released: ({ ticketId }) => told.push(ticketId) },
    ];
    pipeline.opened(room);
    expect(told).toEqual(['ticket']);
  });

  it('do nothing by the clock once closed', async () => {
    vi.useFakeTimers();
    let ticks = 0;
    const pipeline = createPipeline(() => [{ every: [{ ms: 500, run: () => (ticks += 1) }] }]);
    await pipeline.start();
    vi.advanceTimersByTime(1_700);
    await pipeline.close();
    vi.advanceTimersByTime(1_700);
    expect(ticks).toBe(3);
  });
});
