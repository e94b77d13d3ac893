import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { ROLES, type Role } from '../../../shared/permissions/can.ts';
import { newMember } from '../../../shared/protocol/projects.ts';
import { addMember } from './projects-api.ts';
import { ROLE_WORDS } from './role-words.ts';
import classes from './settings.module.css';

const MEMBER: Role = 'member';

/** Brings somebody with an account into the project. */
export function AddMember({ projectId }: { projectId: string }) {
  const [problem, setProblem] = useState<string>();
  const form = useForm<{ email: string; role: Role }>({ initialValues: { email: '', role: MEMBER } });
  const submit = form.onSubmit(async ({ email, role }) => {
    const checked = newMember.safeParse({ email: email.trim(), role });
    if (!checked.success) return setProblem(checked.error.issues[0]?.message);
    const answer = await addMember(projectId, checked.data.email, checked.data.role);
    setProblem(answer.ok ? undefined : answer.reason);
    if (answer.ok) form.setFieldValue('email', '');
  });
  return (
    <form className={classes.addMember} onSubmit={submit} noValidate>
      <TextInput
        className={classes.email}
        type="email"
        size="xs"
        aria-label="E-mail address of the new member"
        placeholder="name@example.org"
        {...form.getInputProps('email')}
        error={problem}
      />
      <NativeSelect
        size="xs"
        aria-label="Role of the new member"
        data={ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role] }))}
        {...form.getInputProps('role')}
      />
      <Button type="submit" loading={form.submitting} disabled={form.values.email.trim() === ''}>
        Add member
      </Button>
    </form>
  );
}
