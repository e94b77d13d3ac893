import { setTimeout as delay } from 'node:timers/promises';

/** What a measured server tells the benchmark over IPC. Each runs in a process of its own, with `--expose-gc`. */
export function report(port: number): void {
  process.on('message', (question) => {
    if (question === 'memory') void settledMemory().then((bytes) => process.send?.({ memory: bytes }));
  });
  process.on('message', (question) => {
    if (question !== 'cpu') return;
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system });
  });
  // A benchmark that was cut off must not leave servers behind.
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port });
}

export function databaseUrl(): string {
  const url = process.argv[2];
  if (!url) throw new Error('The address of the database is missing: give it as the first argument.');
  return url;
}

/** Resident bytes, once garbage is collected and the allocator has had time to give pages back. */
async function settledMemory(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await delay(250);
  }
  return process.memoryUsage.rss();
}
