import { describe, expect, it } from 'vitest';
import { countLines, linesOf } from '../../client/features/import/send-file.ts';
import { keyFor } from '../../client/features/settings/project-key.ts';
import { parseEstimate } from '../../client/features/ticket/parse-estimate.ts';
import { newProject } from '../../shared/protocol/projects.ts';

describe('a key for a new project', () => {
  it.each([
    ['Website', 'WEBS'],
    ['Mobile App', 'MA'],
    ['mobile app for 2 teams', 'MAFT'],
    ['42', ''],
    ['', ''],
  ])('for %j is %j', (name, key) => {
    expect(keyFor(name)).toBe(key);
  });

  it('is one the server takes, for names of usual length', () => {
    for (const name of ['Demo project', 'Rejoin', 'a b c d e f g h i j k l m n']) {
      expect(newProject.shape.key.safeParse(keyFor(name)).success).toBe(true);
    }
  });
});

describe('an estimate as it is typed', () => {
  it('is a number, nothing, or a sentence that says what is wrong', () => {
    expect(parseEstimate('2.5')).toEqual({ ok: true, value: 2.5 });
    expect(parseEstimate('')).toEqual({ ok: true, value: null });
    expect(parseEstimate('two')).toMatchObject({ ok: false, reason: 'Estimate: not a number' });
    expect(parseEstimate('-1').ok).toBe(false);
  });
});

describe('the answer to an import', () => {
  const streamOf = (...chunks: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });

  it('is read line by line, however it is cut', async () => {
    const lines: string[] = [];
    for await (const line of linesOf(streamOf('{"a"', ':1}\n\n{"b":2}\n{"c', '":"é"}'))) lines.push(line);
    expect(lines).toEqual(['{"a":1}', '{"b":2}', '{"c":"é"}']);
  });

  it('has as many lines as the file, with or without a last newline', async () => {
    expect(await countLines(new Blob(['a\nb\n']))).toBe(2);
    expect(await countLines(new Blob(['a\nb']))).toBe(2);
    expect(await countLines(new Blob([]))).toBe(0);
  });
});
