import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_OWNER, readCliOptions } from '../../server/import/cli-options.ts';
import { convertTicket } from '../../server/import/convert.ts';
import { linesOf } from '../../server/import/lines.ts';
import { MAX_LINE_LENGTH, parseLine, type SourceTicket } from '../../server/import/parse.ts';

const NOW = new Date('2026-01-01T00:00:00.000Z');

function parsed(line: unknown): SourceTicket {
  const result = parseLine(JSON.stringify(line));
  if (!result.ok) throw new Error(result.reason);
  return result.ticket;
}

const reasonOf = (line: unknown): string => {
  const result = parseLine(typeof line === 'string' ? line : JSON.stringify(line));
  return result.ok ? '' : result.reason;
};

describe('a line of an import', () => {
  test('reads people and labels as names or as GitHub writes them', () => {
    const ticket = parsed({
      title: 'x',
      author: { login: 'ada' },
      labels: ['a', { name: 'b' }],
      assignee: null,
    });
    expect(ticket).toMatchObject({ author: 'ada', assignee: null, labels: ['a', 'b'] });
  });

  test('reads times as milliseconds or ISO 8601', () => {
    const ticket = parsed({ title: 'x', created_at: 1_600_000_000_000, updated_at: '2020-09-13T12:26:40Z' });
    expect(ticket.created_at).toBe(ticket.updated_at);
  });

  test.each([
    [{ open: true }, 'todo'],
    [{ open: false }, 'done'],
    [{ state: 'closed' }, 'done'],
    [{}, 'todo'],
    [{ status: 'in_review' }, 'in_review'],
    [{ open: false, status: 'cancelled' }, 'cancelled'],
    [{ open: false, status: 'in_progress' }, 'done'],
  ])('%j is %s', (fields, status) => {
    expect(convertTicket(parsed({ title: 'x', ...fields }), NOW).status).toBe(status);
  });

  test.each([
    ['not JSON', '{'],
    ['not a ticket', 'null'],
    ['not a ticket', '[1]'],
    [/^title: a title is needed$/, {}],
    [/^priority: not one of none, low, medium, high and urgent$/, { title: 'x', priority: 'soon' }],
    ['created_at: not a time', { title: 'x', created_at: 'yesterday' }],
    ['due_on', { title: 'x', due_on: '2026-02-30' }],
    ['comments.0.author', { title: 'x', comments: [{ author: '', created_at: 1, body: '' }] }],
    ['labels: not a list', { title: 'x', labels: 'bug' }],
    ['longer than 4 MiB', 'x'.repeat(MAX_LINE_LENGTH + 1)],
  ])('is refused where it is wrong: %s', (reason, line) => {
    expect(reasonOf(line)).toMatch(reason);
  });

  test('any JSON is read or refused, never thrown at', () => {
    fc.assert(fc.property(fc.json(), (line) => typeof parseLine(line).ok === 'boolean'));
  });

  test('is known by its id, else its number, else its content', () => {
    expect(parsed({ title: 'x', id: 'a', number: 1 }).sourceId).toBe('id:a');
    expect(parsed({ title: 'x', number: 1 }).sourceId).toBe('number:1');
    expect(parsed({ title: 'x' }).sourceId).toBe(parsed({ title: ' x ' }).sourceId);
    expect(parsed({ title: 'x' }).sourceId).not.toBe(parsed({ title: 'y' }).sourceId);
  });
});

describe('a stream as lines', () => {
  const linesIn = async (chunks: readonly Uint8Array[]) => {
    const lines: string[] = [];
    for await (const line of linesOf(Readable.from(chunks))) lines.push(line);
    return lines;
  };

  test('is the same wherever the chunks are cut, also within a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.array(fc.nat({ max: 20 })), async (text, cuts) => {
        const bytes = new TextEncoder().encode(text);
        const ends = [...cuts, bytes.length].map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
        const whole = new TextDecoder().decode(bytes);
        const expected =
          whole.endsWith('\n') || whole === '' ? whole.split('\n').slice(0, -1) : whole.split('\n');
        expect(await linesIn(chunks)).toEqual(expected);
      }),
    );
  });

  test('keeps no more of an endless line than shows that it is too long', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(120);
    const [line] = await linesIn(Array.from({ length: 12 }, () => chunk));
    expect(line?.length).toBeGreaterThan(MAX_LINE_LENGTH);
    expect(line?.length).toBeLessThan(2 * MAX_LINE_LENGTH);
  });
});

describe('the command line', () => {
  test('takes a file and a project', () => {
    expect(readCliOptions(['a.jsonl', '--project', 'demo'])).toEqual({
      kind: 'import',
      options: { file: 'a.jsonl', project: { key: 'DEMO', name: 'demo' }, owner: DEFAULT_OWNER },
    });
  });

  test.each([
    [['a']],
    [['--project', 'DEMO']],
    [['a', 'b', '--project', 'DEMO']],
    [['a', '--project', '1']],
    [['-x']],
  ])('%j is wrong, in words', (args) => {
    const request = readCliOptions(args);
    expect(request.kind === 'wrong' && request.problem.length).toBeGreaterThan(10);
  });
});
