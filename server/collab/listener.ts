import type pg from 'pg';
import type pino from 'pino';

export interface Listener {
  /** The connection that listens, for statements whose own notifications come back with their answer; null while it is lost. */
  connection(): pg.PoolClient | null;
  close(): Promise<void>;
}

export interface ListenerDeps {
  readonly pool: pg.Pool;
  readonly log: pino.Logger;
  /** Channel names; plain identifiers. */
  readonly channels: readonly string[];
  onNotification(channel: string, payload: string): void;
  /** After every connection but the first: what was said in between was missed. */
  onRestored(): void;
}

const RETRY_MS = 500;

/** Listens to Postgres for as long as it is open, through lost connections. Resolves once it listens. */
export async function startListener(deps: ListenerDeps): Promise<Listener> {
  let client: pg.PoolClient | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  async function connect(): Promise<void> {
    const connected = await deps.pool.connect();
    let isLost = false;
    const lose = (error?: Error) => {
      if (isLost) return;
      isLost = true;
      connected.release(error ?? true);
      client = null;
      if (!isClosed) retry();
    };
    connected.on('error', lose);
    connected.on('end', () => lose());
    connected.on('notification', ({ channel, payload }) => deps.onNotification(channel, payload ?? ''));
    try {
      for (const channel of deps.channels) await connected.query(`LISTEN ${channel}`);
      client = connected;
    } catch (error) {
      lose(error instanceof Error ? error : undefined);
    }
  }

  function retry(): void {
    deps.log.warn(`Lost the connection that listens to Postgres; trying again in ${RETRY_MS} ms.`);
    timer = setTimeout(() => {
      connect().then(
        () => client && deps.onRestored(),
        () => !isClosed && retry(),
      );
    }, RETRY_MS);
  }

  await connect();
  return {
    connection: () => client,
    async close() {
      isClosed = true;
      if (timer) clearTimeout(timer);
      const open = client;
      client = null;
      open?.removeAllListeners('notification');
      open?.removeAllListeners('end');
      open?.release(true);
    },
  };
}
