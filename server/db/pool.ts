import pg from 'pg';

export interface PoolOptions {
  /** Connections kept at most. */
  readonly max?: number;
  /** Connections kept while idle; by itself the pool closes every one after 10 s. */
  readonly min?: number;
  /** Hears of connections that broke while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/**
 * A pool whose rows speak the domain's types: `date` comes as 'YYYY-MM-DD' (a calendar day has no time zone),
 * `bigint` as a number (ours stay far below 2^53), `timestamptz` as a Date.
 */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    min: options.min ?? 0,
    connectionTimeoutMillis: 10_000,
    types: domainTypes(),
  });
  // Without listeners, a server that restarts would end this process: the pool hears of idle connections,
  // each connection of its own loss while somebody works with it (whose query fails as well).
  pool.on('error', (error) => options.onIdleError?.(error));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Making a connection takes longer than most of what people wait for: these stand before the first one comes. */
const KEPT_CONNECTIONS = 4;

/** The pool of a serving process, with a few connections open already. */
export async function createServerPool(
  url: string,
  options: Pick<PoolOptions, 'onIdleError'> = {},
): Promise<pg.Pool> {
  const pool = createPool(url, { ...options, max: 20, min: KEPT_CONNECTIONS });
  const opened = await Promise.all(Array.from({ length: KEPT_CONNECTIONS }, () => pool.connect()));
  for (const connection of opened) connection.release();
  return pool;
}

/** Runs `work` in one transaction: commits what it returns, rolls back what it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query('COMMIT');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away, not reused.
    await tx.query('ROLLBACK').catch((rollbackError: Error) => {
      broken = rollbackError;
    });
    throw error;
  } finally {
    tx.release(broken);
  }
}

function domainTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.DATE, (text) => text);
  types.setTypeParser(pg.types.builtins.INT8, Number);
  return types;
}
