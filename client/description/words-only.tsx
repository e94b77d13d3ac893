import { useEffect, useReducer } from 'react';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import type { BeyondUs, Session } from './session.ts';
import { wordsOf } from './unknown-content.ts';

interface WordsOnlyProps {
  session: Session;
  why: Exclude<BeyondUs, 'no'>;
}

const REASONS: Readonly<Record<WordsOnlyProps['why'], string>> = {
  newer: `${CLOSE.editorTooOld.words} Until then you can read its words.`,
  damaged:
    'Part of this description does not fit together, and the editor would lose it. Nothing was deleted: you can read its words.',
};

/** What this editor must not touch, as far as it can be shown: the words, not to be edited (D7). */
export function WordsOnly({ session: { doc, fragment }, why }: WordsOnlyProps) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    doc.on('update', redraw);
    return () => doc.off('update', redraw);
  }, [doc]);
  return (
    <div className="description-words">
      <p role="status" className="description-words-note">
        {REASONS[why]}
      </p>
      <pre className="description-words-text">{wordsOf(fragment).join('\n')}</pre>
    </div>
  );
}
