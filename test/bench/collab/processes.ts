import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type LoadJob, loadMessage } from './load/job.ts';

/** A measured server in a process of its own. */
export interface ServerProcess {
  /** `ws://127.0.0.1:<port>`, with the path that its documents have. */
  readonly url: string;
  /** Resident bytes after garbage collection. */
  memory(): Promise<number>;
  /** Microseconds of processor time that it has used, all its threads together. */
  cpu(): Promise<number>;
  readonly isAlive: boolean;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

const portMessage = z.object({ port: z.number() });
const cpuMessage = z.object({ cpu: z.number() });
const memoryMessage = z.object({ memory: z.number() });

export async function startServer(script: string, path: string, databaseUrl: string): Promise<ServerProcess> {
  const child = forkScript(`./servers/${script}`, [databaseUrl], ['--expose-gc']);
  const { port } = portMessage.parse(await nextMessage(child));
  return {
    url: `ws://127.0.0.1:${port}${path}`,
    async memory() {
      child.send('memory');
      return memoryMessage.parse(await nextMessage(child)).memory;
    },
    async cpu() {
      child.send('cpu');
      return cpuMessage.parse(await nextMessage(child)).cpu;
    },
    get isAlive() {
      return child.exitCode === null && child.signalCode === null;
    },
    kill: () => end(child),
  };
}

/** A load that is running. */
export interface Load {
  /** Resolves when the generator says that its load runs. */
  readonly ready: Promise<void>;
  readonly result: Promise<unknown>;
  /** Tells a load that holds to let go. */
  leave(): void;
}

export function startLoad(job: LoadJob): Load {
  const child = forkScript('./load/process.ts', [], []);
  let isReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const result = new Promise<unknown>((resolve, reject) => {
    child.on('message', (received) => {
      const message = loadMessage.parse(received);
      if (message.kind === 'ready') return isReady();
      child.disconnect();
      if (message.kind === 'done') resolve(message.result);
      else reject(new Error(`The load generator failed: ${message.error}`));
    });
    child.once('exit', (code) => reject(new Error(`The load generator ended with ${code}.`)));
  });
  child.send(job);
  return { ready, result, leave: () => child.send('leave') };
}

function forkScript(script: string, args: readonly string[], flags: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(file, args, {
    execArgv: [...flags, '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // Peers write a page about every hostile frame: it is shown only when a process ends by itself.
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-COMPLAINTS_LENGTH);
  });
  child.once('exit', (code) => {
    if (code !== null && code !== 0) process.stderr.write(complaints);
  });
  return child;
}

const COMPLAINTS_LENGTH = 4_000;

/** The next thing it says over IPC; an error when it ends instead. */
function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A measured server ended with ${code}.`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
