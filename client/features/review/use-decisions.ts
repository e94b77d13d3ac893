import { useCallback, useMemo, useState } from 'react';
import type { FieldValue } from '../../../shared/tickets/fields.ts';
import type { FoundConflict } from '../../local-db/conflict-hooks.ts';
import { useEdits } from '../../local-db/context.ts';

/** A question on screen: open, or answered here since the panel was opened. */
export interface ShownQuestion extends FoundConflict {
  /** The answer given here; undefined while it is open. */
  readonly decided: { readonly value: FieldValue } | undefined;
}

export interface Decisions {
  /** The open questions together with those answered here, which stay in their places. */
  readonly questions: readonly ShownQuestion[];
  /** Answers each with its own value. Each is an edit of its own, so that one refusal does not take the others along. */
  decide(answers: readonly { found: FoundConflict; value: FieldValue }[]): Promise<void>;
  /** Why an answer could not be kept on this device. */
  readonly problem: string | undefined;
}

/** Takes decisions, and keeps what was decided in its place until the person leaves or looks for something else. */
export function useDecisions(found: readonly FoundConflict[]): Decisions {
  const { answerConflict } = useEdits();
  const [decided, setDecided] = useState<ReadonlyMap<string, ShownQuestion>>(new Map());
  const [problem, setProblem] = useState<string>();

  const decide = useCallback<Decisions['decide']>(
    async (answers) => {
      const shown = answers.map(({ found: { conflict, row }, value }) => ({
        conflict,
        row,
        decided: { value },
      }));
      setDecided((before) => new Map([...before, ...shown.map((one) => [one.conflict.id, one] as const)]));
      const results = await Promise.all(
        answers.map(({ found: { conflict, row }, value }) =>
          answerConflict(row, { value, seeing: conflict.current }),
        ),
      );
      setProblem(results.find((result) => !result.ok)?.reason);
    },
    [answerConflict],
  );

  const questions = useMemo(() => merge(found, decided), [found, decided]);
  return { questions, decide, problem };
}

/** A question that is open again, whatever was answered before, is asked again. */
function merge(
  found: readonly FoundConflict[],
  decided: ReadonlyMap<string, ShownQuestion>,
): readonly ShownQuestion[] {
  const open = found.filter(({ conflict }) => conflict.state === 'open');
  const openIds = new Set(open.map(({ conflict }) => conflict.id));
  const closed = [...decided.values()].filter(({ conflict }) => !openIds.has(conflict.id));
  return [...open.map((one) => ({ ...one, decided: undefined })), ...closed].sort(newestFirst);
}

const newestFirst = ({ conflict: a }: FoundConflict, { conflict: b }: FoundConflict): number => {
  if (a.openedAt !== b.openedAt) return a.openedAt < b.openedAt ? 1 : -1;
  return a.id < b.id ? -1 : 1;
};
