import { apiError } from '../../../shared/protocol/error.ts';
import { type OpOutcome, type UploadRequest, uploadResponse } from '../../../shared/protocol/upload.ts';
import type { QueuedTransaction } from './upload-queue.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** What came of sending a batch. Only `answered` and `refused` say anything about the ops. */
export type UploadAnswer =
  | { readonly kind: 'answered'; readonly outcomes: readonly OpOutcome[] }
  /** Nothing was taken: nobody is signed in, or somebody else. */
  | { readonly kind: 'signed-out' }
  /** More than the server takes at once; in parts it may do. */
  | { readonly kind: 'too-large'; readonly reason: string }
  /** The server cannot read this request and never will. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** A passing fault, or an answer that is not Rejoin's: nothing is known, the same batch must be sent again. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Who sends: the server refuses what one account wrote under the session of another. */
export interface Sender {
  readonly deviceId: string;
  readonly userId: string;
}

export async function postUpload(
  fetch: Fetch,
  { deviceId, userId }: Sender,
  batch: readonly QueuedTransaction[],
): Promise<UploadAnswer> {
  const body: UploadRequest = {
    device_id: deviceId,
    user_id: userId,
    transactions: batch.map(({ tx_id, ops }) => ({ tx_id, ops: [...ops] })),
  };
  try {
    const response = await fetch('/api/upload', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return readAnswer(response.status, await readJson(response), batch);
  } catch (error) {
    return { kind: 'failed', reason: `The server cannot be reached (${wordsOf(error)}).` };
  }
}

function readAnswer(status: number, body: unknown, batch: readonly QueuedTransaction[]): UploadAnswer {
  // 409: another account has signed in on this browser since the page asked who it is.
  if (status === 401 || status === 409) return { kind: 'signed-out' };
  if (status === 413) {
    return { kind: 'too-large', reason: 'This change is larger than the server accepts. Make it in parts.' };
  }
  if (status === 400) {
    const error = apiError.safeParse(body);
    if (error.success) return { kind: 'refused', reason: error.data.error.message };
  }
  if (status !== 200)
    return { kind: 'failed', reason: `The server answered the upload with status ${status}.` };
  const answer = uploadResponse.safeParse(body);
  if (!answer.success) return { kind: 'failed', reason: `The server's answer cannot be read.` };
  const answered = new Set(answer.data.outcomes.map((outcome) => outcome.op_id));
  const missing = batch.flatMap(({ ops }) => ops).find((op) => !answered.has(op.op_id));
  if (missing) return { kind: 'failed', reason: `The server left op ${missing.op_id} without an answer.` };
  return { kind: 'answered', outcomes: answer.data.outcomes };
}

/** A proxy's error page is no JSON; the status says enough then. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
