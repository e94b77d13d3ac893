import type pg from 'pg';
import { z } from 'zod';
import { IMAGE_TYPES, type ImageType, MAX_TICKET_IMAGE_BYTES } from '../../shared/protocol/images.ts';
import { PLACES, type Place } from './image-store.ts';

/** All SQL about images but their bytes. */

export interface NewImage {
  readonly id: string;
  readonly projectId: string;
  readonly ticketId: string;
  readonly contentType: ImageType;
  /** Bytes. */
  readonly size: number;
  readonly sha256: Buffer;
  readonly createdBy: string;
  readonly place: Place;
}

export type Claim =
  /** Put its bytes at this place, then `finishImage`. */
  | { readonly kind: 'claimed'; readonly place: Place }
  | { readonly kind: 'there already' }
  /** The id belongs to another image. */
  | { readonly kind: 'taken' }
  /** The ticket's images would have more than MAX_TICKET_IMAGE_BYTES together. */
  | { readonly kind: 'full' };

const claimedRow = z.object({ place: z.enum(PLACES), is_same: z.boolean(), is_stored: z.boolean() });

/** Takes an id and the room for an image. Claiming it again after a failure goes on where that was. */
export async function claimImage(tx: pg.ClientBase, image: NewImage): Promise<Claim> {
  const { id, ticketId, sha256, size, place } = image;
  // One image of a ticket at a time, or two would both take the last room.
  await tx.query('SELECT 1 FROM tickets WHERE id = $1 FOR NO KEY UPDATE', [ticketId]);
  // Waits for a sweep that is deleting bytes of this id, and keeps the next one from it.
  await tx.query('DELETE FROM image_leftovers WHERE id = $1', [id]);
  const { rows } = await tx.query(
    `SELECT place, stored_at IS NOT NULL AS is_stored, ticket_id = $2 AND sha256 = $3 AS is_same
     FROM images WHERE id = $1`,
    [id, ticketId, sha256],
  );
  const known = claimedRow.optional().parse(rows[0]);
  if (known && !known.is_same) return { kind: 'taken' };
  if (known) return known.is_stored ? { kind: 'there already' } : { kind: 'claimed', place: known.place };
  if ((await sizeOfAll(tx, ticketId)) + size > MAX_TICKET_IMAGE_BYTES) return { kind: 'full' };
  return (await insertImage(tx, image)) ? { kind: 'claimed', place } : { kind: 'taken' };
}

async function sizeOfAll(tx: pg.ClientBase, ticketId: string): Promise<number> {
  const { rows } = await tx.query(
    'SELECT coalesce(sum(size), 0)::bigint AS size FROM images WHERE ticket_id = $1',
    [ticketId],
  );
  return z.object({ size: z.number() }).parse(rows[0]).size;
}

async function insertImage(tx: pg.ClientBase, image: NewImage): Promise<boolean> {
  const { id, projectId, ticketId, contentType, size, sha256, createdBy, place } = image;
  const { rowCount } = await tx.query(
    `INSERT INTO images (id, project_id, ticket_id, content_type, size, sha256, created_by, place)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [id, projectId, ticketId, contentType, size, sha256, createdBy, place],
  );
  return rowCount === 1;
}

/** Its bytes are where it was claimed for. False when the claim is gone meanwhile: nothing was promised. */
export async function finishImage(pool: pg.Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('UPDATE images SET stored_at = now() WHERE id = $1', [id]);
  return rowCount === 1;
}

const aboutRow = z.object({
  project_id: z.string(),
  content_type: z.enum(IMAGE_TYPES),
  size: z.number(),
  place: z.enum(PLACES),
});

/** An image whose bytes are there. */
export async function readAbout(pool: pg.Pool, imageId: string) {
  const { rows } = await pool.query(
    'SELECT project_id, content_type, size, place FROM images WHERE id = $1 AND stored_at IS NOT NULL',
    [imageId],
  );
  const row = aboutRow.optional().parse(rows[0]);
  if (!row) return null;
  return { projectId: row.project_id, contentType: row.content_type, size: row.size, place: row.place };
}

/** Gives up what was claimed and never finished; whoever has the image may claim it anew. */
export async function dropUnfinished(pool: pg.Pool): Promise<void> {
  await pool.query("DELETE FROM images WHERE stored_at IS NULL AND created_at < now() - interval '1 day'");
}

const leftoverRow = z.object({ id: z.string(), place: z.enum(PLACES) });
export type Leftover = z.output<typeof leftoverRow>;

/** Some of what waits to be deleted at these places; locked until the transaction ends. */
export async function takeLeftovers(tx: pg.ClientBase, places: readonly Place[]): Promise<Leftover[]> {
  const { rows } = await tx.query(
    'SELECT id, place FROM image_leftovers WHERE place = ANY($1::text[]) LIMIT 100 FOR UPDATE SKIP LOCKED',
    [places],
  );
  return z.array(leftoverRow).parse(rows);
}

/** Their bytes are deleted. */
export async function forgetLeftovers(tx: pg.ClientBase, leftovers: readonly Leftover[]): Promise<void> {
  const ids = leftovers.map(({ id }) => id);
  await tx.query('DELETE FROM image_leftovers WHERE id = ANY($1::uuid[])', [ids]);
}
