import { useEffect, useState } from 'react';
import { exactTime, relativeTime } from './time-words.ts';

const REFRESH_MS = 60_000;

/** A moment in relative words, the exact one on hover. `at` is ISO 8601, as the local tables hold it. */
export function RelativeTime({ at }: { at: string }) {
  const now = useMinute();
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <span>{at}</span>;
  return (
    <time dateTime={at} title={exactTime(time)}>
      {relativeTime(time, now)}
    </time>
  );
}

/** The time now, read again every minute so that words do not grow old. */
export function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
