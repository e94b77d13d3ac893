import type pg from 'pg';
import { z } from 'zod';
import type { ImageStore } from './image-store.ts';

const bytesRow = z.object({ bytes: z.instanceof(Buffer) });

/** Images as rows: nothing to set up, and one backup holds everything. */
export function createPostgresImages(pool: pg.Pool): ImageStore {
  return {
    async put({ id, bytes }) {
      // What a deleted image has left under this id must never be taken for this one.
      await pool.query(
        'INSERT INTO image_bytes (id, bytes) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes',
        [id, bytes],
      );
    },
    async get(id) {
      const { rows } = await pool.query('SELECT bytes FROM image_bytes WHERE id = $1', [id]);
      return bytesRow.optional().parse(rows[0])?.bytes ?? null;
    },
    async delete(ids) {
      await pool.query('DELETE FROM image_bytes WHERE id = ANY($1::uuid[])', [ids]);
    },
  };
}
