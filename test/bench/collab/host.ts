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

/** Null where the system does not say: only Linux does (proc(5)). */
export async function readProcessorTime(): Promise<ProcessorTime | null> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  const ticks = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(' ').map(Number).slice(0, NAMES);
  if (!ticks) return null;
  return { all: ticks.reduce((sum, each) => sum + each, 0), stolen: ticks[NAMES_BEFORE_STOLEN] ?? 0 };
}

/** The part of the processors' time, from 0 to 1, that the host gave to others in between; null if it is not known. */
export function stolenShare(before: ProcessorTime | null, after: ProcessorTime | null): number | null {
  if (!before || !after || after.all === before.all) return null;
  return (after.stolen - before.stolen) / (after.all - before.all);
}
