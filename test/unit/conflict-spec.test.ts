import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

const specification = readFileSync(join(ROOT, 'shared/conflict/SPEC.md'), 'utf8');
const rules = [...specification.matchAll(/^- \*\*(C\d+)\.\*\*/gm)].flatMap((match) => match[1] ?? []);

/** The names of all tests; a rule counts as held when one of them says so. */
const testNames = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .flatMap((file) => [
    ...readFileSync(join(ROOT, 'test', file), 'utf8').matchAll(/\btest(?:\.each.*?)?\(\s*['"`](.*?)['"`],/gs),
  ])
  .flatMap((match) => match[1] ?? []);

test('the specification numbers its rules C1 to C18', () => {
  expect(rules).toEqual(Array.from({ length: 18 }, (_, index) => `C${index + 1}`));
});

test.each(rules)('%s is cited by the name of a test', (rule) => {
  const citation = new RegExp(`\\b${rule}\\b(?=[^:]*:)`);
  expect(testNames.filter((name) => citation.test(name))).not.toEqual([]);
});
