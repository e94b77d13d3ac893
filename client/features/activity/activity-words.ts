import type { NameOf } from '../../ui/field-words.ts';
import { policyWords } from '../../ui/policy-words.ts';
import { type Change, type FieldChange, isOpenProposal, type OtherChange, theField } from './change.ts';

/** What stands behind the sentence: values of a field, or texts; null where there is nothing to show. */
export type ShownValues =
  | { readonly kind: 'field'; readonly before: boolean; readonly after: boolean }
  | { readonly kind: 'text'; readonly before: string | null; readonly after: string | null }
  | null;

/** A sentence that follows the actor's name, with what is shown behind it. */
export interface ActivityWords {
  readonly text: string;
  readonly values: ShownValues;
}

export function activityWords(change: Change, nameOf: NameOf): ActivityWords {
  return change.kind === 'field' ? fieldSentence(change) : otherSentence(change, nameOf);
}

const BOTH = { kind: 'field', before: true, after: true } as const;
const ONLY_AFTER = { kind: 'field', before: false, after: true } as const;

function fieldSentence(change: FieldChange): ActivityWords {
  const { field, action, outcome, before, after } = change;
  // A place on the board has no words of its own.
  const values = (shown: ShownValues) => (field === 'rank' ? null : shown);
  if (action === 'resolved') return answerSentence(change, values);
  if (outcome === 'review') {
    const text = `proposed another value for ${theField(field)}`;
    return { text, values: isOpenProposal(change) ? null : values(ONLY_AFTER) };
  }
  if (outcome === 'kept')
    return { text: `wanted to change ${theField(field)} to`, values: values(ONLY_AFTER) };
  const shown = before === after ? ONLY_AFTER : BOTH;
  return { text: `changed ${theField(field)}`, values: values(shown) };
}

function answerSentence(
  { field, outcome, before, after }: FieldChange,
  values: (shown: ShownValues) => ShownValues,
): ActivityWords {
  if (outcome !== 'applied') {
    return { text: `answered the question about ${theField(field)} with`, values: values(ONLY_AFTER) };
  }
  if (before === after) return { text: `decided: ${theField(field)} stays`, values: values(ONLY_AFTER) };
  return { text: `decided: ${theField(field)} becomes`, values: values(BOTH) };
}

function otherSentence(change: OtherChange, nameOf: NameOf): ActivityWords {
  const { subject, subjectId, action, before, after } = change;
  const plain = (text: string): ActivityWords => ({ text, values: null });
  const valued = (text: string, from: string | null, to: string | null): ActivityWords => ({
    text,
    values: from === null && to === null ? null : { kind: 'text', before: from, after: to },
  });
  switch (subject) {
    case 'ticket':
      return plain(
        change.rule === 'import' ? 'imported this ticket' : (TICKET_WORDS[action] ?? `${action} this ticket`),
      );
    case 'comment':
      return commentSentence(change);
    case 'label':
      return labelSentence(change);
    case 'description':
      return plain(`${action} the description`);
    case 'member':
      return memberSentence(change, nameOf(subjectId ?? ''));
    case 'policy':
      return policySentence(change);
    case 'project':
      return valued('renamed the project', textOf(before), textOf(after));
    default:
      return valued(`${action} ${subject}`, textOf(before), textOf(after));
  }
}

const TICKET_WORDS: Readonly<Record<string, string>> = {
  created: 'created this ticket',
  deleted: 'moved this ticket to the trash',
  restored: 'took this ticket out of the trash',
};

function commentSentence({ action, before, after }: OtherChange): ActivityWords {
  const from = excerpt(textOf(before));
  if (action === 'deleted')
    return { text: 'deleted a comment', values: { kind: 'text', before: from, after: null } };
  const to = excerpt(textOf(after));
  if (action === 'changed')
    return { text: 'edited a comment', values: { kind: 'text', before: from, after: to } };
  return { text: 'commented', values: { kind: 'text', before: null, after: to } };
}

function labelSentence({ action, before, after }: OtherChange): ActivityWords {
  const name = textOf(after) ?? textOf(before) ?? '';
  const removed = action === 'removed' || action === 'deleted';
  const verb = removed
    ? 'removed'
    : action === 'created'
      ? 'made'
      : action === 'changed'
        ? 'changed'
        : 'added';
  return { text: `${verb} the label ${name}`.trimEnd(), values: null };
}

function memberSentence({ action, before, after }: OtherChange, name: string): ActivityWords {
  const [from, to] = [roleOf(before), roleOf(after)];
  if (action === 'added') return { text: `added ${name} as ${to}`, values: null };
  if (action === 'removed') return { text: `removed ${name}, who was ${from}`, values: null };
  return { text: `changed the role of ${name}`, values: { kind: 'text', before: from, after: to } };
}

const roleOf = (role: unknown): string => textOf(role) ?? 'a member';

function policySentence({ subjectId, before, after }: OtherChange): ActivityWords {
  const { field, words } = policyWords(subjectId ?? '');
  return {
    text: `changed what happens when edits of ${field} meet`,
    values: { kind: 'text', before: words(textOf(before)), after: words(textOf(after)) },
  };
}

/** What a value of unknown form says in a line: a text, or a name inside it. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value !== null && typeof value === 'object' && 'name' in value) return textOf(value.name);
  return null;
}

const EXCERPT = 140;
const excerpt = (text: string | null): string | null =>
  text !== null && text.length > EXCERPT ? `${text.slice(0, EXCERPT).trimEnd()}…` : text;
