import { readFile, readlink, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What `postmaster.pid` says of the Postgres that runs in a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

const POLL_MS = 25;

/** The Postgres that runs in this cluster, left by a Rejoin that was killed; null when there is none. */
export async function findPostmaster(cluster: string): Promise<Postmaster | null> {
  const found = await readPidFile(cluster);
  if (!found || !isAlive(found.pid)) return null;
  if (await runsIn(found.pid, cluster)) return found;
  // The number now belongs to another program. Postgres would take it for a rival and refuse to start.
  await rm(pidFile(cluster), { force: true });
  return null;
}

/** Waits until Postgres accepts connections. Null when `ended` says so first, or at the time limit. */
export async function whenReady(
  cluster: string,
  limitMs: number,
  ended: () => boolean,
): Promise<Postmaster | null> {
  for (const until = Date.now() + limitMs; Date.now() < until && !ended(); await delay(POLL_MS)) {
    const postmaster = await readPidFile(cluster);
    if (postmaster?.ready && isAlive(postmaster.pid)) return postmaster;
  }
  return null;
}

/** Ends Postgres: rolls open transactions back, writes a checkpoint. At the time limit it is cut off instead. */
export async function stopPostmaster(cluster: string, pid: number, limitMs: number): Promise<void> {
  // Names of Postgres's own: SIGINT is a fast shutdown, SIGQUIT an immediate one.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!sendSignal(pid, signal)) return;
    for (const until = Date.now() + limitMs; Date.now() < until; await delay(POLL_MS)) {
      if (await isGone(cluster, pid)) return;
    }
  }
}

/** The pid file goes last; the process itself may linger unreaped where nothing collects orphans. */
async function isGone(cluster: string, pid: number): Promise<boolean> {
  return !isAlive(pid) || (await readPidFile(cluster))?.pid !== pid;
}

const pidFile = (cluster: string): string => path.join(cluster, 'postmaster.pid');

/** Lines: pid, data directory, start time, port, socket directory, address, shared memory, status. */
async function readPidFile(cluster: string): Promise<Postmaster | null> {
  const text = await readFile(pidFile(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
}

export function isAlive(pid: number): boolean {
  return sendSignal(pid, 0);
}

/** False when there is no such process. */
function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // EPERM: there is one, of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Postgres works in its cluster's directory. Where the system does not tell, the number is believed. */
async function runsIn(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === cluster;
}
