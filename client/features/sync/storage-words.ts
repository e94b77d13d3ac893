import type { LostData } from '../../local-db/data-marker.ts';
import { changes } from './sync-words.ts';

/** Said at the start after a browser cleared this site's database. */
export function lostWords({ lastSeen, unsent }: LostData, dayOf: (iso: string) => string): string {
  const again = `Your browser cleared Rejoin’s data on this device since ${dayOf(lastSeen)}. It is being loaded again.`;
  if (unsent === 0) return `${again} Nothing of yours was lost: everything had been sent.`;
  return `${again} ${changes(unsent)} that had not been sent ${unsent === 1 ? 'is' : 'are'} lost with it.`;
}

/** Said while there is little room for what is written on this device. `free`: bytes. */
export function shortWords(free: number): string {
  const left = Math.max(0, Math.floor(free / 1_000_000));
  return `Only ${left} MB are left for Rejoin on this device. Free some space, or new changes may not be kept here.`;
}
