import { Worker } from 'node:worker_threads';
import type pino from 'pino';
import {
  type DescriptionFormat,
  type DocumentJob,
  jobAnswer,
  type MergeResult,
  mergeResult,
  type RenderResult,
  renderResult,
} from './document-job.ts';
import type { StoredState } from './store.ts';

/** Builds documents away from the main thread, one job at a time. */
export interface DocumentThread {
  merge(state: StoredState): Promise<MergeResult>;
  render(state: StoredState, format: DescriptionFormat): Promise<RenderResult>;
  close(): Promise<void>;
}

/** A document that takes longer than this is given up, with the thread, so that others get their turn. */
const JOB_TIMEOUT_MS = 60_000;

interface Waiting {
  readonly timer: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The thread starts with the first job, and again after it has failed. */
export function createDocumentThread({ log }: { readonly log: pino.Logger }): DocumentThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;

  function run(job: DocumentJob): Promise<unknown> {
    lastId += 1;
    const id = lastId;
    worker ??= start();
    worker.ref();
    worker.postMessage({ id, job });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => fail(new Error('The document took too long to build.')), JOB_TIMEOUT_MS);
      waiting.set(id, { timer, resolve, reject });
    });
  }

  function start(): Worker {
    const started = new Worker(new URL('./document-worker-entry.mjs', import.meta.url));
    started.on('message', settle);
    started.on('error', (error) => {
      if (worker === started) fail(error);
    });
    started.on('exit', () => {
      if (worker === started) fail(new Error('The document thread ended.'));
    });
    return started;
  }

  function settle(message: unknown): void {
    const answer = jobAnswer.parse(message);
    const job = waiting.get(answer.id);
    if (!job) return;
    waiting.delete(answer.id);
    clearTimeout(job.timer);
    if (waiting.size === 0) worker?.unref();
    if (answer.kind === 'failed') job.reject(new Error(answer.error));
    else job.resolve(answer.result);
  }

  function fail(error: Error): void {
    const broken = worker;
    worker = null;
    if (waiting.size > 0)
      log.error({ err: error }, 'The document thread failed; it starts anew with the next job.');
    for (const job of waiting.values()) {
      clearTimeout(job.timer);
      job.reject(error);
    }
    waiting.clear();
    void broken?.terminate();
  }

  return {
    merge: async (state) => mergeResult.parse(await run({ kind: 'merge', ...unmergedOf(state) })),
    render: async (state, format) =>
      renderResult.parse(await run({ kind: 'render', format, ...unmergedOf(state) })),
    async close() {
      const running = worker;
      worker = null;
      for (const job of waiting.values()) {
        clearTimeout(job.timer);
        job.reject(new Error('The server is stopping.'));
      }
      waiting.clear();
      await running?.terminate();
    },
  };
}

// Copies: a view would take the whole network buffer it looks into along to the other thread.
const unmergedOf = ({ snapshot, log }: StoredState) => ({
  snapshot: snapshot ? new Uint8Array(snapshot.bytes) : null,
  updates: log.map((row) => new Uint8Array(row.update)),
});
