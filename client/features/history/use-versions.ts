import type { JSONContent } from '@tiptap/core';
import { useCallback, useEffect, useState } from 'react';
import type { VersionEntry } from '../../../shared/protocol/versions.ts';
import { readVersion, readVersions } from './versions-api.ts';

export interface VersionsState {
  /** The newest first; null until they are there. */
  readonly versions: readonly VersionEntry[] | null;
  readonly problem: string | null;
  reload(): Promise<void>;
}

export function useVersions(ticketId: string): VersionsState {
  const [versions, setVersions] = useState<readonly VersionEntry[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const reload = useCallback(async () => {
    const answer = await readVersions(ticketId);
    setProblem(answer.ok ? null : answer.reason);
    if (answer.ok) setVersions(answer.value);
  }, [ticketId]);
  useEffect(() => void reload(), [reload]);
  return { versions, problem, reload };
}

export type LoadedDocument =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly document: JSONContent }
  | { readonly kind: 'failed'; readonly reason: string };

const LOADING: LoadedDocument = { kind: 'loading' };

/** The document of a version; null asks for none. */
export function useVersionDocument(ticketId: string, versionId: string | null): LoadedDocument {
  const [loaded, setLoaded] = useState<{ id: string; document: LoadedDocument } | null>(null);
  useEffect(() => {
    if (versionId === null) return;
    let current = true;
    void readVersion(ticketId, versionId).then((answer) => {
      if (!current) return;
      const document: LoadedDocument = answer.ok
        ? { kind: 'there', document: answer.value }
        : { kind: 'failed', reason: answer.reason };
      setLoaded({ id: versionId, document });
    });
    return () => {
      current = false;
    };
  }, [ticketId, versionId]);
  return loaded && loaded.id === versionId ? loaded.document : LOADING;
}
