import { describe, expect, test } from 'vitest';
import { forbiddenImports } from './allowed-imports.ts';
import { findCycles } from './cycles.ts';
import { readModules, specifiersOf } from './module-graph.ts';

const MAX_LINES = 300;

describe('the architecture', () => {
  const modules = readModules();

  test('no file imports itself, over however many others, type imports included', () => {
    expect(findCycles(modules)).toEqual([]);
  });

  test('every import is in the table of allowed imports', () => {
    expect(modules.flatMap(forbiddenImports)).toEqual([]);
  });

  test('every relative import leads to a file', () => {
    expect(modules.flatMap(({ path, missing }) => missing.map((to) => `${path} → ${to}`))).toEqual([]);
  });

  test(`no file of the product is over ${MAX_LINES} lines`, () => {
    const long = modules.filter(({ path, lines }) => !path.startsWith('test/') && lines > MAX_LINES);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });
});

describe('the tests of the architecture themselves', () => {
  test('see every form of import', () => {
    const text = [
      "import a from './a.ts';",
      "import type { B } from './b.ts';",
      "import {\n  c,\n  type D,\n} from './c.ts';",
      "export * from './e.ts';",
      "export { f } from './f.ts';",
      "import './g.css';",
      `const h = await ${'import'}('./h.ts');`,
      "// as in: import x from './not-this.ts'",
    ].join('\n');
    expect(specifiersOf(text)).toEqual([
      './a.ts',
      './b.ts',
      './c.ts',
      './e.ts',
      './f.ts',
      './g.css',
      './h.ts',
    ]);
  });

  test('find a cycle over three files, and none where there is none', () => {
    const cycle = [
      { path: 'a', own: ['b'] },
      { path: 'b', own: ['c'] },
      { path: 'c', own: ['a'] },
    ];
    expect(findCycles(cycle)).toEqual(['a → b → c → a']);
    expect(
      findCycles([
        { path: 'a', own: ['b', 'c'] },
        { path: 'b', own: ['c'] },
        { path: 'c', own: [] },
      ]),
    ).toEqual([]);
  });

  test.each([
    ['shared/tickets/x.ts', 'shared/protocol/y.ts', false],
    ['shared/protocol/x.ts', 'shared/tickets/y.ts', true],
    ['shared/tickets/x.ts', 'server/db/pool.ts', false],
    ['server/upload/x.ts', 'server/tickets/ticket-store.ts', true],
    ['server/upload/x.ts', 'server/tickets/routes.ts', false],
    ['server/upload/x.ts', 'client/ui/y.tsx', false],
    ['client/features/ticket/x.tsx', 'client/features/create/y.tsx', false],
    ['client/features/ticket/x.tsx', 'client/ui/y.tsx', true],
    ['client/ui/x.tsx', 'client/local-db/y.ts', false],
    ['server/main.ts', 'test/support/y.ts', false],
  ])('%s may import %s: %s', (path, to, allowed) => {
    const module = { path, lines: 1, own: [to], packages: [], missing: [] };
    expect(forbiddenImports(module)).toHaveLength(allowed ? 0 : 1);
  });
});
