import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AppSchema, SYNCED_TABLES } from '../../client/local-db/schema.ts';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the local schema', () => {
  it('has a table for every stream of the sync configuration, and no other', async () => {
    expect([...(await streams()).keys()].sort()).toEqual([...SYNCED_TABLES].sort());
  });

  it('has exactly the columns that each stream sends', async () => {
    const sent = await streams();
    const held = Object.fromEntries(
      Object.entries(AppSchema.props)
        .filter(([name]) => SYNCED_TABLES.includes(name))
        .map(([name, table]) => [name, ['id', ...table.columns.map((column) => column.name)].sort()]),
    );
    expect(held).toEqual(Object.fromEntries([...sent].map(([name, columns]) => [name, [...columns].sort()])));
  });

  it('names an edit’s own columns only (C4)', () => {
    for (const name of ['tickets', 'comments', 'labels', 'ticket_labels', 'conflicts', 'notices'] as const) {
      const table = AppSchema.props[name];
      expect(table.trackPrevious).toEqual({ onlyWhenChanged: true });
      expect(table.trackMetadata).toBe(true);
    }
  });
});

/** Stream by stream, the columns that arrive; those of `SELECT *` are the ones of the migration. */
async function streams(): Promise<Map<string, string[]>> {
  const config = await read('shared/protocol/sync-config.yaml');
  const migration = await read('server/db/migrations/0002_domain.sql');
  const found = new Map<string, string[]>();
  const pattern = /^ {2}(\w+):\n(?: {4}(?!query).*\n)* {4}query:(?: >-)?\s+SELECT ([\s\S]*?)\s+FROM (\w+)/gm;
  for (const [, name, list, table] of config.matchAll(pattern)) {
    if (!name || !list || !table) continue;
    expect(table).toBe(name);
    found.set(name, list === '*' ? columnsOf(migration, table) : list.split(',').map(columnName));
  }
  return found;
}

const columnName = (item: string): string =>
  item
    .trim()
    .split(/\s+AS\s+/i)
    .at(-1) ?? '';

function columnsOf(migration: string, table: string): string[] {
  const body = new RegExp(`CREATE TABLE ${table} \\(([\\s\\S]*?)\\n\\);`).exec(migration)?.[1] ?? '';
  return [...body.matchAll(/^ {2}([a-z_]+) /gm)].flatMap(([, name]) => (name ? [name] : []));
}
