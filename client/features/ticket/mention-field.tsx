import { Popover, Textarea } from '@mantine/core';
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import type { Mention } from '../../../shared/tickets/mentions.ts';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { type MentionDraft, openMentionAt, suggestionsFor, withMention } from './mention-draft.ts';
import classes from './ticket.module.css';

interface MentionFieldProps {
  label: string;
  draft: MentionDraft;
  people: readonly Mention[];
  autoFocus?: boolean;
  problem?: string;
  onChange: (draft: MentionDraft) => void;
  /** Keys that no suggestion has taken. */
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}

/** A text in which `@` offers the project's people. */
export function MentionField(props: MentionFieldProps) {
  const { label, draft, autoFocus, problem, onChange } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const mentions = useMentions(props, field);
  const { open, listId, suggestions, active } = mentions;
  return (
    <Popover opened={open} position="bottom-start" width={260} withinPortal trapFocus={false}>
      <Popover.Target>
        <Textarea
          aria-label={label}
          aria-autocomplete="list"
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? `${listId}-${active}` : undefined}
          placeholder="Write a comment; @ mentions somebody"
          autosize
          minRows={2}
          maxRows={16}
          value={draft.text}
          error={problem}
          data-autofocus={autoFocus}
          ref={field}
          onChange={(event) => {
            const { value, selectionStart } = event.currentTarget;
            onChange({ ...draft, text: value });
            mentions.look(selectionStart);
          }}
          onSelect={(event) => mentions.look(event.currentTarget.selectionStart)}
          onBlur={() => mentions.look(null)}
          onKeyDown={mentions.onKeyDown}
        />
      </Popover.Target>
      <Popover.Dropdown p={4}>
        {/* The field keeps the focus and names the active option. */}
        <div role="listbox" id={listId} aria-label="People to mention">
          {suggestions.map((person, index) => (
            <div
              key={person.id}
              role="option"
              id={`${listId}-${index}`}
              aria-selected={index === active}
              tabIndex={-1}
              className={classes.suggestion}
              // Before the field loses the focus to it.
              onPointerDown={(event) => {
                event.preventDefault();
                mentions.choose(person);
              }}
            >
              <PersonAvatar id={person.id} name={person.name} size={20} labelled={false} />
              {person.name}
            </div>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** What is being mentioned at the caret, and the keys that choose among the suggestions. */
function useMentions(
  { draft, people, autoFocus, onChange, onKeyDown }: MentionFieldProps,
  field: React.RefObject<HTMLTextAreaElement | null>,
) {
  const listId = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [dismissedAt, setDismissedAt] = useState<number>();
  const [marked, setMarked] = useState(0);
  const moveTo = useRef<number>(undefined);
  useFocusAtEnd(field, autoFocus);
  // After the text with the name is there: a caret cannot stand in text that is not.
  useLayoutEffect(() => {
    if (moveTo.current === undefined) return;
    field.current?.setSelectionRange(moveTo.current, moveTo.current);
    moveTo.current = undefined;
  });

  const mention = caret === null ? null : openMentionAt(draft.text, caret);
  const suggestions = mention && mention.start !== dismissedAt ? suggestionsFor(people, mention.query) : [];
  const active = Math.min(marked, Math.max(0, suggestions.length - 1));
  const choose = (person: Mention) => {
    if (!mention) return;
    const next = withMention(draft, mention, person);
    moveTo.current = next.caret;
    setCaret(next.caret);
    onChange(next.draft);
  };
  const step = (by: number) => setMarked((active + by + suggestions.length) % suggestions.length);
  const handled = (key: string): boolean => {
    const person = suggestions[active];
    if (!person) return false;
    if (key === 'ArrowDown') step(1);
    else if (key === 'ArrowUp') step(-1);
    else if (key === 'Enter' || key === 'Tab') choose(person);
    else if (key === 'Escape') setDismissedAt(mention?.start);
    else return false;
    return true;
  };
  return {
    listId,
    suggestions,
    active,
    open: suggestions.length > 0,
    choose,
    look: (at: number | null) => {
      setCaret(at);
      setMarked(0);
    },
    onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => {
      const isPlain = !event.ctrlKey && !event.metaKey;
      if (isPlain && handled(event.key)) event.preventDefault();
      else onKeyDown(event);
    },
  };
}

/** Takes the focus once, when the field appears. */
function useFocusAtEnd(field: React.RefObject<HTMLTextAreaElement | null>, wanted: boolean | undefined) {
  useLayoutEffect(() => {
    if (!wanted || !field.current) return;
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [field, wanted]);
}
