import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  documentsResult,
  foldResult,
  type HistoryJob,
  jobAnswer,
  type MeetingResult,
  meetingResult,
  type PastDocument,
} from './history-job.ts';

type Job<K extends HistoryJob['kind']> = Omit<Extract<HistoryJob, { kind: K }>, 'kind'>;

/** Builds past documents away from the main thread, one job at a time. */
export interface HistoryThread {
  documents(job: Job<'documents'>): Promise<PastDocument[]>;
  meeting(job: Job<'meeting'>): Promise<MeetingResult>;
  fold(job: Job<'fold'>): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A history that takes longer than this is given up, so that others get their turn. */
const JOB_TIMEOUT_MS = 60_000;
/** History is looked at now and then: between times its thread takes no memory. */
const IDLE_MS = 60_000;

export function createHistoryThread(): HistoryThread {
  let turn: Promise<unknown> = Promise.resolve();
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;

  function run(job: HistoryJob): Promise<unknown> {
    const result = turn.then(() => perform(job));
    turn = result.catch(() => undefined);
    return result;
  }

  async function perform(job: HistoryJob): Promise<unknown> {
    clearTimeout(idle);
    worker ??= new Worker(new URL('./history-worker-entry.mjs', import.meta.url));
    worker.ref();
    try {
      const answer = await ask(worker, job);
      worker?.unref();
      idle = setTimeout(() => void end(), IDLE_MS).unref();
      if (answer.kind === 'done') return answer.result;
      throw new Error(`A past document could not be built: ${answer.error}`);
    } catch (error) {
      // A thread that failed in the middle of something is not asked again.
      await end();
      throw error;
    }
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const ended = worker;
    worker = null;
    await ended?.terminate();
  }

  return {
    documents: async (job) => documentsResult.parse(await run({ kind: 'documents', ...job })),
    meeting: async (job) => meetingResult.parse(await run({ kind: 'meeting', ...job })),
    fold: async (job) => foldResult.parse(await run({ kind: 'fold', ...job })),
    close: end,
  };
}

async function ask(worker: Worker, job: HistoryJob) {
  const stop = new AbortController();
  const late = AbortSignal.timeout(JOB_TIMEOUT_MS);
  const signal = AbortSignal.any([stop.signal, late]);
  try {
    // `once` also rejects when the worker reports an error.
    const answered = once(worker, 'message', { signal });
    const ended = once(worker, 'exit', { signal }).then(() => {
      throw new Error('The history thread ended.');
    });
    ended.catch(() => undefined);
    worker.postMessage(job);
    const [message] = await Promise.race([answered, ended]);
    return jobAnswer.parse(message);
  } finally {
    stop.abort();
  }
}
