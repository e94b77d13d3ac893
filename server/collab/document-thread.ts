import { Worker } from 'node:worker_threads';
import type pino from 'pino';
import {
  type DescriptionFormat,
  type DocumentJob,
  deletesResult,
  type JudgeResult,
  jobAnswer,
  judgeResult,
  type MergeResult,
  mergeResult,
  openResult,
  type RenderResult,
  renderResult,
} from './document-job.ts';
import type { KnownState, Range } from './known-state.ts';
import type { Unmerged } from './merge.ts';

/** Works on whole documents away from the main thread, one job at a time. */
export interface DocumentThread {
  /** Folds log rows, which come in one piece (packed-rows.ts), into a snapshot. */
  merge(snapshot: Uint8Array | null, rows: Uint8Array): Promise<MergeResult>;
  render(state: Unmerged, format: DescriptionFormat): Promise<RenderResult>;
  /** `openingFrames` for a state that is long to read. */
  open(state: Unmerged, stateVector: Uint8Array): Promise<Uint8Array[]>;
  /** `judgeUpdate` for an update that is long to read. */
  judge(known: KnownState, update: Uint8Array): Promise<JudgeResult>;
  /** The ranges that a snapshot says were deleted; none when it cannot be read. */
  deletes(snapshot: Uint8Array): Promise<readonly Range[]>;
  /** Starts the thread before anybody waits for it. */
  warm(): void;
  close(): Promise<void>;
}

/** The thread is well, but this document cannot be worked on so: it holds what no editor writes. */
export class UnreadableDocument extends Error {}

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
    if (answer.kind === 'failed') job.reject(new UnreadableDocument(answer.error));
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
    merge: async (snapshot, rows) => mergeResult.parse(await run({ kind: 'merge', snapshot, rows })),
    render: async (state, format) =>
      renderResult.parse(await run({ kind: 'render', format, ...copied(state) })),
    open: async (state, stateVector) =>
      openResult.parse(
        await run({ kind: 'open', ...copied(state), stateVector: new Uint8Array(stateVector) }),
      ),
    judge: async (known, update) =>
      judgeResult.parse(await run({ kind: 'judge', known, update: new Uint8Array(update) })),
    deletes: async (snapshot) =>
      deletesResult.parse(await run({ kind: 'deletes', snapshot: new Uint8Array(snapshot) })),
    warm() {
      // A thread that cannot start says so with the first job that needs it.
      run({ kind: 'merge', snapshot: null, rows: new Uint8Array() }).catch(() => undefined);
    },
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
const copied = ({ snapshot, updates }: Unmerged): Unmerged & { updates: Uint8Array[] } => ({
  snapshot: snapshot && new Uint8Array(snapshot),
  updates: updates.map((update) => new Uint8Array(update)),
});
