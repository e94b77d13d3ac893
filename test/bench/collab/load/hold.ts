import { connect, type LoadClient } from './client.ts';
import type { JobOf } from './job.ts';
import { until } from './pairs.ts';

const AT_ONCE = 20;

/** Opens each document with one client and keeps it open until `leave` resolves. */
export async function hold(job: JobOf<'hold'>, ready: () => void, leave: Promise<void>): Promise<object> {
  const { url, dialect } = job;
  const content = job.content === '' ? undefined : Buffer.from(job.content, 'base64');
  const clients: LoadClient[] = [];
  for (let at = 0; at < job.documents.length; at += AT_ONCE) {
    const opened = job.documents
      .slice(at, at + AT_ONCE)
      .map((document) => connect({ url, dialect, document, ...(content ? { content } : {}) }));
    await Promise.all(opened.map((client) => client.synced));
    clients.push(...opened);
  }
  if (clients.some((client) => client.closeCode !== null)) throw new Error('A socket was closed.');
  ready();
  await leave;
  for (const client of clients) client.close();
  await until(() => clients.every((client) => client.closeCode !== null));
  return {};
}
