import type { CommonPowerSyncDatabase, PowerSyncBackendConnector } from '@powersync/common';
import { syncToken } from '../../shared/protocol/sync-token.ts';
import { keepAnswers, rejectAll } from './upload/answers.ts';
import { type Fetch, postUpload } from './upload/post-upload.ts';
import { markSent, readMark, takeBackMark, type UploadMark } from './upload/upload-mark.ts';
import { nextBatch, type QueuedTransaction } from './upload/upload-queue.ts';

export interface ConnectorDeps {
  readonly fetch: Fetch;
  readonly now: () => Date;
  /** Whose data this is; the server refuses it under another account's session. */
  readonly userId: string;
  /** Another account may have signed in on this browser meanwhile; it must not send these ops. */
  readonly isSignedIn: () => boolean;
  /** The server does not know the session any more, or it is another account's. The queue stays as it is. */
  readonly onSignedOut: () => void;
  /**
   * Asked before an upload while the sync stream is down: an attempt that cannot arrive would leave its ops in doubt,
   * so that their author could not discard them. Absent: the server counts as reachable.
   */
  readonly isReachable?: () => Promise<boolean>;
}

/** Thrown to PowerSync, which tries again later; the queue stays as it is. */
export class UploadPostponedError extends Error {
  override name = 'UploadPostponedError';
}

/** How PowerSync gets its token, and how queued ops reach the server. */
export function createConnector(deps: ConnectorDeps): PowerSyncBackendConnector {
  return {
    fetchCredentials: () => fetchCredentials(deps),
    uploadData: async (db) => {
      if (!deps.isSignedIn()) throw signInFirst();
      if (!db.currentStatus.connected && !((await deps.isReachable?.()) ?? true)) throw unreachable();
      const { batch, before } = await takeBatch(db);
      if (batch.length > 0) await send(deps, { db, before, deviceId: await db.getClientId() }, batch);
    },
  };
}

/** Where a batch comes from. */
interface Upload {
  readonly db: CommonPowerSyncDatabase;
  readonly deviceId: string;
  /** The mark as it was before the batch was handed over. */
  readonly before: UploadMark;
}

async function fetchCredentials({ fetch, isSignedIn, onSignedOut }: ConnectorDeps) {
  if (!isSignedIn()) return null;
  const response = await fetch('/api/sync/token');
  if (response.status === 401) {
    onSignedOut();
    return null;
  }
  if (!response.ok)
    throw new Error(`The server answered the request for a sync token with ${response.status}.`);
  const { endpoint, token, expires_at } = syncToken.parse(await response.json());
  return { endpoint, token, expiresAt: new Date(expires_at) };
}

/** The next ops, marked as handed over: from now on nobody can discard them. */
async function takeBatch(db: CommonPowerSyncDatabase) {
  for (;;) {
    const before = await readMark(db);
    const batch = await nextBatch(db);
    const last = batch.at(-1)?.ops.at(-1);
    if (!last || (await markSent(db, last.op_id, before))) return { batch, before };
  }
}

/**
 * Sends a batch and takes what was answered out of the queue. A refusal is an answer like any other (C15): only a
 * passing fault throws, so no op can hold up those behind it, nor the downloads that wait for an empty queue.
 */
async function send(deps: ConnectorDeps, upload: Upload, batch: readonly QueuedTransaction[]): Promise<void> {
  const { db, deviceId, before } = upload;
  const last = batch.at(-1);
  if (!last) return;
  const ops = batch.flatMap((transaction) => transaction.ops);
  const answer = await postUpload(deps.fetch, { deviceId, userId: deps.userId }, batch);
  switch (answer.kind) {
    case 'answered':
      await keepAnswers(db, ops, answer.outcomes, deps.now());
      return last.complete();
    case 'too-large':
    case 'refused': {
      if (batch.length > 1) return sendInHalves(deps, upload, batch);
      // One transaction is atomic (C16): refused as a whole, its content stays readable in the outbox.
      await keepAnswers(db, ops, rejectAll(ops, answer.reason), deps.now());
      return last.complete();
    }
    case 'signed-out':
      await takeBackMark(db, before);
      deps.onSignedOut();
      throw signInFirst();
    case 'failed':
      throw new UploadPostponedError(answer.reason);
  }
}

async function sendInHalves(
  deps: ConnectorDeps,
  upload: Upload,
  batch: readonly QueuedTransaction[],
): Promise<void> {
  const middle = Math.ceil(batch.length / 2);
  await send(deps, upload, batch.slice(0, middle));
  await send(deps, upload, batch.slice(middle));
}

const signInFirst = () => new UploadPostponedError('Sign in to send the changes kept on this device.');
const unreachable = () => new UploadPostponedError('The server cannot be reached.');
