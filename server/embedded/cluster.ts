import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PostgresBinaries } from './binaries.ts';
import type { PostgresUser } from './run-as.ts';

export interface ClusterDeps {
  /** The directory that holds the cluster, its log and its secrets. */
  readonly dataDir: string;
  readonly binaries: PostgresBinaries;
  readonly user: PostgresUser;
}

export const SUPERUSER = 'rejoin';
export const clusterPath = (dataDir: string): string => path.join(dataDir, 'postgres');
export const logPath = (dataDir: string): string => path.join(dataDir, 'postgres.log');

/** Makes the cluster when there is none. It gets its name only when whole, so a crash leaves none or a good one. */
export async function initialiseCluster(deps: ClusterDeps, password: string): Promise<void> {
  const unfinished = path.join(deps.dataDir, 'postgres.unfinished');
  const passwordFile = path.join(deps.dataDir, 'postgres.password');
  await rm(unfinished, { recursive: true, force: true });
  await makeOwned(deps, unfinished);
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    await giveTo(deps.user, passwordFile);
    await runToEnd(deps, deps.binaries.initdb, [
      `--pgdata=${unfinished}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Built into Postgres: the same order and case rules on every machine, whatever locales it has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
    ]);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(unfinished, clusterPath(deps.dataDir));
}

export async function hasCluster(dataDir: string): Promise<boolean> {
  return stat(path.join(clusterPath(dataDir), 'PG_VERSION')).then(
    () => true,
    () => false,
  );
}

/**
 * Starts Postgres on its own, outside this process's group: a Ctrl-C meant for Rejoin must not stop it under
 * Rejoin's open transactions. Its words go to a file, because a pipe would break when this process is killed.
 */
export async function spawnPostgres(deps: ClusterDeps, port: number): Promise<{ ended: () => boolean }> {
  const { program, args, options } = deps.user.command(deps.binaries.postgres, [
    '-D',
    clusterPath(deps.dataDir),
    ...settings(port).flatMap((setting) => ['-c', setting]),
  ]);
  const log = await open(logPath(deps.dataDir), 'w', 0o600);
  try {
    const child = spawn(program, args, { ...options, stdio: ['ignore', log.fd, log.fd], detached: true });
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.once('error', () => {
      ended = true;
    });
    child.unref();
    return { ended: () => ended };
  } finally {
    await log.close();
  }
}

function settings(port: number): string[] {
  return [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'wal_level=logical',
    'max_replication_slots=20',
    'max_wal_senders=20',
    // A slot nobody reads must not fill the disk. The engine starts over from a snapshot when its slot is lost.
    'max_slot_wal_keep_size=2GB',
    'max_connections=100',
    'shared_buffers=128MB',
    'timezone=UTC',
    'log_timezone=UTC',
  ];
}

/** Root's data directory must let Postgres's user pass; what is secret in it has its own permissions. */
export async function openDataDir(dataDir: string, user: PostgresUser): Promise<void> {
  if (user.ids) await chmod(dataDir, (await stat(dataDir)).mode | 0o011);
}

async function makeOwned(deps: ClusterDeps, directory: string): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  await giveTo(deps.user, directory);
}

async function giveTo(user: PostgresUser, file: string): Promise<void> {
  if (user.ids) await chown(file, user.ids.uid, user.ids.gid);
}

function runToEnd(deps: ClusterDeps, program: string, args: readonly string[]): Promise<void> {
  const command = deps.user.command(program, args);
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, command.args, {
      ...command.options,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(program)} ended with code ${code}: ${words.trim()}`));
    });
  });
}
