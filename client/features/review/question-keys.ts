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

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.matches('textarea, select, [contenteditable="true"], [aria-expanded="true"]');
}
