import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { createTestDatabase, type TestDatabase } from './postgres.ts';
import { uploadApp } from './uploads.ts';

/** Runs the upload's routes on a database of their own for all tests of a file. */
export function runUploads(): { readonly pool: pg.Pool; readonly app: FastifyInstance } {
  let database: TestDatabase;
  let app: FastifyInstance;
  beforeAll(async () => {
    database = await createTestDatabase();
    app = await uploadApp(database.pool);
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });
  return {
    get pool() {
      return database.pool;
    },
    get app() {
      return app;
    },
  };
}
