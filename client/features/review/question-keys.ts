import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { type RefObject, useEffect } from 'react';

export type QuestionKeys = Readonly<Record<string, () => void>>;

/** Single keys that act while the focus is anywhere within a question, but not while a person writes or chooses. */
export function useQuestionKeys(box: RefObject<HTMLElement | null>, keys: QuestionKeys): void {
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isWriting(event.target)) return;
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    element.addEventListener('keydown', press);
    return () => element.removeEventListener('keydown', press);
  }, [box, keys]);
}

/** Hotkeys of the whole panel. Mantine's own check would silence them while a box that was just ticked has the focus. */
export function usePanelKeys(hotkeys: readonly HotkeyItem[]): void {
  const whenFree = hotkeys.map(([keys, act, options]): HotkeyItem => {
    const press = (event: KeyboardEvent) => {
      if (!document.querySelector('[role="dialog"]') && !isWriting(event.target)) act(event);
    };
    return [keys, press, { ...options, preventDefault: false }];
  });
  useHotkeys(whenFree, NO_TAGS);
}

const NO_TAGS: string[] = [];

/** Whether keys belong to what has the focus: a text, a list of choices. */
function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.matches('textarea, select, [contenteditable="true"], [aria-expanded="true"]');
}
