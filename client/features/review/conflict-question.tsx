import { Button, Kbd, Tooltip } from '@mantine/core';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { FieldValue } from '../../../shared/tickets/fields.ts';
import type { ValueOrigin } from '../../local-db/conflict-hooks.ts';
import type { Conflict } from '../../local-db/conflict-rows.ts';
import { useMembers, useProfiles } from '../../local-db/hooks.ts';
import { refusalOf, usePermit } from '../../local-db/use-permissions.ts';
import { ConflictSides } from './conflict-sides.tsx';
import { type DecisionWords, decisionWords, type Reader, reopenedWords } from './conflict-words.ts';
import { OtherValue } from './other-value.tsx';
import { type QuestionKeys, useQuestionKeys } from './question-keys.ts';
import classes from './review.module.css';

interface ConflictQuestionProps {
  conflict: Conflict;
  /** Where the current value came from; of a ticket in the trash, who moved it there. */
  currentOrigin: ValueOrigin | undefined;
  reader: Reader;
  /** What stands above the values; names the question. */
  heading: ReactNode;
  /** The accessible name: which ticket and field. */
  label: string;
  /** Why the last answer given on this device was not accepted. */
  refused?: string;
  onDecide: (value: FieldValue) => void;
  /** Selects it, where several can be decided at once. */
  onSelect?: () => void;
}

/** One open question with its three values, and the ways to answer it. The same in the panel and on the ticket. */
export function ConflictQuestion(props: ConflictQuestionProps) {
  const { conflict, currentOrigin, reader, heading, label, refused, onDecide, onSelect } = props;
  const [writing, setWriting] = useState(false);
  const box = useRef<HTMLElement>(null);
  const choices = useChoices(conflict);
  const keys = useMemo<QuestionKeys>(() => {
    const moving: QuestionKeys = onSelect ? { x: onSelect } : {};
    if (choices.refusal !== undefined) return moving;
    return {
      ...moving,
      1: () => onDecide(conflict.current),
      2: () => choices.takeRefusal === undefined && onDecide(conflict.proposed),
      3: () => setWriting(true),
    };
  }, [choices, conflict, onDecide, onSelect]);
  useQuestionKeys(box, keys);
  const stopWriting = () => {
    setWriting(false);
    box.current?.focus();
  };
  const reopened = reopenedWords(conflict, reader);
  return (
    <article
      ref={box}
      className={classes.question}
      aria-label={label}
      tabIndex={-1}
      data-question={conflict.id}
      onKeyDown={(event) => writing && event.key === 'Escape' && stopWriting()}
    >
      {heading}
      {reopened && <p className={classes.note}>{reopened}</p>}
      {refused && (
        <p className={classes.problem} role="alert">
          The last answer from this device was not accepted. {refused}
        </p>
      )}
      <ConflictSides conflict={conflict} currentOrigin={currentOrigin} reader={reader} />
      {writing ? (
        <OtherValue
          conflict={conflict}
          people={choices.people}
          reader={reader}
          onUse={onDecide}
          onCancel={stopWriting}
        />
      ) : (
        <Decisions
          words={decisionWords(conflict, reader)}
          choices={choices}
          onKeep={() => onDecide(conflict.current)}
          onTake={() => onDecide(conflict.proposed)}
          onWrite={() => setWriting(true)}
        />
      )}
    </article>
  );
}

interface DecisionsProps {
  words: DecisionWords;
  choices: Choices;
  onKeep: () => void;
  onTake: () => void;
  onWrite: () => void;
}

function Decisions({ words, choices, onKeep, onTake, onWrite }: DecisionsProps) {
  if (choices.refusal !== undefined) return <p className={classes.quiet}>{choices.refusal}</p>;
  return (
    <div className={classes.decisions}>
      <Decision words={words.keep} hotkey="1" onDecide={onKeep} />
      <Decision words={words.take} hotkey="2" refusal={choices.takeRefusal} onDecide={onTake} />
      {choices.writable && <Decision words={words.other} hotkey="3" quiet onDecide={onWrite} />}
    </div>
  );
}

interface DecisionProps {
  words: string;
  hotkey: string;
  /** Why it cannot be chosen. */
  refusal?: string;
  quiet?: boolean;
  onDecide: () => void;
}

function Decision({ words, hotkey, refusal, quiet = false, onDecide }: DecisionProps) {
  return (
    <Tooltip
      multiline
      maw={320}
      label={
        refusal ?? (
          <>
            {words} <Kbd size="xs">{hotkey}</Kbd>
          </>
        )
      }
    >
      <Button
        variant={quiet ? 'subtle' : 'default'}
        color={quiet ? 'gray' : undefined}
        className={classes.decision}
        aria-keyshortcuts={hotkey}
        aria-disabled={refusal ? true : undefined}
        data-disabled={refusal ? true : undefined}
        onClick={() => refusal === undefined && onDecide()}
      >
        {words}
      </Button>
    </Tooltip>
  );
}

interface Choices {
  /** Why this person may not answer at all. */
  readonly refusal: string | undefined;
  readonly takeRefusal: string | undefined;
  /** Whether a third value can be written by hand. */
  readonly writable: boolean;
  readonly people: readonly { id: string; name: string }[];
}

function useChoices({ projectId, field, proposed, current, kind }: Conflict): Choices {
  const permit = usePermit();
  const members = useMembers(projectId);
  const profiles = useProfiles();
  return useMemo(() => {
    const ids = members.rows.map((member) => member.user_id);
    const people = ids
      .map((id) => ({ id, name: profiles.get(id)?.name ?? 'Somebody' }))
      .sort((a, b) => a.name.localeCompare(b.name));
    const gone =
      field === 'assignee_id' && proposed !== null && members.ready && !ids.includes(String(proposed));
    const same = kind === 'deleted' && proposed === current;
    return {
      refusal: refusalOf(permit('conflict.resolve', { projectId })),
      takeRefusal: gone ? LEFT : same ? SAME : undefined,
      writable: field !== 'rank',
      people,
    };
  }, [members, profiles, permit, projectId, field, proposed, current, kind]);
}

const LEFT = 'This person has left the project. Keep what is set now, or choose somebody else.';
const SAME = 'The ticket holds this value already. To bring it back, restore it from the trash.';
