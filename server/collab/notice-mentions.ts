import type pg from 'pg';
import { insertNotices } from '../review/notice-store.ts';
import type { PersonMention } from './document-mentions.ts';
import { noteMentions, readAuthors, readToldMembers } from './mention-store.ts';
import { countMentions, newMentions } from './new-mentions.ts';

/**
 * Tells people that a description has begun to mention them, as a comment would; nobody is told of their own doing.
 * Call it in the transaction that has stored the snapshot, after that: its row keeps other nodes from folding the
 * same, and each mention is told of together with the fold that brought it, or not at all.
 *
 * @param seqs the numbers of the log rows that were folded, by their position
 */
export async function noticeMentions(
  tx: pg.PoolClient,
  ticketId: string,
  mentions: readonly PersonMention[],
  seqs: readonly number[],
): Promise<void> {
  if (mentions.length === 0) return;
  const counts = countMentions(mentions);
  const { projectId, told } = await readToldMembers(tx, ticketId, [...counts.keys()]);
  if (projectId === null) return;
  const fresh = newMentions(mentions, told).map((mention) => ({
    ...mention,
    seq: seqs[mention.update] ?? 0,
  }));
  await noteMentions(tx, ticketId, new Map([...counts].filter(([personId]) => told.has(personId))));
  if (fresh.length === 0) return;
  const authors = await readAuthors(
    tx,
    ticketId,
    fresh.map(({ seq }) => seq),
  );
  const notices = fresh.map(({ personId, excerpt, seq }) => ({
    user_id: personId,
    project_id: projectId,
    ticket_id: ticketId,
    kind: 'mentioned' as const,
    detail: { field: 'description', excerpt, actor_id: authors.get(seq) },
  }));
  await insertNotices(
    tx,
    notices.filter(({ user_id, detail }) => user_id !== detail.actor_id),
  );
}
