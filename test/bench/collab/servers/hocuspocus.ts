import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import pg from 'pg';
import { databaseUrl, report } from './report.ts';

/** Hocuspocus with its defaults, and its database extension on Postgres as its documentation shows it. */
const pool = new pg.Pool({ connectionString: databaseUrl(), max: 20 });
await pool.query('CREATE TABLE IF NOT EXISTS documents (name text PRIMARY KEY, data bytea NOT NULL)');
const server = new Server({
  quiet: true,
  stopOnSignals: false,
  address: '127.0.0.1',
  port: 0,
  extensions: [
    new Database({
      async fetch({ documentName }) {
        const { rows } = await pool.query('SELECT data FROM documents WHERE name = $1', [documentName]);
        return rows[0]?.data ?? null;
      },
      async store({ documentName, state }) {
        await pool.query(
          'INSERT INTO documents VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET data = excluded.data',
          [documentName, state],
        );
      },
    }),
  ],
});
await server.listen();
report(server.address.port);
