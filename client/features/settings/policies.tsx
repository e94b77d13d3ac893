import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { policyChoices } from '../../../shared/conflict/policy.ts';
import { FIELD_NAMES, type FieldName, fieldOf } from '../../../shared/tickets/fields.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import { type FieldPolicy, useFieldPolicies } from '../../local-db/policy-hooks.ts';
import { policyChoiceWords } from '../../ui/policy-words.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { choosePolicy } from './projects-api.ts';
import classes from './settings.module.css';

/** What happens when two people who were apart changed the same thing: an admin's choice, field by field (C10). */
export function Policies({ projectId }: { projectId: string }) {
  const policyOf = useFieldPolicies(projectId);
  if (!policyOf) return null;
  return (
    <>
      <p className={classes.quiet}>
        Two people who are apart can change the same field. Choose for each field what happens then. A choice
        holds for edits that arrive from now on, and stands in the activity. Changes of different fields never
        get in each other’s way.
      </p>
      <ul className={classes.policies}>
        {FIELD_NAMES.map((field) => (
          <PolicyLine key={field} projectId={projectId} field={field} now={policyOf(field)} />
        ))}
      </ul>
      <h3 className={classes.groupTitle}>Always the same</h3>
      <dl className={classes.fixed}>
        {FIXED.map(({ what, name, meaning }) => (
          <div key={what} className={classes.policy}>
            <dt className={classes.policyField}>{what}</dt>
            <dd className={classes.policyWords}>
              <span className={classes.policyName}>{name}</span>
              <span className={classes.quiet}>{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

const FIXED = [
  {
    what: 'Labels',
    name: 'Both sides stand',
    meaning: 'What one adds and another removes are both done; nobody’s addition is lost.',
  },
  {
    what: 'Description',
    name: 'Text merges',
    meaning:
      'Words of both sides stay, letter by letter. Where both rewrote the same passage, it waits in Review.',
  },
  {
    what: 'Delete, members, settings',
    name: 'Online only',
    meaning: 'Cannot be done apart, so it never meets an older edit. Locked while a device is offline.',
  },
] as const;

interface PolicyLineProps {
  projectId: string;
  field: FieldName;
  now: FieldPolicy;
}

function PolicyLine({ projectId, field, now }: PolicyLineProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { label, defaultPolicy } = fieldOf(field);
  const choices = policyChoices(field);
  const choose = async (value: string) => {
    const policy = choices.find((choice) => choice === value);
    if (!policy) return;
    setBusy(true);
    const answer = await choosePolicy(projectId, field, policy);
    setBusy(false);
    setProblem(answer.ok ? undefined : answer.reason);
  };
  return (
    <li className={classes.policy}>
      <span className={classes.policyField}>{label}</span>
      <div className={classes.policyWords}>
        <NativeSelect
          size="xs"
          className={classes.policyChoice}
          aria-label={`When edits of ${label.toLowerCase()} meet`}
          disabled={busy}
          data={choices.map((policy) => ({
            value: policy,
            label: policyChoiceWords(field, policy).name + (policy === defaultPolicy ? ' (default)' : ''),
          }))}
          value={now.policy}
          onChange={(event) => void choose(event.currentTarget.value)}
        />
        <span className={classes.quiet}>{policyChoiceWords(field, now.policy).meaning}</span>
        <LastChange now={now} />
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
      </div>
    </li>
  );
}

function LastChange({ now: { isDefault, lastChange } }: { now: FieldPolicy }) {
  const profiles = useProfiles();
  if (!lastChange)
    return isDefault ? null : <span className={classes.changed}>Changed from the default</span>;
  const name = profiles.get(lastChange.actor_id)?.name ?? 'somebody';
  return (
    <span className={classes.changed}>
      {isDefault ? 'Set back to the default' : 'Changed'} by {name}{' '}
      <RelativeTime at={lastChange.created_at} />
    </span>
  );
}
