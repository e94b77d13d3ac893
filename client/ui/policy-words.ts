import { type FieldName, fieldOf, isFieldName, POLICIES, type Policy } from '../../shared/tickets/fields.ts';

/** A policy as a choice, and what it means for two people who were apart. */
export interface PolicyChoiceWords {
  readonly name: string;
  readonly meaning: string;
}

const RULES: Readonly<Record<string, PolicyChoiceWords>> = {
  'terminal-wins': {
    name: 'Finished stays finished',
    meaning: 'Finished tickets are not reopened by older edits. Done against cancelled is asked.',
  },
  'higher-wins': {
    name: 'The more urgent stands',
    meaning: 'Of two priorities chosen at once, the more urgent one stands.',
  },
};

const CHOICES: Readonly<Record<Policy, PolicyChoiceWords>> = {
  rule: { name: 'A rule decides', meaning: 'A rule chooses between the two values.' },
  'last-write-wins': {
    name: 'The last edit stands',
    meaning: 'The edit that arrives last applies. The other value stays in the activity, one click away.',
  },
  review: {
    name: 'A person decides',
    meaning: 'The value that stands stays, and both wait in Review until somebody chooses.',
  },
};

/** What a policy is called for a field, and what it means there. */
export function policyChoiceWords(field: FieldName, policy: Policy): PolicyChoiceWords {
  const rule = policy === 'rule' ? fieldOf(field).rule : undefined;
  return (rule && RULES[rule]) ?? CHOICES[policy];
}

/** For lines of the log, where field and policy are texts. */
export function policyWords(field: string): {
  readonly field: string;
  readonly words: (policy: string | null) => string | null;
} {
  if (!isFieldName(field)) return { field: field || 'a field', words: (policy) => policy };
  const known = (policy: string | null) => POLICIES.find((name) => name === policy);
  return {
    field: `the ${fieldOf(field).label.toLowerCase()}`,
    words: (policy) => {
      const found = known(policy);
      return found ? policyChoiceWords(field, found).name : policy;
    },
  };
}
