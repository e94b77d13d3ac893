import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One source file: its path from the repository's root, with forward slashes, and what it imports. */
export interface Module {
  readonly path: string;
  readonly lines: number;
  /** Our own files, as paths from the root; type imports too. */
  readonly own: readonly string[];
  /** Packages, by name: `zod`, `@tiptap/core`, `node:fs`. */
  readonly packages: readonly string[];
  /** Relative imports that lead to no file. */
  readonly missing: readonly string[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TREES = ['client', 'server', 'shared', 'test'];
const SOURCE = /\.(ts|tsx|mjs)$/;

export function readModules(): Module[] {
  const files = TREES.flatMap((tree) => sourcesIn(path.join(ROOT, tree)));
  const known = new Set(files.map(fromRoot));
  return files.map((file) => readModule(file, known));
}

function sourcesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) return sourcesIn(file);
    return SOURCE.test(entry.name) ? [file] : [];
  });
}

function readModule(file: string, known: ReadonlySet<string>): Module {
  const text = readFileSync(file, 'utf8');
  const specifiers = [...new Set(specifiersOf(text))];
  const relative = specifiers.filter((specifier) => specifier.startsWith('.'));
  const targets = relative
    .map((specifier) => fromRoot(path.resolve(path.dirname(file), specifier.replace(/\?.*$/, ''))))
    .filter((target) => SOURCE.test(target));
  return {
    path: fromRoot(file),
    lines: text.split('\n').length - 1,
    own: targets.filter((target) => known.has(target)),
    missing: targets.filter((target) => !known.has(target)),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')).map(packageName),
  };
}

/**
 * `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`, the first three at the start of a line:
 * the formatter puts them there, and a sentence in a comment or a string is not.
 */
const STATEMENT = /^(?:import|export)\b(?:[^'";]*?\bfrom)?\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

export function specifiersOf(text: string): string[] {
  return [STATEMENT, DYNAMIC].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []),
  );
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

const fromRoot = (file: string): string => path.relative(ROOT, file).split(path.sep).join('/');
