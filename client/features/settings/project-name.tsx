import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { projectChange } from '../../../shared/protocol/projects.ts';
import type { Project } from '../../local-db/rows.ts';
import { renameProject } from './projects-api.ts';
import classes from './settings.module.css';

/** Renames a project for everybody; its key and so its tickets' keys stay. */
export function ProjectName({ project }: { project: Project }) {
  const [name, setName] = useState(project.name);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const rename = async () => {
    const checked = projectChange.safeParse({ name });
    if (!checked.success) return setProblem(checked.error.issues[0]?.message);
    setBusy(true);
    const answer = await renameProject(project.id, checked.data.name);
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.reason);
  };
  return (
    <form
      className={classes.addMember}
      onSubmit={(event) => {
        event.preventDefault();
        void rename();
      }}
    >
      <TextInput
        className={classes.email}
        size="xs"
        aria-label="Name of the project"
        maxLength={100}
        value={name}
        error={problem}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={busy} disabled={name.trim() === project.name}>
        Rename
      </Button>
    </form>
  );
}
