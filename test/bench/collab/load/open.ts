import type { z } from 'zod';
import { connect } from './client.ts';
import type { JobOf, openResult } from './job.ts';

/** Opens one document after another, each for the first time: from asking for the socket to the first state. */
export async function open(job: JobOf<'open'>): Promise<z.infer<typeof openResult>> {
  const firstByteMs: number[] = [];
  let bytes = 0;
  for (const document of job.documents) {
    let received = 0;
    const onUpdate = (update: Uint8Array) => {
      received += update.length;
    };
    const client = connect({ ...job, document, onUpdate });
    await client.synced;
    if (client.firstStateMs === null) throw new Error(`The server sent no state of ${document}.`);
    firstByteMs.push(client.firstStateMs);
    bytes = received;
    client.close();
    await client.closed;
  }
  return { firstByteMs, bytes };
}
