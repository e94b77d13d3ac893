import { isTerminal, STATUSES, type Status } from '../../../shared/tickets/ticket.ts';

/** What a list shows, as its address says it: `?status=todo,in_progress&q=cache`. Absent means everything. */
export interface ListSearch {
  readonly status?: string;
  readonly q?: string;
}

/** The same in the list's terms. No statuses: all of them. */
export interface ListFilter {
  readonly statuses: readonly Status[];
  readonly text: string;
}

export const EVERYTHING: ListFilter = { statuses: [], text: '' };

/** Reads the address; what it does not know it leaves out, so that an old link still opens a list. */
export function parseListSearch(raw: Readonly<Record<string, unknown>>): ListSearch {
  return toSearch({ statuses: statusesIn(wordOf(raw.status)), text: wordOf(raw.q) });
}

export function toFilter(search: ListSearch): ListFilter {
  return { statuses: statusesIn(search.status ?? ''), text: search.q ?? '' };
}

/** In board order and without doubles, so that one filter has one address. */
export function toSearch({ statuses, text }: ListFilter): ListSearch {
  const named = STATUSES.filter((status) => statuses.includes(status));
  const all = named.length === STATUSES.length || named.length === 0;
  return {
    ...(all ? {} : { status: named.join(',') }),
    ...(text.trim() === '' ? {} : { q: text }),
  };
}

export function toggleStatus(filter: ListFilter, status: Status): ListFilter {
  const chosen = filter.statuses.includes(status);
  const statuses = chosen ? filter.statuses.filter((one) => one !== status) : [...filter.statuses, status];
  return { ...filter, statuses };
}

export interface Preset {
  readonly name: string;
  readonly statuses: readonly Status[];
}

/** The views people switch between all day. */
export const PRESETS: readonly Preset[] = [
  { name: 'All', statuses: [] },
  { name: 'Active', statuses: ['todo', 'in_progress', 'in_review'] },
  { name: 'Backlog', statuses: ['backlog'] },
  { name: 'Closed', statuses: STATUSES.filter(isTerminal) },
];

/** The preset that shows exactly this, if one does. */
export function presetOf({ statuses }: ListFilter): Preset | undefined {
  return PRESETS.find(
    (preset) =>
      preset.statuses.length === statuses.length && preset.statuses.every((one) => statuses.includes(one)),
  );
}

export const isFiltered = (filter: ListFilter): boolean =>
  filter.statuses.length > 0 || filter.text.trim() !== '';

const wordOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function statusesIn(words: string): readonly Status[] {
  const named = words.split(',');
  return STATUSES.filter((status) => named.includes(status));
}
