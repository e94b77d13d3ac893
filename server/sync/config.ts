import './group-by.ts';
import { createHash } from 'node:crypto';
import { JSONBig } from '@powersync/service-jsonbig';
import {
  BaseJwtPayload,
  type BucketPriority,
  type HydratedSyncConfig,
  type HydrationState,
  isValidPriority,
  type RequestedStream,
  RequestParameters,
  type ResolvedBucket,
  type SqliteInputValue,
  type SqliteJsonRow,
  SqlSyncRules,
} from '@powersync/service-sync-rules';
import type { JWTPayload } from 'jose';
import type { Logger } from 'pino';
import type { ParameterChange } from './operations.ts';
import type { Tuple } from './pgoutput.ts';
import type { SourceTable } from './source-table.ts';
import { toSqlite } from './values.ts';
import type { StreamState, SyncRequest } from './wire.ts';

/** The sync config (edition 3 YAML). This file is the only user of its official parser and evaluator. */
export interface SyncConfig {
  readonly hash: string;
  usesTable(schema: string, name: string): boolean;
  /** Binds the config to one life of the storage: every bucket's name begins with `prefix`. */
  hydrate(prefix: string): BoundConfig;
}

export interface BoundConfig {
  /** What one source row puts into buckets and into the parameter index. Pure: the same row always gives the same result. */
  evaluate(table: SourceTable, row: Tuple): Evaluated;
  /** How one connection's buckets follow from its token, its parameters and the parameter index. */
  plan(token: JWTPayload, request: SyncRequest): BucketPlan;
}

export interface Evaluated {
  data: BucketRow[];
  parameters: (ParameterChange & { rows: string })[];
}

export interface BucketRow {
  bucket: string;
  type: string;
  id: string;
  subkey: string;
  data: string;
}

export interface BucketPlan {
  streams: StreamState[];
  /** `lookup` gives the parameter index's entries of one key, as JSON. */
  resolve(lookup: (key: string) => string[]): Promise<ClientBucket[]>;
}

export interface ClientBucket {
  bucket: string;
  priority: number;
  subscriptions: ({ default: number } | { sub: number })[];
}

const CONNECTION = 'default';
const KEY_SEPARATOR = '\u0001';

/** Throws, with the place in the YAML, when the config cannot be used. */
export function createSyncConfig(yaml: string, log: Logger): SyncConfig {
  const { config, errors } = SqlSyncRules.fromYaml(yaml, { defaultSchema: 'public', throwOnError: true });
  for (const error of errors) log.warn({ error: error.message }, 'sync config: warning');
  return {
    hash: createHash('sha256').update(yaml).digest('hex'),
    usesTable(schema, name) {
      const table = { connectionTag: CONNECTION, schema, name };
      return config.tableSyncsData(table) || config.tableSyncsParameters(table);
    },
    hydrate(prefix) {
      const hydrated = config.hydrate({ hydrationState: prefixedNames(prefix), sqlite: null });
      return {
        evaluate: (table, row) => evaluate(hydrated, table, row, log),
        plan: (token, request) => planBuckets(hydrated, token, request),
      };
    },
  };
}

const prefixedNames = (prefix: string): HydrationState => ({
  getBucketSourceScope: (source) => ({ bucketPrefix: `${prefix}#${source.uniqueName}`, source }),
  getParameterIndexLookupScope: (source) => ({ ...source.sourceId, source }),
});

function evaluate(hydrated: HydratedSyncConfig, table: SourceTable, row: Tuple, log: Logger): Evaluated {
  const input: Record<string, SqliteInputValue> = {};
  table.columns.forEach((column, i) => {
    input[column.name] = toSqlite(row[i] ?? null, column.baseOid);
  });
  const record = hydrated.applyRowContext<never>(input);
  const sourceTable = { connectionTag: CONNECTION, schema: table.schema, name: table.name };
  const source = `${table.id}/${keyOf(table, row)}`;
  const data = hydrated.evaluateRowWithErrors({ sourceTable, record });
  const parameters = hydrated.evaluateParameterRowWithErrors(sourceTable, record);
  for (const { error } of [...data.errors, ...parameters.errors]) {
    log.warn({ table: table.name, row: source, error }, 'sync config: a row could not be evaluated');
  }
  return {
    data: data.results.map((result) => ({
      bucket: result.bucket,
      type: result.table,
      id: result.id,
      subkey: source,
      data: JSONBig.stringify(result.data),
    })),
    parameters: parameters.results.map((result) => ({
      lookup: result.lookup.serializedRepresentation,
      source,
      rows: JSONBig.stringify(result.bucketParameters),
    })),
  };
}

/** A row of a table without primary key is known by all its values. */
function keyOf(table: SourceTable, row: Tuple): string {
  if (table.key.length === 0) return createHash('sha1').update(JSON.stringify(row)).digest('hex');
  return table.key
    .map((name) => row[table.columns.findIndex((column) => column.name === name)])
    .join(KEY_SEPARATOR);
}

function planBuckets(hydrated: HydratedSyncConfig, token: JWTPayload, request: SyncRequest): BucketPlan {
  const defaults = request.streams?.include_defaults ?? true;
  const requested = requestedStreams(request);
  const { querier, errors } = hydrated.getBucketParameterQuerier({
    globalParameters: new RequestParameters(new BaseJwtPayload(token), request.parameters ?? {}),
    hasDefaultStreams: defaults,
    streams: requested,
  });
  const streams = hydrated.bucketSourceDefinitions
    .filter((source) => (source.subscribedToByDefault && defaults) || source.name in requested)
    .map((source) => ({
      name: source.name,
      is_default: source.subscribedToByDefault,
      errors: errors
        .filter((error) => error.descriptor === source.name)
        .map(({ subscription, message }) => ({
          subscription: subscription ? subscription.opaque_id : ('default' as const),
          message,
        })),
    }));
  const indexOf = (definition: string) => streams.findIndex((stream) => stream.name === definition);
  return {
    streams,
    async resolve(lookup) {
      const dynamic = querier.hasDynamicBuckets
        ? await querier.queryDynamicBucketDescriptions({
            getParameterSets: async (lookups) =>
              lookups.map((wanted) => ({
                lookup: wanted,
                rows: lookup(wanted.serializedRepresentation).flatMap(parseParameterRows),
              })),
          })
        : [];
      return mergeBuckets([...querier.staticBuckets, ...dynamic], indexOf);
    },
  };
}

function requestedStreams(request: SyncRequest): Record<string, RequestedStream[]> {
  const streams: Record<string, RequestedStream[]> = Object.create(null);
  request.streams?.subscriptions.forEach((subscription, i) => {
    streams[subscription.stream] ??= [];
    streams[subscription.stream]?.push({
      opaque_id: i,
      parameters: subscription.parameters ? streamParameters(subscription.parameters) : null,
      priorityOverride: priorityOf(subscription.override_priority),
    });
  });
  return streams;
}

/** As the evaluator keeps them: SQLite has no booleans, and lists and objects are JSON text there. */
function streamParameters(parameters: Record<string, unknown>): SqliteJsonRow {
  const row: SqliteJsonRow = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null) row[name] = null;
    else if (typeof value === 'string' || typeof value === 'number') row[name] = value;
    else row[name] = typeof value === 'boolean' ? Number(value) : JSON.stringify(value);
  }
  return row;
}

const priorityOf = (value: number | null | undefined): BucketPriority | null =>
  typeof value === 'number' && isValidPriority(value) ? value : null;

/** Parameter rows that {@link evaluate} wrote; integers come back as bigint, as the evaluator wants them. */
function parseParameterRows(json: string): SqliteJsonRow[] {
  const rows: unknown = JSONBig.parse(json);
  if (!Array.isArray(rows))
    throw new Error('The parameter index holds something that is not a list of rows.');
  return rows;
}

/** One bucket may be asked for by several streams: it is synced once, as urgently as the most urgent asks. */
function mergeBuckets(buckets: ResolvedBucket[], indexOf: (definition: string) => number): ClientBucket[] {
  const merged = new Map<string, ClientBucket>();
  for (const { bucket, priority, definition, inclusion_reasons } of buckets) {
    const subscriptions = inclusion_reasons.map((reason) =>
      reason === 'default' ? { default: indexOf(definition) } : { sub: reason.subscription },
    );
    const known = merged.get(bucket);
    if (known) {
      known.priority = Math.min(known.priority, priority);
      known.subscriptions.push(...subscriptions);
    } else {
      merged.set(bucket, { bucket, priority, subscriptions });
    }
  }
  return [...merged.values()];
}
