import type pg from 'pg';
import { z } from 'zod';
import { IMAGE_TYPES, type ImageType } from '../../shared/protocol/images.ts';

export interface NewImage {
  readonly id: string;
  readonly projectId: string;
  readonly ticketId: string;
  readonly contentType: ImageType;
  readonly bytes: Buffer;
  readonly sha256: Buffer;
  readonly createdBy: string;
}

/** `taken`: the id belongs to another image. */
export type Stored = 'stored' | 'there already' | 'taken';

/** Sending an image again changes nothing. */
export async function storeImage(pool: pg.Pool, image: NewImage): Promise<Stored> {
  const { id, projectId, ticketId, contentType, bytes, sha256, createdBy } = image;
  const inserted = await pool.query(
    `INSERT INTO images (id, project_id, ticket_id, content_type, bytes, size, sha256, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [id, projectId, ticketId, contentType, bytes, bytes.length, sha256, createdBy],
  );
  if (inserted.rowCount === 1) return 'stored';
  const same = await pool.query('SELECT 1 FROM images WHERE id = $1 AND ticket_id = $2 AND sha256 = $3', [
    id,
    ticketId,
    sha256,
  ]);
  return same.rowCount === 1 ? 'there already' : 'taken';
}

const ticketRow = z.object({ project_id: z.string(), deleted_at: z.date().nullable() });

/** Where an image would belong; null for a ticket that does not exist. */
export async function readTicket(pool: pg.Pool, ticketId: string) {
  const { rows } = await pool.query('SELECT project_id, deleted_at FROM tickets WHERE id = $1', [ticketId]);
  const row = ticketRow.optional().parse(rows[0]);
  return row ? { projectId: row.project_id, isInTrash: row.deleted_at !== null } : null;
}

const aboutRow = z.object({ project_id: z.string(), content_type: z.enum(IMAGE_TYPES), size: z.number() });

/** Everything but the bytes, which are read only for those who may have them. */
export async function readAbout(pool: pg.Pool, imageId: string) {
  const { rows } = await pool.query('SELECT project_id, content_type, size FROM images WHERE id = $1', [
    imageId,
  ]);
  const row = aboutRow.optional().parse(rows[0]);
  return row ? { projectId: row.project_id, contentType: row.content_type, size: row.size } : null;
}

const bytesRow = z.object({ bytes: z.instanceof(Buffer) });

export async function readBytes(pool: pg.Pool, imageId: string): Promise<Buffer | null> {
  const { rows } = await pool.query('SELECT bytes FROM images WHERE id = $1', [imageId]);
  return bytesRow.optional().parse(rows[0])?.bytes ?? null;
}
