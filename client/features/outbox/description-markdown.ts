import * as Y from 'yjs';
import type { Descriptions } from '../../description/descriptions.ts';
import { when } from '../../description/observable.ts';

const PATIENCE_MS = 10_000;

/** A description as this device holds it, in Markdown. Rejects when it cannot be opened in ten seconds. */
export async function readMarkdown(descriptions: Descriptions, ticketId: string): Promise<string> {
  const { session, release } = descriptions.open(ticketId);
  try {
    // Only here: the document's schema is heavy, and the outbox rarely needs it.
    const [{ documentToMarkdown }, { updateToDocument }] = await Promise.all([
      import('../../../shared/description/markdown.ts'),
      import('../../../shared/description/yjs.ts'),
    ]);
    await when(session.loaded, Boolean, AbortSignal.timeout(PATIENCE_MS));
    return documentToMarkdown(updateToDocument(Y.encodeStateAsUpdate(session.doc)));
  } finally {
    release();
  }
}
