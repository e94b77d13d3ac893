import type { JSONContent } from '@tiptap/core';
import { useEffect, useState } from 'react';
import {
  type IdentifiedNode,
  identifiedDocument,
  unitsOf,
} from '../../../shared/description/overlap-units.ts';
import { useObservable } from '../../description/context.tsx';
import type { Session } from '../../description/session.ts';

/** The description as it stands on this device, now and as it changes. */
export interface LiveBlocks {
  readonly document: IdentifiedNode;
  readonly byId: ReadonlyMap<string, JSONContent>;
}

/** Null until the description is open. */
export function useLiveBlocks(session: Session): LiveBlocks | null {
  const loaded = useObservable(session.loaded);
  const [live, setLive] = useState<LiveBlocks | null>(null);
  useEffect(() => {
    if (!loaded) return;
    const read = () => setLive(liveBlocks(session));
    session.doc.on('update', read);
    read();
    return () => session.doc.off('update', read);
  }, [session, loaded]);
  return live;
}

export function liveBlocks({ fragment }: Session): LiveBlocks {
  const document = identifiedDocument(fragment);
  return { document, byId: new Map(unitsOf(document).map(({ id, node }) => [id, node])) };
}
