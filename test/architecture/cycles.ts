import type { Module } from './module-graph.ts';

/** Every cycle that a walk through the imports runs into, as `a → b → a`. */
export function findCycles(modules: readonly Pick<Module, 'path' | 'own'>[]): string[] {
  const imports = new Map(modules.map(({ path, own }) => [path, own]));
  const done = new Set<string>();
  const cycles: string[] = [];

  function walk(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of imports.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  }

  for (const { path } of modules) walk(path, []);
  return cycles;
}
