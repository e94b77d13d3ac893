import { type RefObject, useLayoutEffect, useRef } from 'react';
import { z } from 'zod';

const KEY = 'rejoin.list-scroll';
const remembered = z.object({ list: z.string(), top: z.number() });

/**
 * Brings a person back to where they were in the list, once it is long enough to scroll there. Only of the list
 * they saw last, and only in this tab. Returns what to call when they scroll.
 */
export function useRememberedScroll(
  scroller: RefObject<HTMLElement | null>,
  list: string,
  isMeasured: boolean,
): () => void {
  const restored = useRef(false);
  useLayoutEffect(() => {
    if (restored.current || !isMeasured) return;
    restored.current = true;
    const last = read();
    if (last?.list === list) scroller.current?.scrollTo({ top: last.top });
  }, [scroller, list, isMeasured]);
  return () => {
    if (!restored.current) return;
    const top = scroller.current?.scrollTop ?? 0;
    window.sessionStorage.setItem(KEY, JSON.stringify({ list, top }));
  };
}

function read(): z.output<typeof remembered> | undefined {
  try {
    return remembered.safeParse(JSON.parse(window.sessionStorage.getItem(KEY) ?? 'null')).data;
  } catch {
    return undefined; // not JSON: nothing to come back to
  }
}
