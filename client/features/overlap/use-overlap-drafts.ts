import type { JSONContent } from '@tiptap/core';
import { useState } from 'react';
import { applyChoices } from '../../../shared/description/overlap-choices.ts';
import type { OverlapChoice, OverlapResolution } from '../../../shared/protocol/overlaps.ts';
import { replaceContent } from '../../description/replace-content.ts';
import type { Session } from '../../description/session.ts';
import { useEdits } from '../../local-db/context.ts';
import type { OverlapBlock, OverlapReview } from '../../local-db/overlap-rows.ts';
import { sameBlocks } from './block-content.ts';
import { type LiveBlocks, liveBlocks } from './use-live-blocks.ts';

/** What a person has in mind for one block. */
export interface Draft {
  readonly choice: OverlapChoice;
  readonly nodes: readonly JSONContent[];
  /** What stood in the description when they began. */
  readonly seen: readonly JSONContent[];
}

type Schemaed = OverlapResolution[number]['nodes'][number];
export type Settled = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const MOVED = 'This block was changed again meanwhile. Look at what stands now before you settle it.';

/** The answers to a review before they are given. A block without a draft follows the description. */
export function useOverlapDrafts(review: OverlapReview, session: Session, live: LiveBlocks) {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const edits = useEdits();
  const standingOf = (id: string, blocks: LiveBlocks = live): readonly JSONContent[] => {
    const node = blocks.byId.get(id);
    return node ? [node] : [];
  };
  const draftOf = ({ id }: OverlapBlock): Draft => {
    const now = standingOf(id);
    return drafts.get(id) ?? { choice: 'merge', nodes: now, seen: now };
  };
  const put = (id: string, draft: Draft) => setDrafts((before) => new Map(before).set(id, draft));

  return {
    draftOf,
    hasMoved: (block: OverlapBlock) => !sameBlocks(draftOf(block).seen, standingOf(block.id)),
    choose(block: OverlapBlock, choice: OverlapChoice, nodes: readonly JSONContent[]) {
      put(block.id, { choice, nodes, seen: draftOf(block).seen });
    },
    /** Back to what stands in the description. */
    follow: ({ id }: OverlapBlock) =>
      setDrafts((before) => new Map([...before].filter(([other]) => other !== id))),
    /** The person has looked at what stands now, and keeps what they have in mind. */
    keep: (block: OverlapBlock) => put(block.id, { ...draftOf(block), seen: standingOf(block.id) }),
    async settle(): Promise<Settled> {
      // What is on screen may be a moment old.
      const now = liveBlocks(session);
      const answers = review.blocks.map((block) => ({ block, draft: draftOf(block) }));
      if (answers.some(({ block, draft }) => !sameBlocks(draft.seen, standingOf(block.id, now)))) {
        return { ok: false, reason: MOVED };
      }
      const changed = answers.filter(({ draft }) => !sameBlocks(draft.nodes, draft.seen));
      if (changed.length > 0) {
        const choices = changed.map(({ block, draft }) => ({ ...block, nodes: draft.nodes }));
        const replaced = replaceContent(session, applyChoices(now.document, choices));
        if (!replaced.ok) return replaced;
        await session.flush();
      }
      return edits.settleOverlaps(
        review.id,
        answers.map(({ block, draft }) => recorded(block.id, draft)),
      );
    },
  };
}

const recorded = (id: string, { choice, nodes }: Draft): OverlapResolution[number] => ({
  id,
  choice,
  nodes: nodes.map((node): Schemaed => ({ ...node, type: node.type ?? 'paragraph' })),
});
