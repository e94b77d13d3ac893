import type { RefObject } from 'react';
import { usePanelKeys } from './question-keys.ts';

/** `j` and `k` lead from question to question; within one, Tab leads through its buttons. */
export function useQuestionMoves(list: RefObject<HTMLElement | null>): void {
  const move = (step: number) => () => {
    if (!list.current) return;
    const questions = questionsIn(list.current);
    const here = questions.findIndex((question) => question.contains(document.activeElement));
    const to = here === -1 ? 0 : Math.min(questions.length - 1, Math.max(0, here + step));
    focusOn(questions[to]);
  };
  usePanelKeys([
    ['j', move(1)],
    ['k', move(-1)],
  ]);
}

/**
 * Where the focus goes when these questions are answered: to the first open one after them, or else the last before.
 * Asked before they go, used after.
 */
export function questionAfter(
  list: HTMLElement | null,
  answered: readonly string[],
): HTMLElement | undefined {
  if (!list) return undefined;
  const questions = questionsIn(list);
  const isAnswered = (question: HTMLElement) => answered.includes(question.dataset.question ?? '');
  const last = questions.findLastIndex(isAnswered);
  const stays = (question: HTMLElement) => !isAnswered(question);
  return questions.slice(last + 1).find(stays) ?? questions.slice(0, Math.max(0, last)).findLast(stays);
}

export function focusOn(question: HTMLElement | undefined): void {
  question?.focus({ preventScroll: true });
  question?.scrollIntoView({ block: 'nearest' });
}

const questionsIn = (list: HTMLElement): readonly HTMLElement[] => [
  ...list.querySelectorAll<HTMLElement>('[data-question]'),
];
