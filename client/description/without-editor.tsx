import { Suspense, useEffect, useReducer } from 'react';
import { CLOSE } from '../../shared/protocol/close-codes.ts';
import { loadLater, ReloadNote } from '../ui/load-later.tsx';
import type { BeyondUs } from './content-guard.ts';
import type { Session } from './session.ts';
import { wordsOf } from './unknown-content.ts';

const ShownSession = loadLater(() => import('./shown-session.tsx'), Words);

interface WithoutEditorProps {
  session: Session;
  why: Exclude<BeyondUs, 'no'>;
}

/** A description that no editor may have, or that there is no editor for: as far as it can be shown, not to be edited. */
export function WithoutEditor({ session, why }: WithoutEditorProps) {
  const hasForm = why === 'incomplete' || why === 'damaged';
  return (
    <div className="description-words">
      {why === 'unloaded' ? (
        <ReloadNote to="go on editing" />
      ) : (
        <p role="status" className="description-words-note">
          {REASONS[why]}
        </p>
      )}
      {hasForm ? (
        <Suspense fallback={<Words session={session} />}>
          <ShownSession session={session} />
        </Suspense>
      ) : (
        <Words session={session} />
      )}
    </div>
  );
}

const REASONS: Readonly<Record<Exclude<BeyondUs, 'no' | 'unloaded'>, string>> = {
  newer: `${CLOSE.editorTooOld.words} Until then you can read its words.`,
  incomplete:
    'Edits that met have left a part of this description incomplete. Nothing was deleted, and it is mended as soon as somebody who may write opens it.',
  damaged:
    'Part of this description does not fit together, and the editor would lose it. Nothing was deleted: you can read it.',
};

function Words({ session: { doc, fragment } }: { session: Session }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    doc.on('update', redraw);
    // What came between the drawing and this.
    redraw();
    return () => doc.off('update', redraw);
  }, [doc]);
  return <pre className="description-words-text">{wordsOf(fragment).join('\n')}</pre>;
}
