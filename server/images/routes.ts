import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { fileTypeFromBuffer } from 'file-type';
import type pg from 'pg';
import { z } from 'zod';
import { type Actor, can } from '../../shared/permissions/can.ts';
import {
  type ImageType,
  imageAddress,
  isImageType,
  MAX_IMAGE_BYTES,
  type StoredImage,
} from '../../shared/protocol/images.ts';
import { type Actors, requireActor } from '../auth/actors.ts';
import { readTicket } from '../collab/store.ts';
import { inTransaction } from '../db/pool.ts';
import { Problem } from '../http/problem.ts';
import type { ImageStore, ImageStores, Place } from './image-store.ts';
import { claimImage, finishImage, type NewImage, readAbout } from './store.ts';

export interface ImageRoutesDeps {
  readonly pool: pg.Pool;
  readonly actors: Actors;
  /** New images go into the bucket, where there is one. */
  readonly stores: ImageStores;
}

/** Images in descriptions: `shared/protocol/images.ts`. */
export const imageRoutes =
  (deps: ImageRoutesDeps): FastifyPluginAsync =>
  async (app) => {
    // The body is the file, whatever its sender takes it for: only its bytes say what it is.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    app.post('/api/tickets/:id/images', { bodyLimit: MAX_IMAGE_BYTES }, (request) => receive(deps, request));
    app.get('/api/images/:id', (request, reply) => serve(deps, request, reply));
  };

async function receive(deps: ImageRoutesDeps, request: FastifyRequest): Promise<StoredImage> {
  const { pool, actors, stores } = deps;
  const actor = await requireActor(actors, request);
  const ticketId = idOf(request.params);
  const ticket = ticketId === undefined ? null : await readTicket(pool, ticketId);
  if (ticketId === undefined || !ticket || ticket.isInTrash || !actor.roles.has(ticket.projectId)) {
    throw new Problem(404, 'no_ticket', 'There is no such ticket, or it is in the trash.');
  }
  requirePermitted(actor, 'description.edit', ticket.projectId);
  const id = idOf(request.query);
  if (id === undefined) throw new Problem(400, 'bad_id', 'The parameter "id" must be a new UUID.');
  const bytes = bytesOf(request.body);
  const image: NewImage = {
    id,
    projectId: ticket.projectId,
    ticketId,
    contentType: await typeOf(bytes),
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest(),
    createdBy: actor.userId,
    place: stores.bucket ? 'bucket' : 'postgres',
  };
  await keep(deps, image, bytes);
  return { image: { id, url: imageAddress(id) } };
}

/** First the claim, then the bytes: a crash in between leaves a row that the next try or the sweep finds. */
async function keep({ pool, stores }: ImageRoutesDeps, image: NewImage, bytes: Buffer): Promise<void> {
  const claim = await inTransaction(pool, (tx) => claimImage(tx, image));
  switch (claim.kind) {
    case 'there already':
      return;
    case 'taken':
      throw new Problem(409, 'id_taken', 'Another image has this id. Insert the image again.');
    case 'full':
      throw new Problem(413, 'ticket_images_full', TICKET_FULL);
    case 'claimed':
      await storeAt(stores, claim.place).put({ ...image, bytes });
      if (!(await finishImage(pool, image.id))) throw new Problem(503, 'not_stored', NOT_STORED);
  }
}

const TICKET_FULL =
  'The images of this ticket have 100 MiB together, the most that one ticket can have. Make this image smaller, or put it into another ticket.';
const NOT_STORED = 'The server could not store the image just now.';

function storeAt(stores: ImageStores, place: Place): ImageStore {
  const store = stores[place];
  if (store) return store;
  throw new Problem(502, 'no_bucket', 'This image is in a bucket that the server does not know any more.');
}

async function serve(
  { pool, actors, stores }: ImageRoutesDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor = await requireActor(actors, request);
  const id = idOf(request.params);
  const about = id === undefined ? null : await readAbout(pool, id);
  if (id === undefined || !about || !actor.roles.has(about.projectId)) throw unknownImage();
  requirePermitted(actor, 'description.read', about.projectId);
  const headers = {
    'content-type': about.contentType,
    'content-disposition': 'inline',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    // For ever, as an id always means the same bytes; another account on this browser must ask for itself.
    'cache-control': 'private, max-age=31536000, immutable',
    vary: 'cookie',
    etag: `"${id}"`,
  };
  if (request.headers['if-none-match'] === headers.etag) return reply.headers(headers).status(304).send();
  const bytes = await storeAt(stores, about.place).get(id);
  if (bytes === null) throw unknownImage();
  return reply.headers({ ...headers, 'content-length': about.size }).send(bytes);
}

const unknownImage = () =>
  new Problem(404, 'no_image', 'There is no such image here. It may not have been sent yet.');

function requirePermitted(actor: Actor, action: 'description.read' | 'description.edit', projectId: string) {
  const verdict = can(actor, action, { projectId });
  if (!verdict.allowed) throw new Problem(403, 'no_access', verdict.reason);
}

const withId = z.object({ id: z.uuid() });
const idOf = (input: unknown): string | undefined => withId.safeParse(input).data?.id.toLowerCase();

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body) && body.length > 0) return body;
  throw new Problem(400, 'no_image', 'The body of this request must be the image.');
}

async function typeOf(bytes: Buffer): Promise<ImageType> {
  const type = (await fileTypeFromBuffer(bytes))?.mime;
  if (isImageType(type)) return type;
  throw new Problem(415, 'not_an_image', 'Only PNG, JPEG, GIF, WebP and AVIF images can be added.');
}
