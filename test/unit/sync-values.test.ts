import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createSyncConfig } from '../../server/sync/config.ts';
import { formatLsn, parseLsn } from '../../server/sync/lsn.ts';
import { decodeCopyData } from '../../server/sync/pgoutput.ts';

const config = createSyncConfig(
  'config:\n  edition: 3\nstreams:\n  t:\n    auto_subscribe: true\n    query: SELECT * FROM t\n',
  pino({ level: 'silent' }),
).hydrate('p');

/** What a client gets for a column of this type that Postgres writes as this text. */
function synced(oid: number, text: string | null): unknown {
  const table = {
    id: 1,
    schema: 'public',
    name: 't',
    key: ['id'],
    rowFilter: null,
    fullIdentity: true,
    columns: [
      { name: 'id', oid: 25, baseOid: 25 },
      { name: 'value', oid, baseOid: oid },
    ],
  };
  const row = config.evaluate(table, ['a', text]).data[0];
  return /"value":(.*)\}$/.exec(row?.data ?? '')?.[1];
}

describe('values of every type in use', () => {
  it.each([
    ['null', 25, null, 'null'],
    ['text with quotes and unicode', 25, 'a "b" é 🎫', '"a \\"b\\" é 🎫"'],
    ['uuid', 2950, '0f8fad5b-d9cb-469f-a165-70867728950e', '"0f8fad5b-d9cb-469f-a165-70867728950e"'],
    ['boolean', 16, 't', '1'],
    ['integer', 23, '-7', '-7'],
    ['bigint beyond 2^53', 20, '9007199254740993', '9007199254740993'],
    ['double precision', 701, '2.5', '2.5'],
    ['date', 1082, '2026-01-02', '"2026-01-02"'],
    ['timestamptz with microseconds', 1184, '2026-01-02 03:04:05.123456+00', '"2026-01-02T03:04:05.123456Z"'],
    ['timestamptz on the second', 1184, '2026-01-02 03:04:05+00', '"2026-01-02T03:04:05.000000Z"'],
    ['timestamp', 1114, '2026-01-02 03:04:05', '"2026-01-02T03:04:05.000000"'],
    ['jsonb', 3802, '{"a": [1, null]}', '"{\\"a\\": [1, null]}"'],
    ['text[]', 1009, '{a,"b \\"c\\"",NULL}', '"[\\"a\\",\\"b \\\\\\"c\\\\\\"\\",null]"'],
    ['nested integer[]', 1007, '{{1,2},{3,4}}', '"[[1,2],[3,4]]"'],
  ])('%s', (_, oid, text, json) => {
    expect(synced(oid, text)).toBe(json);
  });
});

describe('log positions', () => {
  it('survive being written and read', () => {
    expect(formatLsn(parseLsn('16/B374D848'))).toBe('16/B374D848');
    expect(parseLsn('1/0')).toBeGreaterThan(parseLsn('0/FFFFFFFF'));
  });
});

describe('replication messages', () => {
  it('decode a row with a null and an unchanged large value', () => {
    const body = Buffer.from([0x49, 0, 0, 0, 7, 0x4e, 0, 3, 0x74, 0, 0, 0, 2, 0xc3, 0xa9, 0x6e, 0x75]);
    expect(decodeCopyData(Buffer.concat([Buffer.from([0x77]), Buffer.alloc(24), body]))).toEqual({
      kind: 'insert',
      relation: 7,
      row: ['é', null, undefined],
    });
  });
});
