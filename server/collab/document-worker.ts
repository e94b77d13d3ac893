import os from 'node:os';
import { parentPort } from 'node:worker_threads';
import {
  type DescriptionFormat,
  type DocumentJob,
  type JobAnswer,
  type JobResult,
  jobRequest,
  type RenderResult,
} from './document-job.ts';
import { personMentionsOf } from './document-mentions.ts';
import { readDocument, wordsOf } from './document-words.ts';
import { judgeUpdate, partsOf, usablePart } from './judge-update.ts';
import { mergeDescription } from './merge.ts';
import { openingFrames } from './opening.ts';
import { unpackRows } from './packed-rows.ts';

stepAside();

parentPort?.on('message', (message: unknown) => {
  const { id, job } = jobRequest.parse(message);
  perform(job).then(
    (result) => reply({ kind: 'done', id, result }),
    (error: unknown) =>
      reply({ kind: 'failed', id, error: error instanceof Error ? error.message : String(error) }),
  );
});

/** Those who type go first. On Linux a thread has a priority of its own; elsewhere this would be the whole server's. */
function stepAside(): void {
  if (process.platform !== 'linux') return;
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it: then documents are folded with the priority of everything else.
  }
}

const reply = (answer: JobAnswer): void => parentPort?.postMessage(answer);

async function perform(job: DocumentJob): Promise<JobResult> {
  switch (job.kind) {
    case 'merge': {
      const unmerged = {
        snapshot: job.snapshot,
        updates: unpackRows(job.rows).map(({ update }) => update),
      };
      const merged = mergeDescription(unmerged);
      return readDocument(merged.snapshot, (fragment) => ({
        ...merged,
        refused: [...merged.refused],
        text: wordsOf(fragment),
        mentions: personMentionsOf(fragment, unmerged),
      }));
    }
    case 'render':
      return render(mergeDescription(job).snapshot, job.format);
    case 'open':
      return openingFrames(job, job.stateVector);
    case 'judge': {
      const judgement = judgeUpdate(job.known, job.update);
      const usable = judgement.kind === 'gap' ? usablePart(job.known, job.update) : null;
      return { judgement, usable };
    }
    case 'deletes':
      return [...(partsOf(job.snapshot)?.deletes ?? [])];
  }
}

async function render(snapshot: Uint8Array, format: DescriptionFormat): Promise<RenderResult> {
  if (format === 'update') return snapshot;
  if (format === 'text') return readDocument(snapshot, wordsOf);
  // The editor's schema is heavy, and most servers are never asked for these two.
  const { updateToDocument } = await import('../../shared/description/yjs.ts');
  const document = updateToDocument(snapshot);
  if (format === 'json') return JSON.stringify(document);
  const { documentToMarkdown } = await import('../../shared/description/markdown.ts');
  return documentToMarkdown(document);
}
