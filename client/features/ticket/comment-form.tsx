import { Button, Kbd, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { EditResult } from '../../local-db/windows/committer.ts';
import classes from './ticket.module.css';

interface CommentFormProps {
  label: string;
  sendWords: string;
  initial?: string;
  autoFocus?: boolean;
  onSend: (body: string) => Promise<EditResult>;
  onCancel?: () => void;
}

/** A text that is sent with Ctrl+Enter or the button; what was typed stays until it is kept on this device. */
export function CommentForm({
  label,
  sendWords,
  initial = '',
  autoFocus,
  onSend,
  onCancel,
}: CommentFormProps) {
  const [body, setBody] = useState(initial);
  const [problem, setProblem] = useState<string>();
  const ready = body.trim() !== '' && body !== initial;
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
      <Textarea
        aria-label={label}
        placeholder="Write a comment"
        autosize
        minRows={2}
        maxRows={16}
        value={body}
        error={problem}
        data-autofocus={autoFocus}
        ref={autoFocus ? focusAtEnd : undefined}
        onChange={(event) => setBody(event.currentTarget.value)}
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

/** Takes the focus once, when the field appears. */
function focusAtEnd(field: HTMLTextAreaElement | null): void {
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}
