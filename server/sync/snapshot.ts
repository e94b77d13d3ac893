import pg from 'pg';
import type { Tuple } from './pgoutput.ts';
import type { SourceTable } from './source-table.ts';

const ROWS_PER_PAGE = 2000;

export interface SnapshotOptions {
  url: string;
  /** The name that `CREATE_REPLICATION_SLOT` exported. */
  snapshot: string;
  tables: readonly SourceTable[];
}

export interface SnapshotPage {
  table: SourceTable;
  rows: Tuple[];
}

/** All rows of the tables as they were at the moment the slot was made, as text, page by page. */
export async function* readSnapshot({
  url,
  snapshot,
  tables,
}: SnapshotOptions): AsyncGenerator<SnapshotPage> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c TimeZone=UTC -c DateStyle=ISO -c extra_float_digits=1 -c bytea_output=hex',
    types: { getTypeParser: () => (text: string) => text },
  });
  // A lost connection fails the query that waits for it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(snapshot)}`);
    for (const table of tables) {
      await client.query(`DECLARE page NO SCROLL CURSOR FOR ${selectAll(table)}`);
      for (;;) {
        const { rows } = await client.query<(string | null)[]>({
          text: `FETCH ${ROWS_PER_PAGE} FROM page`,
          rowMode: 'array',
        });
        if (rows.length === 0) break;
        yield { table, rows };
      }
      await client.query('CLOSE page');
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

function selectAll(table: SourceTable): string {
  const columns = table.columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const from = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;
  return `SELECT ${columns} FROM ONLY ${from}${table.rowFilter === null ? '' : ` WHERE ${table.rowFilter}`}`;
}
