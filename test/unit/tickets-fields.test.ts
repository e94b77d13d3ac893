import { describe, expect, it } from 'vitest';
import { type FieldName, normalise } from '../../shared/tickets/fields.ts';

describe('what is wrong with a value', () => {
  it.each<[FieldName, unknown, string]>([
    ['status', 'frozen', 'Status: not one of backlog, todo, in progress, in review, done and cancelled'],
    ['status', null, 'Status: not one of backlog, todo, in progress, in review, done and cancelled'],
    ['priority', 3, 'Priority: not one of none, low, medium, high and urgent'],
    ['title', ' ', 'Title: a title is needed'],
    ['title', 'x'.repeat(501), 'Title: at most 500 characters'],
    ['assignee_id', 7, 'Assignee: not a person'],
    ['due_on', '2026-02-30', 'Due date: not a date (expected YYYY-MM-DD)'],
    ['estimate', 'much', 'Estimate: not a number'],
    ['estimate', -1, 'Estimate: not below zero'],
    ['rank', 1, 'Board position: not a position'],
  ])('is said in words: %s %j', (field, value, reason) => {
    const problem = reason.slice(reason.indexOf(': ') + 2);
    expect(normalise(field, value)).toEqual({ ok: false, reason, problem });
  });
});
