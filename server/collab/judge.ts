import type { DocumentThread } from './document-thread.ts';
import { type Judgement, judgeUpdate, partsOf, type Usable, usablePart } from './judge-update.ts';
import type { KnownState, Range } from './known-state.ts';

/** What an update means to a document, and, on request, what is left of one that has a gap. */
export interface Verdict {
  readonly judgement: Judgement;
  usable(): Usable | null;
}

/** Reading more than this would hold up everybody else on this node. */
const INLINE_BYTES = 64 * 1024;

const nothing = () => null;

export const isLong = (update: Uint8Array): boolean => update.length > INLINE_BYTES;

export function judgeHere(known: KnownState, update: Uint8Array): Verdict {
  const judgement = judgeUpdate(known, update);
  return { judgement, usable: judgement.kind === 'gap' ? () => usablePart(known, update) : nothing };
}

/** What is known only grows meanwhile, so the verdict is at worst too strict: the client is asked once more. */
export async function judgeOnThread(
  thread: DocumentThread,
  known: KnownState,
  update: Uint8Array,
): Promise<Verdict> {
  const { judgement, usable } = await thread.judge(known, update);
  return { judgement, usable: () => usable };
}

/** What a snapshot says was deleted; nothing when it cannot be read. */
export async function deletesOf(thread: DocumentThread, snapshot: Uint8Array): Promise<readonly Range[]> {
  return isLong(snapshot) ? thread.deletes(snapshot) : (partsOf(snapshot)?.deletes ?? []);
}
