import { Button, Kbd, Modal, NativeSelect, Textarea } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import type { Priority, Status } from '../../../shared/tickets/ticket.ts';
import { useEdits } from '../../local-db/context.ts';
import { useLabels, useMembers, useProfiles } from '../../local-db/hooks.ts';
import type { Project } from '../../local-db/rows.ts';
import { labelColour } from '../../ui/label-colour.ts';
import { LabelPicker } from '../../ui/label-picker.tsx';
import { PersonMenu } from '../../ui/person-menu.tsx';
import { PriorityMenu } from '../../ui/priority-menu.tsx';
import { StatusMenu } from '../../ui/status-menu.tsx';
import classes from './create.module.css';

interface NewTicketDialogProps {
  /** Where this person may create. */
  projects: readonly Project[];
  initialProjectId: string;
  /** Puts the first text into the new ticket's description; resolves once it is kept on this device. */
  seedDescription: (ticketId: string, markdown: string) => Promise<void>;
  onCreated: (ticketId: string) => void;
  onClose: () => void;
}

interface Draft {
  readonly projectId: string;
  readonly title: string;
  readonly description: string;
  readonly status: Status;
  readonly priority: Priority;
  readonly assigneeId: string | null;
  readonly labelIds: readonly string[];
}

/** A new ticket from anywhere, online or not. It is on this device the moment the dialog closes. */
export function NewTicketDialog(props: NewTicketDialogProps) {
  const { projects, initialProjectId, onClose } = props;
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(initialProjectId));
  const { create, busy, problem } = useCreate(props, draft);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void create();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title="New ticket"
      size={640}
      yOffset="10vh"
      closeOnClickOutside={isEmpty(draft)}
    >
      <form
        className={classes.form}
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void create();
        }}
      >
        {projects.length > 1 && (
          <NativeSelect
            aria-label="Project"
            size="xs"
            className={classes.project}
            data={projects.map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.projectId}
            onChange={(event) =>
              change({ projectId: event.currentTarget.value, labelIds: [], assigneeId: null })
            }
          />
        )}
        <Textarea
          aria-label="Title"
          placeholder="What is to be done?"
          variant="unstyled"
          autosize
          data-autofocus
          maxLength={500}
          classNames={{ input: classes.title }}
          value={draft.title}
          error={problem}
          onChange={(event) => change({ title: event.currentTarget.value.replace(/\n/g, ' ') })}
        />
        <Textarea
          aria-label="Description"
          placeholder="Description, Markdown if you like"
          variant="unstyled"
          autosize
          minRows={4}
          maxRows={14}
          classNames={{ input: classes.description }}
          value={draft.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <Fields draft={draft} change={change} />
        <div className={classes.actions}>
          <span className={classes.hint}>
            <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Enter</Kbd>
          </span>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={draft.title.trim() === ''}>
            Create ticket
          </Button>
        </div>
      </form>
    </Modal>
  );
}

const emptyDraft = (projectId: string): Draft => ({
  projectId,
  title: '',
  description: '',
  status: 'todo',
  priority: 'none',
  assigneeId: null,
  labelIds: [],
});

const isEmpty = ({ title, description }: Draft): boolean => title.trim() === '' && description.trim() === '';

function useCreate({ seedDescription, onCreated, onClose }: NewTicketDialogProps, draft: Draft) {
  const edits = useEdits();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const create = async () => {
    if (busy || draft.title.trim() === '') return;
    setBusy(true);
    const { projectId, title, status, priority, assigneeId, labelIds, description } = draft;
    const fields = { title, status, priority, assignee_id: assigneeId };
    const created = await edits.createTicket(projectId, fields, labelIds);
    setBusy(false);
    if (!created.ok) return setProblem(created.reason);
    if (description.trim() !== '') await seedDescription(created.id, description);
    onClose();
    onCreated(created.id);
  };
  return { create, busy, problem };
}

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const edits = useEdits();
  const profiles = useProfiles();
  const people = useMembers(draft.projectId)
    .rows.map(({ user_id }) => ({ id: user_id, name: profiles.get(user_id)?.name ?? 'Somebody' }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const labels = useLabels(draft.projectId).rows.map(({ id, name, color }) => ({ id, name, colour: color }));
  const add = (labelId: string) => change({ labelIds: [...draft.labelIds, labelId] });
  const create = async (name: string) => {
    const label = await edits.createLabel(draft.projectId, name, labelColour(name));
    if (label.ok) add(label.id);
  };
  return (
    <div className={classes.fields}>
      <StatusMenu value={draft.status} onChange={(status) => change({ status })} />
      <PriorityMenu value={draft.priority} onChange={(priority) => change({ priority })} />
      <PersonMenu
        people={people}
        value={draft.assigneeId}
        onChange={(assigneeId) => change({ assigneeId })}
      />
      <LabelPicker
        labels={labels}
        chosen={labels.filter((label) => draft.labelIds.includes(label.id))}
        onAdd={add}
        onRemove={(labelId) => change({ labelIds: draft.labelIds.filter((id) => id !== labelId) })}
        onCreate={(name) => void create(name)}
      />
    </div>
  );
}
