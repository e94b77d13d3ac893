import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface NodeProcess {
  readonly socketUrl: string;
  /** Ends it as a crash would: nothing is flushed. */
  kill(): Promise<void>;
}

/** Starts the description service in a process of its own. */
export async function startNode(databaseUrl: string, name: string): Promise<NodeProcess> {
  const script = fileURLToPath(new URL('./server-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, databaseUrl, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => {
      throw new Error('The node ended before it was ready.');
    }),
  ]);
  return {
    socketUrl: String(line).trim(),
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
