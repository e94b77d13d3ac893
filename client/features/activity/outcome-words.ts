import { RULE_WORDS } from '../../../shared/conflict/outcome.ts';
import { isTerminal, STATUSES } from '../../../shared/tickets/ticket.ts';
import { fieldWords, type NameOf } from '../../ui/field-words.ts';
import { exactTime } from '../../ui/time-words.ts';
import { type Change, type FieldChange, theField } from './change.ts';

/** What became of an edit, where that needs saying: which rule decided, whose value it overwrote, since when apart. */
export function outcomeWords(change: Change, nameOf: NameOf): string | null {
  const sentences = [decision(change, nameOf), offlineWords(change.offlineSince)];
  return sentences.filter((sentence) => sentence !== null).join(' ') || null;
}

function decision(change: Change, nameOf: NameOf): string | null {
  if (change.kind === 'other') {
    return change.rule === 'last-write-wins'
      ? 'Overwrote another edit made meanwhile: the last edit stands.'
      : null;
  }
  switch (change.outcome) {
    case 'kept':
      return keptWords(change, nameOf);
    case 'review':
      return reviewWords(change);
    case 'merged':
      return 'A step on the way: changed again on the same device before it was sent.';
    default:
      return overwroteWords(change, nameOf);
  }
}

function keptWords(change: FieldChange, nameOf: NameOf): string {
  if (change.action === 'resolved') return 'Not taken: somebody had answered first.';
  const rule = ruleWords(change.rule);
  return `Kept ${said(change, 'before', nameOf)}${rule ? `: ${rule}` : ''}.`;
}

const QUESTION_STATES: Readonly<Record<string, string>> = {
  open: 'It waits for a decision.',
  resolved: 'It has been decided.',
  superseded: 'Nothing is left to decide.',
};

function reviewWords({ action, field, rule, question }: FieldChange): string {
  const why =
    action === 'resolved'
      ? `By then ${theField(field)} had changed again, so the question was asked once more.`
      : rule === null
        ? 'The ticket was in the trash by then.'
        : `By then somebody else had changed ${theField(field)}.`;
  const state = question && QUESTION_STATES[question.state];
  return state ? `${why} ${state}` : why;
}

function overwroteWords(change: FieldChange, nameOf: NameOf): string | null {
  if (change.overwroteId === null) return null;
  return `Overwrote ${said(change, 'before', nameOf)} of ${nameOf(change.overwroteId)}: ${overwriteReason(change)}.`;
}

/** Why the later of two values stands. */
function overwriteReason({ rule, before }: FieldChange): string {
  if (rule !== 'terminal-wins') return ruleWords(rule) ?? 'the last edit stands';
  const finished = STATUSES.find((status) => status === before);
  return finished && isTerminal(finished) ? 'its author had seen it finished' : 'the last edit stands';
}

const ruleWords = (rule: string | null): string | null =>
  rule === 'terminal-wins' || rule === 'higher-wins' ? RULE_WORDS[rule] : null;

function said({ field, ...change }: FieldChange, side: 'before' | 'after', nameOf: NameOf): string {
  const words = fieldWords(field, change[side], nameOf);
  return field === 'title' ? `“${words}”` : words;
}

function offlineWords(since: string | null): string | null {
  const time = since === null ? Number.NaN : Date.parse(since);
  return Number.isNaN(time) ? null : `Made offline since ${exactTime(time)}.`;
}
