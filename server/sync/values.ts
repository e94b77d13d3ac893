import {
  DateTimeValue,
  type SqliteInputValue,
  TimeValue,
  TimeValuePrecision,
} from '@powersync/service-sync-rules';

/** Postgres' text of a value → the value that the sync config evaluates (SQLite's types), as the PowerSync Service maps it. */
export function toSqlite(text: string | null, oid: number): SqliteInputValue {
  if (text === null) return null;
  switch (oid) {
    case OID.bool:
      return text === 't' ? 1n : 0n;
    case OID.int2:
    case OID.int4:
    case OID.int8:
    case OID.oid:
      return BigInt(text);
    case OID.float4:
    case OID.float8:
      return Number(text);
    case OID.bytea:
      return Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
    case OID.timestamp:
      return dateTime(text, '');
    case OID.timestamptz:
      return dateTime(text, 'Z');
    case OID.time:
      return TimeValue.parse(text, MICROSECONDS) ?? text;
    default: {
      const element = ELEMENT_OF.get(oid);
      return element === undefined ? text : JSON.stringify(parseArray(text, element));
    }
  }
}

const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const;

/** Array type → the type of its elements. */
const ELEMENT_OF: ReadonlyMap<number, number> = new Map([
  [1000, OID.bool],
  [1001, OID.bytea],
  [1005, OID.int2],
  [1007, OID.int4],
  [1016, OID.int8],
  [1009, OID.text],
  [1015, OID.varchar],
  [1021, OID.float4],
  [1022, OID.float8],
  [1231, OID.numeric],
  [2951, OID.uuid],
  [1115, OID.timestamp],
  [1185, OID.timestamptz],
  [1182, OID.date],
  [199, OID.json],
  [3807, OID.jsonb],
]);

const MICROSECONDS = {
  subSecondPrecision: TimeValuePrecision.microseconds,
  defaultSubSecondPrecision: TimeValuePrecision.microseconds,
};

/** The replication session's time zone is UTC, so the offset is always +00. */
function dateTime(text: string, zone: string): SqliteInputValue {
  if (text.includes('infinity')) return text;
  const iso = text.replace(' ', 'T').replace(/[+-]00(:00)?$/, '') + zone;
  return new DateTimeValue(iso, undefined, MICROSECONDS);
}

/** Postgres' array text, `{1,"a b",NULL,{…}}`, nested to any depth. */
function parseArray(text: string, element: number): unknown[] {
  let at = text.indexOf('{') + 1;
  const quoted = (): string => {
    let value = '';
    at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\') at++;
      value += text[at++];
    }
    at++;
    return value;
  };
  const bare = (): string => {
    const from = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at++;
    return text.slice(from, at);
  };
  const list = (): unknown[] => {
    const values: unknown[] = [];
    while (at < text.length) {
      const next = text[at];
      if (next === '"') values.push(scalar(quoted(), element));
      else if (next === '{' || next === '}' || next === ',') {
        at++;
        if (next === '}') return values;
        if (next === '{') values.push(list());
      } else {
        const value = bare();
        values.push(value === 'NULL' ? null : scalar(value, element));
      }
    }
    return values;
  };
  return list();
}

function scalar(text: string, oid: number): unknown {
  switch (oid) {
    case OID.bool:
      return text === 't' ? 1 : 0;
    case OID.json:
    case OID.jsonb:
      return JSON.parse(text);
    case OID.int2:
    case OID.int4:
    case OID.int8:
    case OID.float4:
    case OID.float8:
      return Number(text);
    case OID.timestamp:
      return text.replace(' ', 'T');
    case OID.timestamptz:
      return `${text.replace(' ', 'T').replace(/[+-]00(:00)?$/, '')}Z`;
    default:
      return text;
  }
}
