import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Problem } from '../http/problem.ts';
import type { ImageStore } from './image-store.ts';

export interface BucketOptions {
  readonly bucket: string;
  /** Before each image's id; empty, or ends with a slash. */
  readonly prefix: string;
  /** Null: Amazon's own for the region. */
  readonly endpoint: string | null;
  readonly region: string;
}

export interface BucketKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A person waits: rather an answer that it did not work than none. */
const TIMES = { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true };
const DELETES_AT_ONCE = 10;

/**
 * Images as objects of a private bucket, in Amazon S3 or any service that speaks its protocol. Without `credentials`
 * they are sought where every program for S3 seeks them: in the AWS_* variables, then in the machine's role.
 */
export function createBucketImages(
  { bucket, prefix, endpoint, region }: BucketOptions,
  credentials?: BucketKeys,
): ImageStore {
  const client = new S3Client({
    region,
    // Services beside Amazon's seldom have a host name for each bucket.
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // Newer checksums than the signature's own are unknown to many compatible services.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: TIMES,
  });
  const at = (id: string) => ({ Bucket: bucket, Key: `${prefix}${id}` });

  return {
    async put({ id, bytes, contentType }) {
      const object = { ...at(id), Body: bytes, ContentLength: bytes.length, ContentType: contentType };
      await client.send(new PutObjectCommand(object)).catch(fail);
    },
    async get(id) {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(id)));
        return Body instanceof Readable ? Body : null;
      } catch (error) {
        return error instanceof NoSuchKey ? null : fail(error);
      }
    },
    async delete(ids) {
      // One by one: deleting many with one request is not part of every compatible service.
      for (let from = 0; from < ids.length; from += DELETES_AT_ONCE) {
        const some = ids.slice(from, from + DELETES_AT_ONCE);
        await Promise.all(some.map((id) => client.send(new DeleteObjectCommand(at(id))))).catch(fail);
      }
    },
  };
}

/** Tells an answer that stays the same until somebody changes the set-up from a fault that passes. */
function fail(cause: unknown): never {
  if (needsSetUp(cause)) throw new Problem(502, 'image_store_refused', REFUSED, { cause });
  throw new Problem(503, 'image_store_away', AWAY, { cause });
}

function needsSetUp(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) {
    return error instanceof Error && error.name === 'CredentialsProviderError';
  }
  const status = error.$metadata.httpStatusCode ?? 500;
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

const REFUSED =
  'The server is not allowed to use its image store. Whoever runs this server finds the reason in its log.';
const AWAY = 'The server cannot reach its image store just now.';
