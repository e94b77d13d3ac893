import { parentPort } from 'node:worker_threads';
import { documentToMarkdown } from '../../shared/description/markdown.ts';
import { documentToText } from '../../shared/description/text.ts';
import { updateToDocument } from '../../shared/description/yjs.ts';
import {
  type DocumentJob,
  type JobAnswer,
  jobRequest,
  type MergeResult,
  type RenderResult,
} from './document-job.ts';
import { mergeDescription } from './merge.ts';

parentPort?.on('message', (message: unknown) => {
  const { id, job } = jobRequest.parse(message);
  parentPort?.postMessage(answer(id, job));
});

function answer(id: number, job: DocumentJob): JobAnswer {
  try {
    return { kind: 'done', id, result: perform(job) };
  } catch (error) {
    return { kind: 'failed', id, error: error instanceof Error ? error.message : String(error) };
  }
}

function perform(job: DocumentJob): MergeResult | RenderResult {
  const merged = mergeDescription(job);
  if (job.kind === 'merge') {
    return {
      ...merged,
      refused: [...merged.refused],
      text: documentToText(updateToDocument(merged.snapshot)),
    };
  }
  if (job.format === 'update') return merged.snapshot;
  const document = updateToDocument(merged.snapshot);
  switch (job.format) {
    case 'json':
      return document;
    case 'markdown':
      return documentToMarkdown(document);
    case 'text':
      return documentToText(document);
  }
}
