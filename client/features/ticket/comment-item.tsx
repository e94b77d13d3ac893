import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Mention } from '../../../shared/tickets/mentions.ts';
import type { Comment } from '../../local-db/rows.ts';
import type { EditResult } from '../../local-db/windows/committer.ts';
import { PendingDot } from '../../ui/pending-dot.tsx';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { CommentForm } from './comment-form.tsx';
import { CommentText } from './comment-text.tsx';
import classes from './ticket.module.css';

interface CommentItemProps {
  comment: Comment;
  authorName: string;
  mentionable: readonly Mention[];
  pending: boolean;
  mayEdit: boolean;
  onEdit: (body: string) => Promise<EditResult>;
  onDelete: () => Promise<EditResult>;
}

type Mode = 'reading' | 'editing' | 'asking';

/** One comment; its author may edit it, or delete it after being asked once. */
export function CommentItem(props: CommentItemProps) {
  const { comment, authorName, mentionable, pending, mayEdit, onEdit, onDelete } = props;
  const [mode, setMode] = useState<Mode>('reading');
  const [problem, setProblem] = useState<string>();
  const edit = async (body: string) => {
    const result = await onEdit(body);
    if (result.ok) setMode('reading');
    return result;
  };
  const remove = async () => {
    const result = await onDelete();
    if (!result.ok) setProblem(result.reason);
  };
  return (
    <li className={classes.comment}>
      <PersonAvatar id={comment.author_id} name={authorName} size={24} labelled={false} />
      <div className={classes.commentBody}>
        <div className={classes.commentHead}>
          <span className={classes.name}>{authorName}</span>
          <span className={classes.when}>
            <RelativeTime at={comment.created_at} />
            {comment.updated_at > comment.created_at && ' · edited'}
          </span>
          {pending && <PendingDot />}
          {mayEdit && mode === 'reading' && (
            <CommentMenu onEdit={() => setMode('editing')} onDelete={() => setMode('asking')} />
          )}
        </div>
        {mode === 'editing' ? (
          <CommentForm
            label="Edit comment"
            sendWords="Save"
            initial={comment.body}
            people={mentionable}
            autoFocus
            onSend={edit}
            onCancel={() => setMode('reading')}
          />
        ) : (
          <CommentText body={comment.body} />
        )}
        {mode === 'asking' && (
          <div className={classes.ask}>
            <span>Delete this comment?</span>
            <Button color="red" variant="light" onClick={() => void remove()}>
              Delete
            </Button>
            <Button variant="subtle" color="gray" onClick={() => setMode('reading')}>
              Keep
            </Button>
          </div>
        )}
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
      </div>
    </li>
  );
}

function CommentMenu({ onEdit, onDelete }: { onEdit: () => void; onDelete: () => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" aria-label="Comment actions" className={classes.commentMenu}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={onEdit}>
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={15} aria-hidden />} onClick={onDelete}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
