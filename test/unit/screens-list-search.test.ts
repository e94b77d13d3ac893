import { describe, expect, it } from 'vitest';
import {
  EVERYTHING,
  isFiltered,
  PRESETS,
  parseListSearch,
  presetOf,
  toFilter,
  toggleStatus,
  toSearch,
} from '../../client/features/ticket-list/list-search.ts';

describe('the address of a list', () => {
  it('says nothing for everything', () => {
    expect(toSearch(EVERYTHING)).toEqual({});
    expect(toFilter({})).toEqual(EVERYTHING);
  });

  it('gives one filter one address, whatever the order it was chosen in', () => {
    const one = toSearch({ statuses: ['done', 'todo'], text: '' });
    const other = toSearch({ statuses: ['todo', 'done', 'todo'], text: '' });
    expect(one).toEqual(other);
    expect(one).toEqual({ status: 'todo,done' });
  });

  it('survives the way through the address', () => {
    const filter = { statuses: ['in_review', 'done'], text: 'cache & key' } as const;
    expect(toFilter(parseListSearch({ ...toSearch(filter) }))).toEqual(filter);
  });

  it('leaves out what it does not know', () => {
    expect(parseListSearch({ status: 'todo,frozen', q: ['x'], page: 3 })).toEqual({ status: 'todo' });
    expect(parseListSearch({ status: { $ne: 1 } })).toEqual({});
  });

  it('keeps a search for a number as words', () => {
    expect(parseListSearch({ q: 404 })).toEqual({ q: '404' });
  });

  it('reads all statuses as no filter', () => {
    const all = parseListSearch({ status: 'backlog,todo,in_progress,in_review,done,cancelled' });
    expect(all).toEqual({});
  });
});

describe('filters', () => {
  it('toggles a status on and off', () => {
    const on = toggleStatus(EVERYTHING, 'done');
    expect(on.statuses).toEqual(['done']);
    expect(toggleStatus(on, 'done')).toEqual(EVERYTHING);
  });

  it('recognises each preset whatever its order', () => {
    for (const preset of PRESETS) {
      expect(presetOf({ statuses: [...preset.statuses].reverse(), text: 'x' })?.name).toBe(preset.name);
    }
    expect(presetOf({ statuses: ['todo', 'done'], text: '' })).toBeUndefined();
  });

  it('does not take blanks for a search', () => {
    expect(isFiltered({ statuses: [], text: '  ' })).toBe(false);
    expect(isFiltered({ statuses: [], text: 'a' })).toBe(true);
  });
});
