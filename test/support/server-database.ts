import { pino } from 'pino';
import { z } from 'zod';
import { createPool } from '../../server/db/pool.ts';
import { openDatabases } from '../../server/embedded/databases.ts';

const ticketRow = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  priority: z.string(),
  estimate: z.number().nullable(),
  description_text: z.string(),
});
export type StoredTicket = z.infer<typeof ticketRow>;

/** What a running test server has in Postgres. */
export interface ServersDatabase {
  ticket(id: string): Promise<StoredTicket>;
  ticketIdByTitle(title: string): Promise<string>;
  commentsOn(ticketTitle: string): Promise<string[]>;
  close(): Promise<void>;
}

export async function openServersDatabase(dataDir: string): Promise<ServersDatabase> {
  const { url } = await openDatabases({
    databaseUrl: null,
    dataDir,
    embeddedEngine: false,
    log: pino({ level: 'silent' }),
    say: () => undefined,
    whenInUse: 'join',
  });
  const pool = createPool(url, { max: 1 });
  const columns = 'id, title, status, priority, estimate, description_text';
  return {
    async ticket(id) {
      const { rows } = await pool.query(`SELECT ${columns} FROM tickets WHERE id = $1`, [id]);
      return ticketRow.parse(rows[0]);
    },
    async ticketIdByTitle(title) {
      const { rows } = await pool.query(`SELECT ${columns} FROM tickets WHERE title = $1`, [title]);
      return ticketRow.parse(rows[0]).id;
    },
    async commentsOn(ticketTitle) {
      const { rows } = await pool.query(
        'SELECT body FROM comments WHERE ticket_id = (SELECT id FROM tickets WHERE title = $1) ORDER BY created_at',
        [ticketTitle],
      );
      return z
        .array(z.object({ body: z.string() }))
        .parse(rows)
        .map(({ body }) => body);
    },
    close: () => pool.end(),
  };
}
