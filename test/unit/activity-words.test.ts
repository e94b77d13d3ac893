import { describe, expect, it } from 'vitest';
import { activityWords } from '../../client/features/activity/activity-words.ts';
import { readChange } from '../../client/features/activity/change.ts';
import { outcomeWords } from '../../client/features/activity/outcome-words.ts';
import { restorable } from '../../client/features/activity/restorable.ts';
import type { ActivityEntry } from '../../client/local-db/activity-query.ts';

const names: Readonly<Record<string, string>> = { u1: 'Ada', u2: 'Priya' };
const nameOf = (id: string) => names[id] ?? 'somebody';

/** A line of the log; `before` and `after` as values, which the table holds as JSON. */
function changed(over: Partial<ActivityEntry> & { from?: unknown; to?: unknown }) {
  const { from = null, to = null, ...columns } = over;
  return readChange({
    id: 'a1',
    project_id: 'p1',
    ticket_id: 't1',
    subject: 'status',
    subject_id: null,
    action: 'changed',
    before: from === null ? null : JSON.stringify(from),
    after: to === null ? null : JSON.stringify(to),
    actor_id: 'u1',
    device_id: null,
    op_id: null,
    outcome: 'applied',
    rule: null,
    overwrote_id: null,
    made_at: null,
    offline_since: null,
    created_at: '2026-11-22T14:00:00Z',
    ticket_number: 1,
    ticket_title: 'A ticket',
    ticket_deleted_at: null,
    standing: null,
    comment_author: null,
    conflict_base: null,
    conflict_proposed: null,
    conflict_state: null,
    ...columns,
  });
}

const sentence = (over: Parameters<typeof changed>[0]) => activityWords(changed(over), nameOf);
const note = (over: Parameters<typeof changed>[0]) => outcomeWords(changed(over), nameOf);

describe('a change in a sentence', () => {
  it('says which field, and shows before and after', () => {
    expect(sentence({ from: 'todo', to: 'done' })).toEqual({
      text: 'changed the status',
      values: { kind: 'field', before: true, after: true },
    });
  });

  it('says what was only wanted, proposed or decided', () => {
    expect(sentence({ action: 'proposed', outcome: 'kept', to: 'todo' }).text).toBe(
      'wanted to change the status to',
    );
    const proposal = { subject: 'estimate', action: 'proposed', outcome: 'review', to: 5 } as const;
    expect(sentence(proposal)).toEqual({
      text: 'proposed another value for the estimate',
      values: { kind: 'field', before: false, after: true },
    });
    expect(sentence({ action: 'resolved', from: 'todo', to: 'todo' }).text).toBe('decided: the status stays');
    expect(sentence({ action: 'resolved', from: 'todo', to: 'done' }).text).toBe(
      'decided: the status becomes',
    );
  });

  it('leaves the values of a question that waits to where all three stand (C3)', () => {
    const proposal = { subject: 'estimate', action: 'proposed', outcome: 'review', to: 5 } as const;
    const open = { ...proposal, conflict_state: 'open' };
    expect(sentence({ ...open, conflict_proposed: '5' }).values).toBeNull();
    expect(sentence({ ...open, conflict_proposed: '8' }).values).not.toBeNull();
    expect(sentence({ ...open, conflict_proposed: '5', conflict_state: 'resolved' }).values).not.toBeNull();
  });

  it('says what happened to tickets, labels and members', () => {
    expect(sentence({ subject: 'ticket', action: 'deleted' }).text).toBe('moved this ticket to the trash');
    expect(sentence({ subject: 'ticket', action: 'created', rule: 'import' }).text).toBe(
      'imported this ticket',
    );
    expect(sentence({ subject: 'label', action: 'removed', from: 'bug' }).text).toBe('removed the label bug');
    expect(sentence({ subject: 'label', action: 'created', to: { name: 'bug', color: 'red' } }).text).toBe(
      'made the label bug',
    );
    expect(sentence({ subject: 'member', subject_id: 'u2', action: 'added', to: 'viewer' }).text).toBe(
      'added Priya as viewer',
    );
  });

  it('says a policy as the settings do (C10)', () => {
    const words = sentence({ subject: 'policy', subject_id: 'title', from: 'last-write-wins', to: 'review' });
    expect(words).toEqual({
      text: 'changed what happens when edits of the title meet',
      values: { kind: 'text', before: 'The last edit stands', after: 'A person decides' },
    });
  });
});

describe('what became of it', () => {
  it('says the rule in words where one kept the value (C7, C8)', () => {
    expect(
      note({ outcome: 'kept', action: 'proposed', rule: 'terminal-wins', from: 'done', to: 'todo' }),
    ).toBe('Kept Done: finished tickets are not reopened by older edits.');
    expect(
      note({ subject: 'priority', outcome: 'kept', rule: 'higher-wins', from: 'urgent', to: 'low' }),
    ).toBe('Kept Urgent: of two priorities chosen at once, the more urgent one stands.');
  });

  it('says what was overwritten, whose it was, and since when its author was offline', () => {
    const words = note({
      subject: 'title',
      from: 'Theirs',
      to: 'Mine',
      rule: 'last-write-wins',
      overwrote_id: 'u2',
      offline_since: '2026-11-22T09:30:00.000Z',
    });
    expect(words).toMatch(
      /^Overwrote “Theirs” of Priya: the last edit stands\. Made offline since 22 Nov 2026, \d\d:\d\d\.$/,
    );
  });

  it('says why a question was asked, and whether it still waits (C11, C12, C13)', () => {
    const review = { subject: 'due_on', outcome: 'review', action: 'proposed', rule: 'review' } as const;
    expect(note({ ...review, conflict_state: 'open' })).toBe(
      'By then somebody else had changed the due date. It waits for a decision.',
    );
    expect(note({ ...review, rule: null, conflict_state: 'resolved' })).toBe(
      'The ticket was in the trash by then. It has been decided.',
    );
    expect(note({ action: 'resolved', outcome: 'kept' })).toBe('Not taken: somebody had answered first.');
  });

  it('says nothing where an edit simply applied', () => {
    expect(note({ from: 'todo', to: 'done' })).toBeNull();
  });
});

describe('what a line can bring back', () => {
  it('is what an applied change replaced', () => {
    expect(restorable(changed({ subject: 'title', from: 'Old', to: 'New', standing: 'New' }))).toEqual({
      kind: 'field',
      field: 'title',
      value: 'Old',
    });
  });

  it('is what a change wanted that did not come through', () => {
    const kept = { outcome: 'kept', from: 'done', to: 'todo', standing: 'done' } as const;
    expect(restorable(changed(kept))).toMatchObject({ value: 'todo' });
  });

  it('is “nobody” and “no due date” as well', () => {
    expect(restorable(changed({ subject: 'assignee_id', to: 'u1', standing: 'u1' }))).toMatchObject({
      value: null,
    });
  });

  it('is nothing where the value stands already, whatever form it is in (C5)', () => {
    expect(restorable(changed({ subject: 'estimate', from: 3, to: 5, standing: '3.0' }))).toBeNull();
  });

  it('is a removed label that is not back, and the text before an edit of a comment', () => {
    const label = { subject: 'label', subject_id: 'l1', action: 'removed', from: 'bug' } as const;
    expect(restorable(changed(label))).toEqual({ kind: 'label', labelId: 'l1' });
    expect(restorable(changed({ ...label, standing: 'l1' }))).toBeNull();
    const comment = {
      subject: 'comment',
      subject_id: 'c1',
      from: 'Old',
      to: 'New',
      standing: 'New',
    } as const;
    expect(restorable(changed(comment))).toEqual({ kind: 'comment', commentId: 'c1', body: 'Old' });
  });
});
