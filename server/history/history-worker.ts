import { parentPort } from 'node:worker_threads';
import { historyJob, type JobAnswer } from './history-job.ts';
import { perform } from './past-documents.ts';

parentPort?.on('message', (message: unknown) => parentPort?.postMessage(answer(message)));

function answer(message: unknown): JobAnswer {
  try {
    return { kind: 'done', result: perform(historyJob.parse(message)) };
  } catch (error) {
    return { kind: 'failed', error: error instanceof Error ? error.message : String(error) };
  }
}
