import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { ROLES, type Role } from '../../../shared/permissions/can.ts';
import type { Answer } from '../../local-db/ask-server.ts';
import { useLocalData } from '../../local-db/context.ts';
import { useMembers, useProfiles } from '../../local-db/hooks.ts';
import type { Member } from '../../local-db/rows.ts';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { changeRole, removeMember } from './projects-api.ts';
import { ROLE_WORDS } from './role-words.ts';
import classes from './settings.module.css';

/** Who is in a project and what they may do. */
export function MemberList({ projectId }: { projectId: string }) {
  const profiles = useProfiles();
  const { userId } = useLocalData();
  const members = useMembers(projectId)
    .rows.map((member) => ({ member, name: profiles.get(member.user_id)?.name ?? 'Somebody' }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <ul className={classes.members}>
      {members.map(({ member, name }) => (
        <MemberLine key={member.id} member={member} name={name} isSelf={member.user_id === userId} />
      ))}
    </ul>
  );
}

interface MemberLineProps {
  member: Member;
  name: string;
  isSelf: boolean;
}

function MemberLine({ member, name, isSelf }: MemberLineProps) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (question: Promise<Answer<unknown>>) => {
    setBusy(true);
    const answer = await question;
    setBusy(false);
    setAsking(false);
    setProblem(answer.ok ? undefined : answer.reason);
  };
  const setRole = (value: string) => {
    const role = ROLES.find((one) => one === value);
    if (role) void run(changeRole(member.project_id, member.user_id, role));
  };
  return (
    <li className={classes.member}>
      <PersonAvatar id={member.user_id} name={name} size={28} labelled={false} />
      <span className={classes.memberName}>
        {name}
        {isSelf && <span className={classes.quiet}> · you</span>}
      </span>
      <RoleSelect label={`Role of ${name}`} value={member.role} disabled={busy} onChange={setRole} />
      {asking ? (
        <span className={classes.ask}>
          <Button
            color="red"
            variant="light"
            loading={busy}
            onClick={() => void run(removeMember(member.project_id, member.user_id))}
          >
            Remove {isSelf ? 'yourself' : name}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => setAsking(false)}>
            Keep
          </Button>
        </span>
      ) : (
        <Button variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={() => setAsking(true)}>
          Remove
        </Button>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
    </li>
  );
}

interface RoleSelectProps {
  label: string;
  value: Role;
  disabled: boolean;
  onChange: (value: string) => void;
}

function RoleSelect({ label, value, disabled, onChange }: RoleSelectProps) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      className={classes.role}
      disabled={disabled}
      data={ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role] }))}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
