import { useHotkeys } from '@mantine/hooks';
import type { RefObject } from 'react';

const FRAMES_TO_WAIT = 30;

/**
 * `j` and `k` (and the arrows) move the focus from line to line; Enter opens, as the line is a link.
 * A line that is not drawn yet is scrolled to, and takes the focus as soon as it exists.
 */
export function useRowKeys(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  scrollTo: (position: number) => void,
): void {
  const move = (step: number) => {
    const list = scroller.current;
    if (!list || count === 0) return;
    const from = focusedPosition(list);
    const to = from === undefined ? firstVisible(list) : Math.min(count - 1, Math.max(0, from + step));
    scrollTo(to);
    focusWhenDrawn(list, to, FRAMES_TO_WAIT);
  };
  const whenFree = (step: number) => () => {
    if (!document.querySelector('[role="dialog"], [role="listbox"]')) move(step);
  };
  useHotkeys([
    ['j', whenFree(1)],
    ['k', whenFree(-1)],
    ['ArrowDown', whenFree(1)],
    ['ArrowUp', whenFree(-1)],
  ]);
}

function focusedPosition(list: HTMLElement): number | undefined {
  const slot = document.activeElement?.closest('[data-position]');
  return slot && list.contains(slot) ? positionOf(slot) : undefined;
}

function firstVisible(list: HTMLElement): number {
  const top = list.getBoundingClientRect().top;
  const slots = [...list.querySelectorAll('[data-position]')];
  const visible = slots.filter((slot) => slot.getBoundingClientRect().top >= top - 1);
  return Math.min(...visible.map(positionOf), Number.MAX_SAFE_INTEGER);
}

function focusWhenDrawn(list: HTMLElement, position: number, frames: number): void {
  const link = list.querySelector<HTMLElement>(`[data-position="${position}"] a`);
  if (link) link.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusWhenDrawn(list, position, frames - 1));
}

const positionOf = (slot: Element): number => Number(slot.getAttribute('data-position'));
