import type { Random } from '../../simulation/random.ts';
import type { ReplayScript } from './script.ts';

/** A stretch of the script in which one of the two, or both, cannot reach the server. */
export interface Separation {
  /** Begins once everything before this place is with both. */
  readonly at: number;
  readonly alone: number;
  /** `server`: it is killed, and both are cut off. */
  readonly way: 'cable' | 'offline' | 'server';
  /** Places before it, for each author, where their connection breaks off for a moment. */
  readonly shocks: readonly (readonly number[])[];
}

/** So much, at least, each of the two writes in every separation without having seen the other's. */
export const STEPS_APART = 5;
const SEPARATIONS = 9;
const SHOCKS = 2;
/** Nobody writes that much unseen in what two people wrote together: after it both are in touch again. */
const LONGEST = 500;

/** One in each part of the script, at random among the places where both really wrote at once. */
export function planSeparations(script: ReplayScript, random: Random): Separation[] {
  const part = Math.floor(script.length / SEPARATIONS);
  return Array.from({ length: SEPARATIONS }, (_, index) => {
    const start = index * part;
    const places = range(start, start + part - LONGEST).filter((at) => bothCanWrite(script, at));
    const at = random.pickAny(places);
    if (at === undefined) throw new Error(`Both write at once nowhere in part ${index} of the script.`);
    const shocks = [0, 1].map(() => random.shuffled(range(start, at)).slice(0, SHOCKS).sort(ascending));
    const isMiddle = index === Math.floor(SEPARATIONS / 2);
    return { at, alone: index % 2, way: isMiddle ? 'server' : random.pick(['cable', 'offline']), shocks };
  });
}

/** Whether each of the two has something to write there that answers nothing of the other's after it. */
function bothCanWrite(script: ReplayScript, at: number): boolean {
  return [0, 1].every((author) => {
    const next = script.slice(at, at + LONGEST).filter((step) => step.author === author);
    return next.length >= STEPS_APART && next.slice(0, STEPS_APART).every(({ seen }) => seen < at);
  });
}

const range = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, step) => start + step);

const ascending = (a: number, b: number): number => a - b;
