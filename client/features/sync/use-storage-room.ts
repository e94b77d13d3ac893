import { useEffect, useState } from 'react';

const SHORT_BYTES = 50_000_000;
const LOOK_AGAIN_MS = 5 * 60_000;

/** The bytes left for this site, where they are few; undefined where there is room, or the browser does not say. */
export function useShortStorage(): number | undefined {
  const [free, setFree] = useState<number>();
  useEffect(() => {
    const look = async () => {
      const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
      setFree(quota === undefined ? undefined : quota - usage);
    };
    const lookSafely = () => void look().catch(() => setFree(undefined));
    lookSafely();
    const timer = setInterval(lookSafely, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return free !== undefined && free < SHORT_BYTES ? free : undefined;
}
