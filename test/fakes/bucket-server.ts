import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { readAuthorization, sha256, signatureOf } from '../support/signature-v4.ts';

export interface BucketServer {
  readonly endpoint: string;
  /** What it holds, by key. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Answers everything with this status from now on; null: works again. */
  failWith(status: number | null): void;
  close(): Promise<void>;
}

export interface StoredObject {
  readonly body: Buffer;
  readonly contentType: string;
}

export const BUCKET = 'pictures';
export const KEYS = { accessKeyId: 'rejoin', secretAccessKey: 'a secret of the tests' };
const LATE_MS = 15 * 60_000;

/** The part of S3 that one private bucket needs. Like S3 it believes nobody whose signature does not fit. */
export async function startBucketServer(): Promise<BucketServer> {
  const objects = new Map<string, StoredObject>();
  let failure: number | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const key = keyOf(request.url);
    if (failure !== null) return refuse(response, failure, 'InternalError');
    const refusal = refusalOf(request, body);
    if (refusal !== null) return refuse(response, 403, refusal);
    if (key === null) return refuse(response, 404, 'NoSuchBucket');
    const contentType = request.headers['content-type'] ?? 'application/octet-stream';
    const object = objects.get(key);
    switch (request.method) {
      case 'PUT':
        objects.set(key, { body, contentType });
        return void response.writeHead(200, { etag: '"1"' }).end();
      case 'GET':
        if (!object) return refuse(response, 404, 'NoSuchKey');
        return void response.writeHead(200, { 'content-type': object.contentType }).end(object.body);
      case 'DELETE':
        objects.delete(key);
        return void response.writeHead(204).end();
      default:
        return refuse(response, 405, 'MethodNotAllowed');
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The bucket server has no port.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    objects,
    failWith: (status) => {
      failure = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Why a request is not believed; null for one that is. */
function refusalOf({ method = '', url = '', headers }: IncomingMessage, body: Buffer): string | null {
  const signed = readAuthorization(headers.authorization);
  if (signed?.accessKeyId !== KEYS.accessKeyId) return 'InvalidAccessKeyId';
  const payloadHash = sha256(body);
  if (headers['x-amz-content-sha256'] !== payloadHash) return 'XAmzContentSHA256Mismatch';
  if (!signed.signedHeaders.includes('host') || !signed.signedHeaders.includes('x-amz-date'))
    return 'AccessDenied';
  if (Math.abs(timeOf(String(headers['x-amz-date'])) - Date.now()) > LATE_MS) return 'RequestTimeTooSkewed';
  const expected = signatureOf({ method, url, headers, payloadHash }, signed, KEYS.secretAccessKey);
  return signed.signature === expected ? null : 'SignatureDoesNotMatch';
}

/** `20130524T000000Z` */
const timeOf = (date: string): number =>
  Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

function keyOf(url = ''): string | null {
  const path = decodeURIComponent(url.split('?')[0] ?? '');
  return path.startsWith(`/${BUCKET}/`) ? path.slice(BUCKET.length + 2) : null;
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}
