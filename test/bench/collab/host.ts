import { readFile } from 'node:fs/promises';

/** Since the start, in the kernel's ticks, all processors together. */
export interface ProcessorTime {
  readonly all: number;
  /** What this machine wanted, and its host gave to other machines. */
  readonly stolen: number;
}

const NAMES_BEFORE_STOLEN = 7;
/** What follows is counted among these already. */
const NAMES = 8;

/** Zeros where the system does not say (only Linux does, proc(5)). */
export async function readProcessorTime(): Promise<ProcessorTime> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  const ticks = (/^cpu +([\d ]+)$/m.exec(text)?.[1] ?? '').split(' ').map(Number).slice(0, NAMES);
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[NAMES_BEFORE_STOLEN] ?? 0 };
}

/** The part of the processors' time, from 0 to 1, that the host gave to others in between. */
export function stolenShare(before: ProcessorTime, after: ProcessorTime): number {
  const all = after.all - before.all;
  return all > 0 ? (after.stolen - before.stolen) / all : 0;
}
