import pg from 'pg';
import { formatLsn, parseLsn } from './lsn.ts';
import { decodeCopyData, type Message } from './pgoutput.ts';

/** Source changes in commit order. */
export interface ChangeStream {
  /** Waits for the next run of messages, never empty. Throws once the connection is lost or closed. */
  take(): Promise<Message[]>;
  /** Everything before `lsn` is stored durably. Never say more: Postgres forgets what is acknowledged. */
  acknowledge(lsn: bigint): void;
}

export interface ReplicationStream extends ChangeStream {
  /** Tells one cluster from another: a storage must never be used with another cluster's positions. */
  systemId(): Promise<string>;
  /** The snapshot stays valid until {@link start}. */
  createSlot(slot: string): Promise<{ snapshot: string; lsn: bigint }>;
  start(slot: string, from: bigint, publication: string): void;
  close(): void;
}

/** Above this, the socket is paused until the reader has caught up: memory stays flat under any backlog. */
const MAX_QUEUED_BYTES = 4 << 20;
/** Well within Postgres' default `wal_sender_timeout` of 60 s. */
const STATUS_INTERVAL_MS = 5_000;

/** Opens a replication connection of its own: `pg-logical-replication` acknowledges positions that are not stored yet. */
export async function openReplicationStream(url: string): Promise<ReplicationStream> {
  const options = {
    connectionString: url,
    replication: 'database',
    keepAlive: true,
    application_name: 'rejoin-sync',
    options: '-c TimeZone=UTC -c DateStyle=ISO -c extra_float_digits=1 -c bytea_output=hex',
  };
  const client = new pg.Client(options);
  const inbox = createInbox({
    pause: () => client.connection.stream.pause(),
    resume: () => client.connection.stream.resume(),
  });
  client.on('error', inbox.fail);
  await client.connect();

  let acknowledged = 0n;
  let statusTimer: NodeJS.Timeout | undefined;
  const sendStatus = () => {
    const { stream } = client.connection;
    if (!inbox.failed && stream.writable) stream.write(statusUpdate(acknowledged, Date.now()));
  };

  return {
    take: inbox.take,
    acknowledge(lsn) {
      acknowledged = lsn;
      sendStatus();
    },
    async systemId() {
      const { rows } = await client.query<{ systemid: string }>('IDENTIFY_SYSTEM');
      return rows[0]?.systemid ?? '';
    },
    async createSlot(slot) {
      const { rows } = await client.query<{ snapshot_name: string; consistent_point: string }>(
        `CREATE_REPLICATION_SLOT ${pg.escapeIdentifier(slot)} LOGICAL pgoutput (SNAPSHOT 'export')`,
      );
      const made = rows[0];
      if (!made) throw new Error(`Postgres did not describe the replication slot ${slot} it made.`);
      return { snapshot: made.snapshot_name, lsn: parseLsn(made.consistent_point) };
    },
    start(slot, from, publication) {
      acknowledged = from;
      client.connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
        const message = decodeCopyData(chunk);
        if (message.kind === 'keepalive' && message.reply) sendStatus();
        inbox.push(message, chunk.length);
      });
      client
        .query(
          `START_REPLICATION SLOT ${pg.escapeIdentifier(slot)} LOGICAL ${formatLsn(from)} (proto_version '1', publication_names ${pg.escapeLiteral(pg.escapeIdentifier(publication))}, messages 'true')`,
        )
        .then(() => inbox.fail(new Error('Postgres ended the replication stream.')), inbox.fail);
      statusTimer = setInterval(sendStatus, STATUS_INTERVAL_MS);
    },
    close() {
      clearInterval(statusTimer);
      inbox.fail(new Error('The replication stream was closed.'));
      client.connection.stream.destroy();
    },
  };
}

/** Standby status update. Source: PostgreSQL documentation, "Streaming Replication Protocol". */
function statusUpdate(lsn: bigint, nowMs: number): Buffer {
  const frame = Buffer.alloc(5 + 34);
  frame.write('d', 0);
  frame.writeUInt32BE(4 + 34, 1);
  frame.write('r', 5);
  for (const offset of [6, 14, 22]) frame.writeBigUInt64BE(lsn, offset);
  const microsecondsSince2000 = BigInt(nowMs - Date.UTC(2000, 0, 1)) * 1000n;
  frame.writeBigInt64BE(microsecondsSince2000, 30);
  return frame;
}

interface Inbox {
  push(message: Message, bytes: number): void;
  take(): Promise<Message[]>;
  fail(error: Error): void;
  readonly failed: boolean;
}

function createInbox(flow: { pause(): void; resume(): void }): Inbox {
  let queue: Message[] = [];
  let bytesQueued = 0;
  let paused = false;
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  return {
    get failed() {
      return failure !== null;
    },
    push(message, bytes) {
      queue.push(message);
      bytesQueued += bytes;
      if (bytesQueued > MAX_QUEUED_BYTES && !paused) {
        paused = true;
        flow.pause();
      }
      wake?.();
    },
    async take() {
      while (queue.length === 0) {
        if (failure) throw failure;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      const run = queue;
      queue = [];
      bytesQueued = 0;
      if (paused) {
        paused = false;
        flow.resume();
      }
      return run;
    },
    fail(error) {
      failure ??= error;
      wake?.();
    },
  };
}
