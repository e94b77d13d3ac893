import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { watchArrival } from '../../client/description/arrival.ts';
import { createValue } from '../../client/description/observable.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open({ words = '', online = true, isNew = false }) {
  const doc = new Y.Doc();
  if (words !== '') write(doc, words);
  const connectivity = createValue(online);
  const closing = new AbortController();
  const arrival = watchArrival(doc, connectivity, closing.signal);
  arrival.begin(isNew);
  return { doc, connectivity, closing, arrival, hasArrived: arrival.arrived.get };
}

const write = (doc: Y.Doc, words: string) => doc.getText('words').insert(0, words);

describe('a description has arrived', () => {
  it('at once with words on this device, without a network, and for a ticket that only this device knows', () => {
    expect(open({ words: 'Kept here.' }).hasArrived()).toBe(true);
    expect(open({ online: false }).hasArrived()).toBe(true);
    expect(open({ isNew: true }).hasArrived()).toBe(true);
  });

  it('else with the first words, or with the answer of the server that there are none', () => {
    const [filled, empty] = [open({}), open({})];
    expect([filled.hasArrived(), empty.hasArrived()]).toEqual([false, false]);
    write(filled.doc, 'From another.');
    empty.arrival.answered();
    expect([filled.hasArrived(), empty.hasArrived()]).toEqual([true, true]);
  });

  it('when nobody can be asked any more: the network goes, or the server says nothing for five seconds', () => {
    const [cut, silent] = [open({}), open({})];
    cut.connectivity.set(false);
    expect([cut.hasArrived(), silent.hasArrived()]).toEqual([true, false]);
    vi.advanceTimersByTime(4_999);
    expect(silent.hasArrived()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(silent.hasArrived()).toBe(true);
  });

  it('never, once it is closed', () => {
    const { closing, hasArrived } = open({});
    closing.abort();
    vi.advanceTimersByTime(10_000);
    expect([hasArrived(), vi.getTimerCount()]).toEqual([false, 0]);
  });
});
