import { Button } from '@mantine/core';
import { IconCircleDot, IconGitFork, IconGitMerge, IconHistory } from '@tabler/icons-react';
import type { JSONContent } from '@tiptap/core';
import type { ReactNode } from 'react';
import type { OverlapChoice } from '../../../shared/protocol/overlaps.ts';
import { ShownDocument } from '../../description/shown-document.tsx';
import type { OverlapBlock, OverlapReview } from '../../local-db/overlap-rows.ts';
import { blocksOf, documentOf } from './block-content.ts';
import { BlockEditor } from './block-editor.tsx';
import classes from './overlap.module.css';
import { author, blockWords, type Names, others, sideWords } from './overlap-words.ts';
import type { Draft } from './use-overlap-drafts.ts';

interface OverlapBlockProps {
  block: OverlapBlock;
  review: OverlapReview;
  names: Names;
  draft: Draft;
  editable: boolean;
  onChoose: (choice: OverlapChoice, nodes: readonly JSONContent[]) => void;
  onFollow: () => void;
}

/** One block as it was, as each side has it, and what shall stand there. */
export function OverlapBlockView(props: OverlapBlockProps) {
  const { block, review, names, draft, editable, onChoose, onFollow } = props;
  const { base, theirs, yours } = block;
  const note = blockWords(block, review, names);
  const oneName = author(review, names);
  const otherName = others(review, names);
  const sides = sideWords(review, names);
  const documents = {
    base: documentOf([base]),
    theirs: documentOf(listOf(theirs)),
    yours: documentOf(listOf(yours)),
  };
  return (
    <div className={classes.block}>
      {note && <p className={classes.note}>{note}</p>}
      <div className={classes.versions}>
        <Version
          part="base"
          icon={<IconHistory size={14} aria-hidden />}
          words="Before"
          detail="both had seen it"
        >
          <Shown node={base} label="The block before both changed it" />
        </Version>
        <Version
          part="current"
          icon={<IconCircleDot size={14} aria-hidden />}
          words={sides.theirs}
          detail={otherName}
        >
          <Shown
            node={theirs}
            before={base}
            colour="var(--conflict-current)"
            label={`The block as ${otherName} left it`}
          />
        </Version>
        <Version
          part="proposed"
          icon={<IconGitFork size={14} aria-hidden />}
          words={sides.yours}
          detail={`${oneName}, offline`}
        >
          <Shown
            node={yours}
            before={base}
            colour="var(--conflict-proposed)"
            label={`The block as ${oneName} left it, offline`}
          />
        </Version>
      </div>
      <section className={classes.merge} aria-label="What shall stand there">
        <header className={classes.mergeHead}>
          <span className={classes.mark} data-part="merge">
            <IconGitMerge size={14} aria-hidden />
            Merged
          </span>
          <span className={classes.detail}>{MERGE_WORDS[draft.choice]}</span>
          {editable && (
            <fieldset className={classes.choices} aria-label="Begin with">
              <Choice chosen={draft.choice === 'merge'} onClick={onFollow}>
                The merge
              </Choice>
              <Choice chosen={draft.choice === 'theirs'} onClick={() => onChoose('theirs', listOf(theirs))}>
                {sides.theirs}
              </Choice>
              <Choice chosen={draft.choice === 'yours'} onClick={() => onChoose('yours', listOf(yours))}>
                {sides.yours}
              </Choice>
            </fieldset>
          )}
        </header>
        <BlockEditor
          label="Merged block"
          editable={editable}
          document={documentOf(draft.nodes)}
          sides={documents}
          onChange={(document) => onChoose('edited', blocksOf(document, base))}
        />
        <p className={classes.legend}>
          Marked: <span data-origin="theirs">{sides.theirs}</span>,{' '}
          <span data-origin="yours">{sides.yours}</span>,{' '}
          <span data-origin="neither">letters of both, or new</span>
        </p>
      </section>
    </div>
  );
}

const MERGE_WORDS: Readonly<Record<OverlapChoice, string>> = {
  merge: 'what stands in the description now; edit it as you like',
  theirs: 'the words of one side, as they were',
  yours: 'the words of one side, as they were',
  edited: 'as you wrote it',
};

const listOf = (node: JSONContent | null): JSONContent[] => (node ? [node] : []);

interface VersionProps {
  part: 'base' | 'current' | 'proposed';
  icon: ReactNode;
  words: string;
  detail: string;
  children: ReactNode;
}

function Version({ part, icon, words, detail, children }: VersionProps) {
  return (
    <section className={classes.version} data-part={part} aria-label={`${words}: ${detail}`}>
      <header className={classes.versionHead}>
        <span className={classes.mark} data-part={part}>
          {icon}
          {words}
        </span>
        <span className={classes.detail}>{detail}</span>
      </header>
      {children}
    </section>
  );
}

interface ShownProps {
  node: JSONContent | null;
  before?: JSONContent;
  /** The side's own, in which its changes are marked. */
  colour?: string;
  label: string;
}

function Shown({ node, before, colour, label }: ShownProps) {
  if (!node) return <p className={classes.gone}>Deleted</p>;
  return (
    <ShownDocument
      document={documentOf([node])}
      before={before ? documentOf([before]) : null}
      colour={colour}
      label={label}
    />
  );
}

function Choice({
  chosen,
  onClick,
  children,
}: {
  chosen: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      variant={chosen ? 'light' : 'subtle'}
      color={chosen ? undefined : 'gray'}
      aria-pressed={chosen}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
