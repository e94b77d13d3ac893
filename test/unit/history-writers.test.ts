import { describe, expect, it } from 'vitest';
import { writersBetween } from '../../client/features/history/writers.ts';
import type { VersionEntry, VersionKind } from '../../shared/protocol/versions.ts';

const AT = '2026-11-22T12:00:00.000Z';

function version(id: string, kind: VersionKind, ...people: string[]): VersionEntry {
  const authors = people.map((person) => ({ id: person, started_at: AT, ended_at: AT, edits: 1 }));
  return { id, kind, started_at: AT, ended_at: AT, authors, review_id: null };
}

/** The newest first. */
const VERSIONS = [
  version('6', 'session', 'priya'),
  version('5', 'before-restore', 'mira'),
  version('4', 'session', 'jonas', 'priya'),
  version('3', 'before-merge', 'priya'),
  version('2', 'session', 'jonas'),
  version('1', 'session', 'mira'),
];

describe('who wrote what differs between two versions (D13)', () => {
  it.each<[string, string, string | null, string[]]>([
    ['a version and the one before it', '2', '1', ['jonas']],
    ['the first and nothing', '1', null, ['mira']],
    ['several sessions, whichever way round', '1', '4', ['jonas', 'priya']],
    ['a restore and what came of it: not who restored', '6', '5', ['priya']],
    ['a side of an offline merge: nobody can tell', '4', '3', []],
    ['what stands now: nobody can tell', '4', 'now', []],
  ])('%s', (_words, newer, older, writers) => {
    expect(writersBetween(VERSIONS, newer, older)).toEqual(writers);
  });
});
