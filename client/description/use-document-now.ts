import type { JSONContent } from '@tiptap/core';
import { useEffect, useState } from 'react';
import * as Y from 'yjs';
import { updateToDocument } from '../../shared/description/yjs.ts';
import { useObservable } from './context.tsx';
import type { Session } from './session.ts';

/** The description on this device, as it changes; null until it is open. */
export function useDocumentNow(session: Session): JSONContent | null {
  const loaded = useObservable(session.loaded);
  const [now, setNow] = useState<JSONContent | null>(null);
  useEffect(() => {
    if (!loaded) return;
    const read = () => setNow(documentOf(session.doc));
    session.doc.on('update', read);
    read();
    return () => session.doc.off('update', read);
  }, [session, loaded]);
  return now;
}

/** What a newer editor has built in a way that cannot even be read here is one node that nobody knows (D7). */
export function documentOf(doc: Y.Doc): JSONContent {
  try {
    return updateToDocument(Y.encodeStateAsUpdate(doc));
  } catch {
    return { type: 'doc', content: [{ type: 'unreadable' }] };
  }
}
