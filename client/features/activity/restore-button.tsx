import { Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp } from '@tabler/icons-react';
import { FIELDS } from '../../../shared/tickets/fields.ts';
import type { ActivityEntry } from '../../local-db/activity-query.ts';
import { useEdits } from '../../local-db/context.ts';
import type { Edits } from '../../local-db/edits.ts';
import { usePermit } from '../../local-db/use-permissions.ts';
import type { EditResult } from '../../local-db/windows/committer.ts';
import { fieldWords, type NameOf } from '../../ui/field-words.ts';
import classes from './activity.module.css';
import type { Change } from './change.ts';
import { type Restorable, restorable } from './restorable.ts';

interface RestoreButtonProps {
  entry: ActivityEntry;
  change: Change;
  nameOf: NameOf;
}

/** Brings an earlier value back as a new edit, online or not. Absent where there is nothing to bring back. */
export function RestoreButton({ entry, change, nameOf }: RestoreButtonProps) {
  const edits = useEdits();
  const permit = usePermit();
  const found = restorable(change);
  const { ticket_id, project_id } = entry;
  if (!found || ticket_id === null || entry.ticket_title === null || entry.ticket_deleted_at !== null)
    return null;
  const action = found.kind === 'comment' ? 'comment.edit' : 'ticket.edit';
  if (!permit(action, { projectId: project_id, authorId: entry.comment_author }).allowed) return null;
  const words = wordsOf(found, change, nameOf);
  const restore = async () => {
    const result = await bringBack(edits, { id: ticket_id, project_id }, found);
    if (result.ok)
      notifications.show({ withBorder: true, message: `${words.what} is ${words.value} again.` });
    else notifications.show({ color: 'red', title: 'Not restored', message: result.reason });
  };
  return (
    <Tooltip label={`Make it ${words.value} again`} multiline maw={320}>
      <Button
        variant="default"
        size="compact-xs"
        className={classes.restore}
        leftSection={<IconArrowBackUp size={13} aria-hidden />}
        aria-label={`Restore ${words.what.toLowerCase()}: ${words.value}`}
        onClick={() => void restore()}
      >
        Restore
      </Button>
    </Tooltip>
  );
}

function bringBack(
  edits: Edits,
  ticket: { readonly id: string; readonly project_id: string },
  found: Restorable,
): Promise<EditResult> {
  switch (found.kind) {
    case 'field':
      return edits.editTicket(ticket.id, { [found.field]: found.value });
    case 'comment':
      return edits.editComment(found.commentId, found.body);
    case 'label':
      return edits.addLabel(ticket, found.labelId);
  }
}

const LONGEST = 80;

/** "Title" and "“Boats come back”", for the button and for what is said afterwards. */
function wordsOf(found: Restorable, change: Change, nameOf: NameOf) {
  switch (found.kind) {
    case 'field': {
      const words = fieldWords(found.field, found.value, nameOf);
      return { what: FIELDS[found.field].label, value: found.field === 'title' ? quoted(words) : words };
    }
    case 'comment':
      return { what: 'Comment', value: quoted(found.body) };
    case 'label':
      return { what: `Label ${String(change.before)}`, value: 'there' };
  }
}

const quoted = (text: string): string =>
  `“${text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text}”`;
