import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { ROLES, type Role } from '../../../shared/permissions/can.ts';
import type { Answer } from '../../local-db/ask-server.ts';
import { useLocalData } from '../../local-db/context.ts';
import { useMembers, useProfiles } from '../../local-db/hooks.ts';
import type { Member, Project } from '../../local-db/rows.ts';
import { refusalOf, useOfflineReason, usePermit } from '../../local-db/use-permissions.ts';
import { PersonAvatar } from '../../ui/person-avatar.tsx';
import { AddMember } from './add-member.tsx';
import { changeRole, removeMember } from './projects-api.ts';
import { ROLE_WORDS } from './role-words.ts';
import classes from './settings.module.css';

/** Who is in a project and what they may do. Online only; while it cannot be changed it says why. */
export function ProjectSettings({ project }: { project: Project }) {
  const permit = usePermit();
  const offline = useOfflineReason();
  const refusal = refusalOf(permit('members.manage', { projectId: project.id })) ?? offline;
  return (
    <div className={classes.page}>
      <header>
        <h1 className={classes.title}>{project.name}</h1>
        <p className={classes.quiet}>
          Key <span className={classes.key}>{project.key}</span>
        </p>
      </header>
      <section aria-labelledby="members-heading">
        <h2 id="members-heading" className={classes.sectionTitle}>
          Members
        </h2>
        <p className={classes.quiet}>
          Admins manage members, settings and imports. Members write. Viewers read.
        </p>
        {refusal ? (
          <p className={classes.reason} role="note">
            {refusal}
          </p>
        ) : (
          <AddMember projectId={project.id} />
        )}
        <MemberList projectId={project.id} refusal={refusal} />
      </section>
    </div>
  );
}

function MemberList({ projectId, refusal }: { projectId: string; refusal: string | undefined }) {
  const profiles = useProfiles();
  const { userId } = useLocalData();
  const members = useMembers(projectId)
    .rows.map((member) => ({ member, name: profiles.get(member.user_id)?.name ?? 'Somebody' }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <ul className={classes.members}>
      {members.map(({ member, name }) => (
        <MemberLine
          key={member.id}
          member={member}
          name={name}
          isSelf={member.user_id === userId}
          refusal={refusal}
        />
      ))}
    </ul>
  );
}

interface MemberLineProps {
  member: Member;
  name: string;
  isSelf: boolean;
  refusal: string | undefined;
}

function MemberLine({ member, name, isSelf, refusal }: MemberLineProps) {
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
      <RoleSelect
        label={`Role of ${name}`}
        value={member.role}
        disabled={Boolean(refusal) || busy}
        title={refusal}
        onChange={setRole}
      />
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
        <Button
          variant="subtle"
          color="gray"
          disabled={Boolean(refusal)}
          title={refusal}
          aria-label={`Remove ${name}`}
          onClick={() => setAsking(true)}
        >
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
  title?: string;
  onChange: (value: string) => void;
}

function RoleSelect({ label, value, disabled, title, onChange }: RoleSelectProps) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      className={classes.role}
      disabled={disabled}
      title={title}
      data={ROLES.map((role) => ({ value: role, label: ROLE_WORDS[role] }))}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
