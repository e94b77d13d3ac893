import { serialize } from 'bson';
import { z } from 'zod';
import type { Op } from './operations.ts';

/** The messages of PowerSync's sync protocol, and their bytes. */

/** `POST /sync/stream`. Unknown fields are ignored, as the Service does: newer SDKs send more. */
export const syncRequest = z.object({
  buckets: z.array(z.object({ name: z.string(), after: z.string().regex(/^\d+$/) })).nullish(),
  raw_data: z.boolean().nullish(),
  client_id: z.string().nullish(),
  parameters: z.record(z.string(), z.unknown()).nullish(),
  streams: z
    .object({
      include_defaults: z.boolean().optional(),
      subscriptions: z.array(
        z.object({
          stream: z.string(),
          parameters: z.record(z.string(), z.unknown()).nullish(),
          override_priority: z.number().int().nullish(),
        }),
      ),
    })
    .nullish(),
});
export type SyncRequest = z.infer<typeof syncRequest>;

/** `POST /sync/checkpoint-request`. */
export const checkpointRequest = z.object({
  client_id: z.string().nullish(),
  checkpoint_request_id: z
    .union([z.number().int().nonnegative(), z.string().regex(/^\d+$/)])
    .transform(BigInt),
});

export interface StreamState {
  name: string;
  is_default: boolean;
  errors: { subscription: 'default' | number; message: string }[];
}

export interface BucketState {
  bucket: string;
  /** Signed, 32 bits. */
  checksum: number;
  count: number;
  priority: number;
  subscriptions: ({ default: number } | { sub: number })[];
}

export interface DataLine {
  data: { bucket: string; after: bigint; has_more: boolean; data: readonly Op[]; next_after: bigint };
}

export type SyncLine =
  | { checkpoint: CheckpointHead & { buckets: BucketState[]; streams: StreamState[] } }
  | { checkpoint_diff: CheckpointHead & { removed_buckets: string[]; updated_buckets: BucketState[] } }
  | DataLine
  | { partial_checkpoint_complete: { last_op_id: string; priority: number } }
  | { checkpoint_complete: { last_op_id: string } }
  | { token_expires_in: number };

export interface CheckpointHead {
  last_op_id: string;
  write_checkpoint?: string;
}

/** Lines → bytes, in the form the client asked for. */
export interface Encoder {
  readonly contentType: string;
  encode(line: SyncLine): string | Uint8Array;
}

export const NDJSON = 'application/x-ndjson';
export const BSON = 'application/vnd.powersync.bson-stream';

/** The encoder for an `Accept` header. `rawData`: rows travel as JSON text, else as nested objects (NDJSON only). */
export function negotiate(accept: string | undefined, rawData: boolean): Encoder {
  const bson = quality(accept, BSON);
  return bson > 0 && bson >= quality(accept, NDJSON) ? bsonEncoder : ndjsonEncoder(rawData);
}

function quality(accept: string | undefined, type: string): number {
  for (const part of (accept ?? '').split(',')) {
    const [name, ...parameters] = part.split(';').map((piece) => piece.trim());
    if (name !== type) continue;
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    return q ? Number(q.slice(2)) : 1;
  }
  return 0;
}

const ndjsonEncoder = (rawData: boolean): Encoder => ({
  contentType: NDJSON,
  encode(line) {
    if (!('data' in line)) return `${JSON.stringify(line)}\n`;
    const { bucket, after, has_more, data, next_after } = line.data;
    // Written by hand: rows are JSON text already, and parsing them only to write them again is most of the work.
    const ops = data.map((op) => opJson(op, rawData)).join(',');
    return `{"data":{"bucket":${JSON.stringify(bucket)},"after":"${after}","has_more":${has_more},"data":[${ops}],"next_after":"${next_after}"}}\n`;
  },
});

function opJson(op: Op, rawData: boolean): string {
  const head = `{"op_id":"${op.op_id}","op":"${op.op}","checksum":${op.checksum}`;
  if (op.op === 'MOVE' || op.op === 'CLEAR') return `${head}}`;
  const data = op.data === null ? 'null' : rawData ? JSON.stringify(op.data) : op.data;
  return `${head},"object_type":${JSON.stringify(op.type)},"object_id":${JSON.stringify(op.id)},"subkey":${JSON.stringify(op.subkey)},"data":${data}}`;
}

const bsonEncoder: Encoder = {
  contentType: BSON,
  encode(line) {
    if (!('data' in line)) return serialize(line);
    const { after, data, next_after, ...rest } = line.data;
    return serialize({
      data: { ...rest, after: String(after), data: data.map(opDocument), next_after: String(next_after) },
    });
  },
};

function opDocument(op: Op): Record<string, unknown> {
  const head = { op_id: String(op.op_id), op: op.op, checksum: op.checksum };
  if (op.op === 'MOVE' || op.op === 'CLEAR') return head;
  return { ...head, object_type: op.type, object_id: op.id, subkey: op.subkey, data: op.data };
}
