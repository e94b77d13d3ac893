import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { Ticket } from '../../local-db/rows.ts';
import { useRememberedScroll } from './remembered-scroll.ts';
import { useRowKeys } from './row-keys.ts';
import classes from './ticket-list.module.css';

/** Rows are this high; `--row-height` in the theme says the same to the style sheet. */
const ROW_PX = 38;
const OVERSCAN = 12;

interface TicketRowsProps {
  /** How many rows the list has, whatever is loaded of them. */
  count: number;
  /** Whether `count` is the whole list's, and not only that of the rows read so far. */
  isCounted: boolean;
  /** The rows loaded, and the position of the first. */
  start: number;
  rows: readonly Ticket[];
  /** Changes when another list is shown, which starts at its top. */
  listKey: string;
  /** The positions on screen now. */
  onRange: (first: number, last: number) => void;
  renderRow: (ticket: Ticket) => ReactNode;
}

/** A list as long as all its tickets, of which only the lines on screen exist. */
export function TicketRows({ count, isCounted, start, rows, listKey, onRange, renderRow }: TicketRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  useRowKeys(scroller, count, (position) => virtual.scrollToIndex(position, { align: 'auto' }));
  useTopOfNewList(scroller, listKey);
  const rememberScroll = useRememberedScroll(scroller, listKey, isCounted);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onRange(first, last), [onRange, first, last]);
  return (
    <div ref={scroller} className={classes.scroll} onScroll={rememberScroll}>
      <ul className={classes.canvas} style={{ height: virtual.getTotalSize() }} aria-label="Tickets">
        {items.map((item) => {
          const ticket = rows[item.index - start];
          return (
            <li
              key={ticket?.id ?? item.index}
              className={classes.slot}
              style={{ transform: `translateY(${item.start}px)` }}
              aria-setsize={count}
              aria-posinset={item.index + 1}
              data-position={item.index}
            >
              {ticket ? renderRow(ticket) : <div className={classes.row} />}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function useTopOfNewList(scroller: RefObject<HTMLDivElement | null>, listKey: string): void {
  const shown = useRef(listKey);
  useEffect(() => {
    if (shown.current === listKey) return;
    shown.current = listKey;
    scroller.current?.scrollTo({ top: 0 });
  }, [scroller, listKey]);
}
