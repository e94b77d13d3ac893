import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { newProject } from '../../../shared/protocol/projects.ts';
import { useOfflineReason } from '../../local-db/use-permissions.ts';
import { OnlineOnly } from '../../ui/online-only.tsx';
import { keyFor } from './project-key.ts';
import { createProject } from './projects-api.ts';
import classes from './settings.module.css';

interface CreateProjectDialogProps {
  onClose: () => void;
  /** Do not go to the new project's list. */
  stay?: boolean;
}

/** A new project; whoever makes it is its admin. Online only, as its key must be nobody else's. */
export function CreateProjectDialog({ onClose, stay = false }: CreateProjectDialogProps) {
  const offline = useOfflineReason();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<string>();
  const form = useForm({
    initialValues: { name: '', key: '' },
    validate: {
      name: (name) => problemOf(newProject.shape.name.safeParse(name)),
      key: (key) => problemOf(newProject.shape.key.safeParse(key)),
    },
  });
  const submit = form.onSubmit(async (values) => {
    const answer = await createProject(newProject.parse(values));
    if (!answer.ok) return setProblem(answer.reason);
    onClose();
    if (!stay) await navigate({ to: '/p/$key', params: { key: answer.value.key } });
  });
  const nameProps = form.getInputProps('name');
  return (
    <Modal opened onClose={onClose} title="New project" size="sm" centered>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <OnlineOnly reason={offline}>
            <Stack gap="sm">
              <TextInput
                label="Name"
                data-autofocus
                {...nameProps}
                onChange={(event) => {
                  const name = event.currentTarget.value;
                  const keyIsOurs = form.values.key === keyFor(form.values.name);
                  form.setValues(keyIsOurs ? { name, key: keyFor(name) } : { name });
                }}
              />
              <TextInput
                label="Key"
                description="What its tickets are called by: KEY-1, KEY-2 … It cannot be changed later."
                maxLength={10}
                {...form.getInputProps('key')}
                onChange={(event) => form.setFieldValue('key', event.currentTarget.value.toUpperCase())}
              />
            </Stack>
          </OnlineOnly>
          {problem && (
            <p className={classes.problem} role="alert">
              {problem}
            </p>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={form.submitting} disabled={Boolean(offline)}>
              Create project
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface Checked {
  readonly success: boolean;
  readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined;
}

const problemOf = (checked: Checked): string | null =>
  checked.success ? null : (checked.error?.issues[0]?.message ?? 'This cannot be used.');
