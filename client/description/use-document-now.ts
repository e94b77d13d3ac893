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
    const read = () => setNow(updateToDocument(Y.encodeStateAsUpdate(session.doc)));
    session.doc.on('update', read);
    read();
    return () => session.doc.off('update', read);
  }, [session, loaded]);
  return now;
}
