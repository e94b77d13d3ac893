import { execFile, type SpawnOptions } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Who Postgres runs as: it refuses to run as root. */
export interface PostgresUser {
  /** Set only when this process is root. */
  readonly ids?: { readonly uid: number; readonly gid: number };
  /** The command that starts a program as that user. */
  command(program: string, args: readonly string[]): Command;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
}

/**
 * This process's own user; for root, the system user `postgres`, made when missing.
 * `paths` are what Postgres must reach. Where a parent directory of one is closed to that user (a clone under
 * /root, a private temporary directory), Postgres gets the capability to pass it, or the error names it.
 */
export async function postgresUser(paths: readonly string[]): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) {
    return { command: (program, args) => ({ program, args, options: {} }) };
  }
  const ids = await systemUser();
  const closed = await firstClosed(paths);
  if (closed === null) return { ids, command: (program, args) => ({ program, args, options: ids }) };
  const prefix = await passingPrefix(ids);
  if (!prefix) throw new Error(closedMessage(closed));
  return {
    ids,
    command: (program, args) => ({ program: 'setpriv', args: [...prefix, program, ...args], options: {} }),
  };
}

async function systemUser(): Promise<{ uid: number; gid: number }> {
  const known = await idsOf('postgres');
  if (known) return known;
  await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch(() => undefined);
  // `nobody` where no user can be made: less private, but there on every system.
  const ids = (await idsOf('postgres')) ?? (await idsOf('nobody'));
  if (ids) return ids;
  throw new Error(
    'Postgres cannot run as root, and there is no system user "postgres" to run it as. Create one, start Rejoin as another user, or set DATABASE_URL.',
  );
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** The outermost directory on the way to one of the paths that not everybody may pass. */
async function firstClosed(paths: readonly string[]): Promise<string | null> {
  for (const directory of new Set(paths.flatMap(ancestors))) {
    const { mode } = await stat(directory);
    if ((mode & 0o001) === 0) return directory;
  }
  return null;
}

function ancestors(file: string): string[] {
  const parent = path.dirname(path.resolve(file));
  return parent === path.dirname(parent) ? [parent] : [...ancestors(parent), parent];
}

/** `setpriv` (util-linux) can hand one capability to a program of another user, where this root has it itself. */
async function passingPrefix({ uid, gid }: { uid: number; gid: number }): Promise<string[] | null> {
  const capability = '+dac_override';
  const prefix = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${capability}`,
    `--ambient-caps=${capability}`,
  ];
  return run('setpriv', [...prefix, 'true']).then(
    () => prefix,
    () => null,
  );
}

const closedMessage = (directory: string): string =>
  `Postgres runs as the user "postgres", who cannot pass ${directory}. Move Rejoin and REJOIN_DATA_DIR to a place every user can reach, allow passing with "chmod o+x ${directory}", or start Rejoin as a user other than root.`;
