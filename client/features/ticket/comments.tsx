import { useMemo, useState } from 'react';
import { useEdits, useLocalData } from '../../local-db/context.ts';
import { useComments, useMembers, usePendingRows, useProfiles } from '../../local-db/hooks.ts';
import type { Ticket } from '../../local-db/rows.ts';
import { refusalOf, usePermit } from '../../local-db/use-permissions.ts';
import { CommentForm } from './comment-form.tsx';
import { CommentItem } from './comment-item.tsx';
import classes from './ticket.module.css';

/** What people said about a ticket, oldest first, and the place to say more. */
export function Comments({ ticket }: { ticket: Ticket }) {
  const { rows } = useComments(ticket.id);
  const people = useProfiles();
  const mentionable = useMentionable(ticket.project_id);
  const pending = usePendingRows();
  const permit = usePermit();
  const edits = useEdits();
  const [formKey, setFormKey] = useState(0);
  const refusal = refusalOf(permit('comment.create', { projectId: ticket.project_id }));
  const send = async (body: string) => {
    const added = await edits.addComment(ticket, body);
    if (added.ok) setFormKey((key) => key + 1);
    return added;
  };
  return (
    <section aria-labelledby="comments-heading" className={classes.section}>
      <h2 id="comments-heading" className={classes.sectionTitle}>
        Comments {rows.length > 0 && <span className={classes.count}>{rows.length}</span>}
      </h2>
      <ol className={classes.comments}>
        {rows.map((comment) => (
          <CommentItem
            key={comment.id}
            comment={comment}
            mentionable={mentionable}
            authorName={people.get(comment.author_id)?.name ?? 'Somebody'}
            pending={pending.has(comment.id)}
            mayEdit={
              permit('comment.edit', { projectId: ticket.project_id, authorId: comment.author_id }).allowed
            }
            onEdit={(body) => edits.editComment(comment.id, body)}
            onDelete={() => edits.deleteComment(comment.id)}
          />
        ))}
      </ol>
      {refusal ? (
        <p className={classes.quiet}>{refusal}</p>
      ) : (
        <CommentForm
          key={formKey}
          label="New comment"
          sendWords="Comment"
          people={mentionable}
          onSend={send}
        />
      )}
    </section>
  );
}

/** The project's members by name, without the one who writes. */
function useMentionable(projectId: string) {
  const { userId } = useLocalData();
  const members = useMembers(projectId).rows;
  const profiles = useProfiles();
  return useMemo(
    () =>
      members
        .flatMap(({ user_id: id }) => {
          const name = profiles.get(id)?.name;
          return id === userId || !name ? [] : [{ id, name }];
        })
        .sort((a, b) => a.name.localeCompare(b.name)),
    [members, profiles, userId],
  );
}
