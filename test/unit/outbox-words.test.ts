import { describe, expect, it } from 'vitest';
import { exportFile } from '../../client/features/outbox/export-file.ts';
import { opText } from '../../client/features/outbox/op-words.ts';
import { type WaitingOp, waitingOp } from '../../client/local-db/outbox/entries.ts';
import { mentionOf, mentionsIn, withPlainMentions } from '../../shared/tickets/mentions.ts';

const nameOf = (id: string): string => (id === 'p' ? 'Priya' : 'somebody');

function op(over: Readonly<Record<string, unknown>>): WaitingOp {
  const { data, old, ...rest } = over;
  return waitingOp.parse({
    op_id: 1,
    op: 'PATCH',
    table_name: 'tickets',
    row_id: 'row',
    data: data === undefined ? null : JSON.stringify(data),
    old: old === undefined ? null : JSON.stringify(old),
    metadata: null,
    ticket_id: 'row',
    ticket_title: 'Brakes squeal',
    ticket_number: 12,
    project_key: 'DEMO',
    sent: 0,
    ...rest,
  });
}

describe('an op in words', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['Status of DEMO-12: To do → Done', { data: { status: 'done' }, old: { status: 'todo' } }],
    ['Assignee of DEMO-12: nobody → Priya', { data: { assignee_id: 'p' }, old: { assignee_id: null } }],
    [
      'Title of DEMO-12: Old → New; Priority of DEMO-12: No priority → High',
      { data: { title: 'New', priority: 'high' }, old: { title: 'Old', priority: 'none' } },
    ],
    [
      'Due date of “Brakes squeal”: 2 Jan 2026 → no due date',
      { ticket_number: null, data: { due_on: null }, old: { due_on: '2026-01-02' } },
    ],
    ['Board position of DEMO-12', { data: { rank: 'b' }, old: { rank: 'a' } }],
    [
      'New ticket: Crash at start; Priority: High',
      {
        op: 'PUT',
        data: { title: 'Crash at start', status: 'todo', priority: 'high', rank: '', estimate: null },
      },
    ],
    [
      'Comment on DEMO-12: Ask @Priya',
      { op: 'PUT', table_name: 'comments', data: { body: 'Ask @[Priya](person:p)' } },
    ],
    ['Comment on DEMO-12: a → b', { table_name: 'comments', data: { body: 'b' }, old: { body: 'a' } }],
    ['Comment on DEMO-12 deleted: a', { op: 'DELETE', table_name: 'comments', old: { body: 'a' } }],
    ['Label added to DEMO-12: bug', { op: 'PUT', table_name: 'ticket_labels', label_name: 'bug' }],
    ['Label removed from DEMO-12: bug', { op: 'DELETE', table_name: 'ticket_labels', label_name: 'bug' }],
    ['New label: bug', { op: 'PUT', table_name: 'labels', data: { name: 'bug' } }],
    [
      'Decision on the assignee of DEMO-12: Priya',
      { table_name: 'conflicts', conflict_field: 'assignee_id', data: { resolution: '"p"' } },
    ],
    ['Notice read', { table_name: 'notices', data: { read_at: '2026-03-01T10:00:00.000Z' } }],
    ['Change of elsewhere', { table_name: 'elsewhere', data: { x: 1 } }],
  ])('%s', (expected, over) => {
    expect(opText(op(over), nameOf)).toBe(expected);
  });
});

describe('the export of what was not sent', () => {
  it('holds every sentence, every text and the queue itself', () => {
    const file = exportFile({
      ops: [op({ data: { title: '``` fence' }, old: { title: 'Old' } })],
      descriptions: [{ ticketId: 't1', markdown: 'Words **written** offline.' }],
      at: new Date('2026-03-01T10:00:00.000Z'),
      nameOf,
    });
    expect(file).toContain('- Title of DEMO-12: Old → ``` fence');
    expect(file).toContain('Words **written** offline.');
    const json = file.slice(file.indexOf('````json') + 8, file.lastIndexOf('````'));
    expect(JSON.parse(json)).toMatchObject([{ table: 'tickets', data: { title: '``` fence' } }]);
  });
});

describe('mentions in a comment', () => {
  it('are found once each, and not in code', () => {
    const text = `Hi ${mentionOf({ id: 'p', name: 'Priya [QA]' })} and @[Priya](person:p), \`@[X](person:x)\`, @nobody`;
    expect(mentionsIn(text).map(({ id }) => id)).toEqual(['p']);
    expect(mentionsIn('```\n@[X](person:x)\n```')).toEqual([]);
  });

  it('read as names', () => {
    expect(withPlainMentions(`Ask ${mentionOf({ id: 'p', name: 'Priya [QA]' })}!`)).toBe('Ask @Priya QA!');
  });
});
