import { describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../../server/config.ts';

const EXTERNAL = {
  DATABASE_URL: 'postgres://rejoin:hush-hush@db.example.org/rejoin',
  PUBLIC_URL: 'https://rejoin.example.org',
  AUTH_SECRET: 'a-unit-test-secret-of-32-characters!!',
};

function accepted(env: Record<string, string>): Config {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problem);
  return read.config;
}

function refused(env: Record<string, string>): string {
  const read = readConfig(env);
  return read.ok ? '(accepted)' : read.problem;
}

describe('the configuration', () => {
  test('needs nothing on a fresh machine', () => {
    expect(accepted({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: null,
      powersyncUrl: null,
      publicUrl: null,
      imagesBucket: null,
      authSecret: null,
      demo: true,
      signUp: true,
      trustProxy: false,
    });
  });

  test('shows no demo on an external database, unless asked to', () => {
    expect(accepted(EXTERNAL).demo).toBe(false);
    expect(accepted({ ...EXTERNAL, REJOIN_DEMO: '1' }).demo).toBe(true);
    expect(accepted({ REJOIN_DEMO: '0' }).demo).toBe(false);
  });

  test('takes an empty variable as one that is not set', () => {
    expect(accepted({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 3000, databaseUrl: null });
  });

  test('drops the slash at the end of an address, so that paths can be put behind it', () => {
    expect(accepted({ PUBLIC_URL: 'http://localhost:3000/' }).publicUrl).toBe('http://localhost:3000');
  });

  test('reads where images go, with the region of the address before that of the machine', () => {
    const bucket = (REJOIN_IMAGES: string, env = {}) => accepted({ REJOIN_IMAGES, ...env }).imagesBucket;
    expect(bucket('postgres')).toBeNull();
    expect(bucket('s3://pictures')).toEqual({
      bucket: 'pictures',
      prefix: '',
      endpoint: null,
      region: 'us-east-1',
    });
    const elsewhere = { AWS_REGION: 'eu-north-1' };
    expect(bucket('s3://my.pictures/of/rejoin/?endpoint=https://s3.example.org:9000/', elsewhere)).toEqual({
      bucket: 'my.pictures',
      prefix: 'of/rejoin/',
      endpoint: 'https://s3.example.org:9000',
      region: 'eu-north-1',
    });
    expect(bucket('s3://pictures?region=auto', elsewhere)?.region).toBe('auto');
  });

  test.each([
    [{ REJOIN_IMAGES: 's3://' }, 'REJOIN_IMAGES must be postgres, or s3://'],
    [{ REJOIN_IMAGES: 'https://s3.example.org/pictures' }, 'REJOIN_IMAGES must be postgres, or s3://'],
    [{ REJOIN_IMAGES: 's3://pictures?endpoint=s3.example.org' }, 'REJOIN_IMAGES must be postgres, or s3://'],
    [{ REJOIN_IMAGES: 's3://pictures?endpont=https://s3.example.org' }, 'REJOIN_IMAGES must be postgres'],
    [{ PORT: 'abc' }, 'PORT must be a number'],
    [{ PORT: '-1' }, 'PORT must be a number'],
    [{ PORT: '70000' }, 'PORT must be at most 65535'],
    [{ REJOIN_DEMO: 'yes' }, 'REJOIN_DEMO must be 0 or 1'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of'],
    [{ PUBLIC_URL: 'rejoin.example.org' }, 'PUBLIC_URL must be an address like'],
    [{ POWERSYNC_URL: 'ftp://sync' }, 'POWERSYNC_URL must be an address like'],
    [{ DATABASE_URL: 'mysql://db/rejoin' }, 'DATABASE_URL must be an address like postgres://'],
    [{ ...EXTERNAL, DATABASE_URL: 'postgres://db.example.org' }, 'DATABASE_URL must name a database'],
    [{ DATABASE_URL: EXTERNAL.DATABASE_URL }, 'PUBLIC_URL is needed when DATABASE_URL is set'],
    [{ ...EXTERNAL, AUTH_SECRET: '' }, 'AUTH_SECRET is needed when DATABASE_URL is set'],
    [{ AUTH_SECRET: 'short' }, 'AUTH_SECRET must have at least 32 characters'],
    [{ REJOIN_METRICS_TOKEN: 'short' }, 'REJOIN_METRICS_TOKEN must have at least 16 characters'],
  ])('is refused with words that name the variable: %j', (env, words) => {
    expect(refused(env)).toContain(words);
  });

  test('never repeats a secret', () => {
    expect(refused({ ...EXTERNAL, AUTH_SECRET: 'hush-hush' })).not.toContain('hush');
    expect(refused({ DATABASE_URL: 'postgres//rejoin:hush-hush@db' })).not.toContain('hush');
  });
});
