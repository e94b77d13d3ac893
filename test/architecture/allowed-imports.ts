import type { Module } from './module-graph.ts';

/** Where a file belongs: `shared/tickets`, `server/sync`, `client/features/ticket`, `server/main.ts`. */
export function partOf(path: string): string {
  const [tree = '', first = '', second = ''] = path.split('/');
  if (tree === 'test') return 'test';
  if (tree === 'client' && first === 'features') return `client/features/${second}`;
  return `${tree}/${first}`;
}

/** Pure packages that `shared/` may use: the schema library, ids from names, and the document's own schema. */
const SHARED_PACKAGES = new Set(['zod', 'uuid']);
const DESCRIPTION_PACKAGES = /^(@tiptap\/|prosemirror-|yjs$|y-prosemirror$|lib0$|markdown-it$|diff$)/;

/** Each part of `shared/` and those below it that it may import. */
const SHARED_ORDER: Readonly<Record<string, readonly string[]>> = {
  'shared/tickets': [],
  'shared/conflict': ['shared/tickets'],
  'shared/permissions': ['shared/tickets'],
  'shared/description': ['shared/tickets'],
  'shared/protocol': ['shared/tickets', 'shared/conflict', 'shared/permissions', 'shared/description'],
};

/** The ground floor of the server, open to every module. */
const SERVER_GROUND = ['server/db', 'server/http'];
const SERVER_ROOTS = ['server/main.ts', 'server/app.ts', 'server/dev.ts'];
/** A module's store or interface is what others may see of it; the rest is its own. */
const SERVER_FACE = [
  /-store\.ts$/,
  /\/store\.ts$/,
  /\/rows\.ts$/,
  /^server\/auth\/actors\.ts$/,
  /^server\/sync\/token-verifier\.ts$/,
];
/** Commands are composition roots of their own; the demo is filled through the importer. */
const SERVER_EXCEPTIONS: readonly (readonly [from: string, to: RegExp])[] = [
  ['server/import/cli.ts', /^server\//],
  ['server/demo/seed.ts', /^server\/import\//],
  ['server/demo/demo-ticket.ts', /^server\/import\//],
];

const FEATURE_GROUND = ['client/local-db', 'client/description', 'client/ui'];
const CLIENT_ROOTS = ['client/main.tsx', 'client/app'];

/** What this module imports and may not, in words; the table of the architecture, as code. */
export function forbiddenImports(module: Module): string[] {
  return [
    ...module.own.filter((to) => !allowed(module.path, to)),
    ...(module.path.startsWith('shared/') ? module.packages.filter((name) => !pure(module.path, name)) : []),
  ].map((to) => `${module.path} imports ${to}`);
}

function allowed(from: string, to: string): boolean {
  const [here, there] = [partOf(from), partOf(to)];
  if (here === 'test' || here === there) return true;
  if (there === 'test') return false;
  if (here.startsWith('shared/')) return SHARED_ORDER[here]?.includes(there) ?? false;
  if (there.startsWith('shared/')) return true;
  if (here.startsWith('server/')) return there.startsWith('server/') && serverAllows(from, to);
  return there.startsWith('client/') && clientAllows(here, there);
}

function serverAllows(from: string, to: string): boolean {
  if (SERVER_ROOTS.includes(from) || SERVER_GROUND.includes(partOf(to))) return true;
  if (SERVER_EXCEPTIONS.some(([exception, target]) => exception === from && target.test(to))) return true;
  return SERVER_FACE.some((face) => face.test(to));
}

function clientAllows(here: string, there: string): boolean {
  if (CLIENT_ROOTS.includes(here)) return true;
  if (here.startsWith('client/features/')) return FEATURE_GROUND.includes(there);
  if (here === 'client/description') return there === 'client/ui' || there === 'client/local-db';
  return false;
}

function pure(from: string, name: string): boolean {
  return (
    SHARED_PACKAGES.has(name) || (from.startsWith('shared/description/') && DESCRIPTION_PACKAGES.test(name))
  );
}
