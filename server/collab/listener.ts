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
  readonly channels: readonly Channel[];
}

/** Somebody who listens to one channel of the database. */
export interface Channel {
  /** A plain identifier. */
  readonly name: string;
  heard(payload: string): void;
  /** After every connection but the first: what was said in between was missed. */
  missed(): void;
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
    connected.on('notification', (said) => {
      deps.channels.find(({ name }) => name === said.channel)?.heard(said.payload ?? '');
    });
    try {
      for (const { name } of deps.channels) await connected.query(`LISTEN ${name}`);
      client = connected;
    } catch (error) {
      lose(error instanceof Error ? error : undefined);
    }
  }

  function retry(): void {
    deps.log.warn(`Lost the connection that listens to Postgres; trying again in ${RETRY_MS} ms.`);
    timer = setTimeout(() => {
      connect().then(
        () => {
          if (client) for (const channel of deps.channels) channel.missed();
        },
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

/** A payload that should be JSON, for a schema to judge; null where it is none. */
export function readJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
