import { parseArgs } from 'node:util';
import { newProject } from '../../shared/protocol/projects.ts';

export interface CliOptions {
  readonly file: string;
  readonly project: { readonly key: string; readonly name: string };
  /** E-mail address of who imports, and of the admin of a project that is made. */
  readonly owner: string;
}

export type CliRequest =
  | { kind: 'import'; options: CliOptions }
  | { kind: 'help' }
  | { kind: 'wrong'; problem: string };

export const DEFAULT_OWNER = 'admin@rejoin.test';

export const HELP = `Imports tickets from a file of JSON Lines into a project of this Rejoin.

  npm run import -- FILE --project KEY [--name NAME] [--owner EMAIL]

  FILE            one ticket a line: title, and optionally id or number, open or state,
                  status, priority, due_on, estimate, author, assignee, labels, body (Markdown),
                  comments, created_at, updated_at (milliseconds or ISO 8601)
  --project KEY   where to; the project is made when there is none with this key
  --name NAME     its name when it is made (the key, unless said)
  --owner EMAIL   whose account imports, and is the admin of a project that is made
                  (${DEFAULT_OWNER}, unless said)
  --help          this

It works beside a running Rejoin and without one. REJOIN_DATA_DIR and DATABASE_URL mean what they mean there.
A line that cannot be imported is reported and left out. A ticket is known by its id, else its number, else its
content: what an earlier import brought to the project is skipped. Import another tracker into another project.

Exit code: 0 when the file was read, refused lines or not; 1 when nothing could be imported; 2 for a wrong command.
`;

export function readCliOptions(args: readonly string[]): CliRequest {
  const parsed = parse(args);
  if (parsed.kind === 'wrong') return parsed;
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const [file, ...more] = positionals;
  if (file === undefined) return wrong('The file to import is missing.');
  if (more.length > 0) return wrong(`One file at a time: ${more.join(', ')} is too much.`);
  if (values.project === undefined) return wrong('Say which project to import into: --project KEY.');
  const project = newProject.safeParse({ key: values.project, name: values.name ?? values.project });
  if (!project.success) return wrong(project.error.issues[0]?.message ?? 'The project is not right.');
  return { kind: 'import', options: { file, project: project.data, owner: values.owner ?? DEFAULT_OWNER } };
}

const OPTIONS = {
  project: { type: 'string' },
  name: { type: 'string' },
  owner: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parse(args: readonly string[]) {
  try {
    const parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true });
    return { kind: 'parsed' as const, ...parsed };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

const wrong = (problem: string) => ({ kind: 'wrong' as const, problem });
