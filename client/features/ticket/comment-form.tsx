import { Button, Kbd } from '@mantine/core';
import { useState } from 'react';
import type { Mention } from '../../../shared/tickets/mentions.ts';
import type { EditResult } from '../../local-db/windows/committer.ts';
import { bodyOf, draftOf } from './mention-draft.ts';
import { MentionField } from './mention-field.tsx';
import classes from './ticket.module.css';

interface CommentFormProps {
  label: string;
  sendWords: string;
  initial?: string;
  /** Whom the text may mention. */
  people: readonly Mention[];
  autoFocus?: boolean;
  onSend: (body: string) => Promise<EditResult>;
  onCancel?: () => void;
}

/** A text that is sent with Ctrl+Enter or the button; what was typed stays until it is kept on this device. */
export function CommentForm({
  label,
  sendWords,
  initial = '',
  people,
  autoFocus,
  onSend,
  onCancel,
}: CommentFormProps) {
  const untouched = draftOf(initial);
  const [draft, setDraft] = useState(untouched);
  const [problem, setProblem] = useState<string>();
  const body = bodyOf(draft);
  const ready = body.trim() !== '' && draft.text !== untouched.text;
  const send = async () => {
    if (!ready) return;
    const result = await onSend(body.trim());
    setProblem(result.ok ? undefined : result.reason);
  };
  return (
    <form
      className={classes.commentForm}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <MentionField
        label={label}
        draft={draft}
        people={people}
        autoFocus={autoFocus}
        problem={problem}
        onChange={setDraft}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void send();
          }
          if (event.key === 'Escape') onCancel?.();
        }}
      />
      <div className={classes.commentActions}>
        <span className={classes.hint}>
          <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
        </span>
        {onCancel && (
          <Button variant="subtle" color="gray" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button type="submit" variant={ready ? 'filled' : 'default'} disabled={!ready}>
          {sendWords}
        </Button>
      </div>
    </form>
  );
}
