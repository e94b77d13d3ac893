import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterPath } from '../../server/embedded/cluster.ts';
import { findPostmaster, stopPostmaster } from '../../server/embedded/postmaster.ts';
import { freePort } from '../../server/http/free-port.ts';
import { collectOutput, type Output, whenEnded } from './processes.ts';

export interface StartServerOptions {
  /** Kept in the end when given; a temporary one otherwise, removed in the end. */
  readonly dataDir?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The real server, in a process of its own. */
export interface TestServer {
  /** The same before and after a restart. */
  readonly url: string;
  readonly dataDir: string;
  readonly output: Output;
  /** Ends the server with SIGKILL, as a crash would; its Postgres stays behind. */
  kill(): Promise<void>;
  /** Sends a signal and does not wait for what comes of it. */
  signal(signal: NodeJS.Signals): void;
  /** Starts it again on the same port and data; resolves when it is ready. */
  restart(): Promise<void>;
  /** Ends everything, in whatever state it is, and removes the temporary data. */
  stop(): Promise<void>;
}

const STOP_LIMIT_MS = 20_000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export async function startServer(options: StartServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(os.tmpdir(), 'rejoin-server-')));
  // Chosen before the start, because a restart must have the same.
  const port = await freePort();
  const launch = () => spawnServer({ ...options.env, REJOIN_DATA_DIR: dataDir, PORT: String(port) });
  let running = launch();
  await running.output.waitFor(/Rejoin is ready/);

  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    get output() {
      return running.output;
    },
    async kill() {
      running.child.kill('SIGKILL');
      await whenEnded(running.child);
    },
    signal(signal) {
      running.child.kill(signal);
    },
    async restart() {
      await end(running.child);
      running = launch();
      await running.output.waitFor(/Rejoin is ready/);
    },
    async stop() {
      await end(running.child);
      await stopOrphan(dataDir);
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface ServerProcess {
  readonly child: ChildProcess;
  readonly output: Output;
}

/** Starts the server without waiting for anything: for tests of starts that fail. */
export function spawnServer(env: Readonly<Record<string, string>>): ServerProcess {
  // Node itself, without a wrapper in between: a signal must reach the server.
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts'], {
    cwd: ROOT,
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, output: collectOutput(child) };
}

/** The environment without what configures a server or says that this is a test: neither may change it. */
function inherited(): NodeJS.ProcessEnv {
  const own =
    /^(PORT|HOST|REJOIN_.*|DATABASE_URL|POWERSYNC_URL|PUBLIC_URL|AUTH_SECRET|LOG_LEVEL|NODE_ENV|VITEST.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/** Asks it to end; asking one that is ending already, at once, is the same as asking once. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  await whenEnded(child);
}

/** After a kill, Postgres runs on. */
async function stopOrphan(dataDir: string): Promise<void> {
  const cluster = clusterPath(await realpath(dataDir).catch(() => dataDir));
  const orphan = await findPostmaster(cluster);
  if (orphan) await stopPostmaster(cluster, orphan.pid, STOP_LIMIT_MS);
}
