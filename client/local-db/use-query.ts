import { LogLevels, type QueryParam } from '@powersync/common';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { useLocalData } from './context.ts';

/** Counters and other small answers need not come with every frame. Milliseconds. */
const THROTTLE_MS = 50;

interface LiveQuery<T> {
  readonly sql: string;
  readonly params?: readonly QueryParam[];
  /** The tables it reads, so that it is asked again when they change. */
  readonly tables: readonly string[];
  readonly row: z.ZodType<T>;
}

/** The answer of a read-only query, live; undefined until it is there for the first time. */
export function useQuery<T>(query: LiveQuery<T>): readonly T[] | undefined {
  const { db } = useLocalData();
  const [asked, setAsked] = useState(query);
  const [answer, setAnswer] = useState<readonly T[]>();
  // Callers build the query anew with every render; only another content is another query.
  if (contentOf(asked) !== contentOf(query)) setAsked(query);

  useEffect(() => {
    const { sql, params = [], tables, row } = asked;
    const abort = new AbortController();
    const ask = async () => {
      try {
        const rows = await db.getAll<unknown>(sql, [...params]);
        if (!abort.signal.aborted) setAnswer(row.array().parse(rows));
      } catch (error) {
        if (abort.signal.aborted) return;
        db.logger.log({ level: LogLevels.error, message: `Reading ${tables.join(', ')} failed`, error });
      }
    };
    const options = { tables: [...tables], throttleMs: THROTTLE_MS, signal: abort.signal };
    db.onChangeWithCallback({ onChange: ask }, options);
    void ask();
    return () => abort.abort();
  }, [db, asked]);

  return answer;
}

const contentOf = ({ sql, params, tables }: LiveQuery<unknown>): string =>
  JSON.stringify([sql, params, tables]);
