import { describe, expect, it } from 'vitest';
import { type Brought, decodeBrought, encodeBrought, pieceOf } from '../../client/description/brought.ts';
import { watchComingBack } from '../../client/description/coming-back.ts';
import { createValue } from '../../client/description/observable.ts';
import { MESSAGE, SYNC } from '../../shared/protocol/collab.ts';

const frame = (kind: number, ...body: number[]) => new Uint8Array([MESSAGE.sync, kind, body.length, ...body]);
const step1 = (...vector: number[]) => frame(SYNC.step1, ...vector);
const step2 = (...update: number[]) => frame(SYNC.step2, ...update);
const brought = (vector: number, update: number): Brought => ({ step1: step1(vector), step2: step2(update) });

function device(kept: readonly Brought[] = []) {
  const value = createValue(kept);
  let isUnsaved = true;
  const comingBack = watchComingBack(value, () => isUnsaved);
  return {
    ...comingBack,
    kept: value,
    /** One connection: what leaves in the place of its step 1 and step 2. */
    comesBack: (opened: number, update: number) => [
      ...comingBack.outgoing(step1(opened)),
      ...comingBack.outgoing(step2(update)),
    ],
    hasSaved() {
      isUnsaved = false;
    },
  };
}

describe('D11: what a device brings when it comes back', () => {
  it('leaves as it is, and is kept until the server has it', () => {
    const { comesBack, kept, first, forget } = device();
    expect(comesBack(1, 2)).toEqual([step1(1), step2(2)]);
    expect(kept.get()).toEqual([brought(1, 2)]);
    expect(first()).toEqual(brought(1, 2));
    expect(pieceOf(brought(1, 2))).toEqual({ opened: new Uint8Array([1]), update: new Uint8Array([2]) });
    forget();
    expect([kept.get(), first()]).toEqual([[], null]);
  });

  it('leaves again as it was when the connection broke, before what is brought now', () => {
    const { comesBack } = device();
    comesBack(1, 2);
    expect(comesBack(3, 4)).toEqual([step1(3), step1(1), step2(2), step1(3), step2(4)]);
    expect(comesBack(5, 6).slice(1)).toEqual([
      ...[step1(1), step2(2)],
      ...[step1(3), step2(4)],
      ...[step1(5), step2(6)],
    ]);
  });

  it('is kept once, however often it is brought, and never grows without end', () => {
    const { comesBack, kept } = device();
    comesBack(1, 2);
    expect(comesBack(1, 2)).toEqual([step1(1), step2(2)]);
    expect(kept.get()).toHaveLength(1);
    for (let time = 0; time < 50; time += 1) comesBack(time, time);
    expect(kept.get()).toHaveLength(8);
    expect([kept.get().at(0), kept.get().at(-1)]).toEqual([brought(1, 2), brought(49, 49)]);
  });

  it('is no copy without words of its own, and nothing that leaves later', () => {
    const { outgoing, comesBack, kept, hasSaved } = device();
    outgoing(step2(9));
    const typed = frame(SYNC.update, 1);
    const face = new Uint8Array([MESSAGE.awareness, 1, 2]);
    expect([...outgoing(typed), ...outgoing(face)]).toEqual([typed, face]);
    hasSaved();
    comesBack(1, 2);
    expect(kept.get()).toEqual([]);
  });

  it('is forgotten piece by piece when it goes another way than the socket', () => {
    const { comesBack, kept, first, forget } = device();
    comesBack(1, 2);
    comesBack(3, 4);
    forget(first() ?? undefined);
    expect(kept.get()).toEqual([brought(3, 4)]);
  });

  it('outlives the page', () => {
    const kept = decodeBrought(encodeBrought([brought(1, 2), brought(3, 4)]));
    expect(kept).toEqual([brought(1, 2), brought(3, 4)]);
    expect(device(kept).comesBack(5, 6)).toHaveLength(7);
    expect(() => decodeBrought(new Uint8Array([9, 1]).buffer)).toThrow();
  });
});
