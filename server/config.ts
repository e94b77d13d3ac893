import path from 'node:path';
import { z } from 'zod';

/** What the environment says, parsed once; nothing else reads it. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly dataDir: string;
  /** An external Postgres; null: the embedded one. */
  readonly databaseUrl: string | null;
  /** An external PowerSync Service; null: the embedded engine. */
  readonly powersyncUrl: string | null;
  /** The address people use, without a slash at the end; null: the one a request came to. */
  readonly publicUrl: string | null;
  /** Null: made at the first start and kept in the data directory. */
  readonly authSecret: string | null;
  /** Where images go; null: into Postgres. */
  readonly imagesBucket: ImagesBucket | null;
  /** What readers of `/metrics` send; null: only programs on this machine read them. */
  readonly metricsToken: string | null;
  readonly demo: boolean;
  readonly signUp: boolean;
  /** Believe `X-Forwarded-*` of the proxy in front. */
  readonly trustProxy: boolean;
  /** Off when `npm run dev` serves the client itself. */
  readonly serveClient: boolean;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** A bucket of Amazon S3, or of a service that speaks its protocol. Its keys are not here: the S3 library finds them. */
export interface ImagesBucket {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** Null: Amazon's own for the region. */
  readonly endpoint: string | null;
  readonly region: string;
}

/** `problem` is one sentence that names the variable and what to do. */
export type ConfigResult = { ok: true; config: Config } | { ok: false; problem: string };

export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  // An empty variable is what a compose file makes of one that is not set.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(set);
  if (!parsed.success) return { ok: false, problem: wordsOf(parsed.error) };
  const values = parsed.data;
  const embedded = values.DATABASE_URL === undefined;
  for (const name of ['PUBLIC_URL', 'AUTH_SECRET'] as const) {
    if (!embedded && values[name] === undefined) return { ok: false, problem: missing(name) };
  }
  return {
    ok: true,
    config: {
      host: values.HOST,
      port: values.PORT,
      dataDir: path.resolve(values.REJOIN_DATA_DIR),
      databaseUrl: values.DATABASE_URL ?? null,
      powersyncUrl: values.POWERSYNC_URL ?? null,
      publicUrl: values.PUBLIC_URL ?? null,
      authSecret: values.AUTH_SECRET ?? null,
      imagesBucket: values.REJOIN_IMAGES && {
        ...values.REJOIN_IMAGES,
        region: values.REJOIN_IMAGES.region ?? values.AWS_REGION,
      },
      metricsToken: values.REJOIN_METRICS_TOKEN ?? null,
      demo: values.REJOIN_DEMO ?? embedded,
      signUp: values.REJOIN_SIGN_UP,
      trustProxy: values.REJOIN_TRUST_PROXY,
      serveClient: values.REJOIN_SERVE_CLIENT,
      logLevel: values.LOG_LEVEL,
    },
  };
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const SECRET_MIN = 32;
const TOKEN_MIN = 16;
const PORT_MAX = 65_535;

const BUCKET_EXAMPLE = 's3://bucket/prefix?endpoint=https://s3.example.org&region=eu-central-1';

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d+$/, 'must be a number')
    .transform(Number)
    .pipe(z.number().max(PORT_MAX, `must be at most ${PORT_MAX}`))
    .default(3000),
  HOST: z.string().default('127.0.0.1'),
  REJOIN_DATA_DIR: z.string().default('.rejoin'),
  DATABASE_URL: address(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database')
    .refine((url) => new URL(url).pathname.length > 1, 'must name a database, like postgres://…/rejoin')
    .optional(),
  POWERSYNC_URL: address(['http:', 'https:'], 'https://sync.example.org').optional(),
  PUBLIC_URL: address(['http:', 'https:'], 'https://rejoin.example.org').optional(),
  AUTH_SECRET: z.string().min(SECRET_MIN, `must have at least ${SECRET_MIN} characters`).optional(),
  REJOIN_IMAGES: z
    .union(
      [z.literal('postgres').transform(() => null), bucketAddress()],
      `must be postgres, or ${BUCKET_EXAMPLE}`,
    )
    .default(null),
  AWS_REGION: z.string().default('us-east-1'),
  REJOIN_METRICS_TOKEN: z.string().min(TOKEN_MIN, `must have at least ${TOKEN_MIN} characters`).optional(),
  REJOIN_DEMO: onOrOff().optional(),
  REJOIN_SIGN_UP: onOrOff().default(true),
  REJOIN_TRUST_PROXY: onOrOff().default(false),
  REJOIN_SERVE_CLIENT: onOrOff().default(true),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('warn'),
});

function address(protocols: readonly string[], example: string) {
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
      error: `must be an address like ${example}`,
      abort: true,
    })
    .transform((text) => text.replace(/\/+$/, ''));
}

/** An unknown parameter is a typing error, which would otherwise send images somewhere else. */
function bucketAddress() {
  const known = z.strictObject({
    endpoint: address(['http:', 'https:'], '').optional(),
    region: z.string().optional(),
  });
  return z
    .string()
    .transform((text, context): Omit<ImagesBucket, 'region'> & { region: string | undefined } => {
      const url = /^s3:\/\/[a-z0-9][a-z0-9.-]+/.test(text) && URL.canParse(text) ? new URL(text) : null;
      const query = known.safeParse(Object.fromEntries(url?.searchParams ?? []));
      if (url === null || !query.success) {
        context.addIssue('not a bucket');
        return z.NEVER;
      }
      const prefix = url.pathname.replace(/^\/+|\/+$/g, '');
      return {
        bucket: url.hostname,
        prefix: prefix === '' ? '' : `${prefix}/`,
        endpoint: query.data.endpoint ?? null,
        region: query.data.region,
      };
    });
}

function onOrOff() {
  return z.enum(['0', '1'], 'must be 0 or 1').transform((text) => text === '1');
}

/** Never repeats the value: it may be a secret. */
function wordsOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ');
}

const missing = (name: string): string =>
  `${name} is needed when DATABASE_URL is set: several nodes and a database of your own must agree on it`;
