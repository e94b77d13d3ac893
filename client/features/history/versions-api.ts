import type { JSONContent } from '@tiptap/core';
import {
  type VersionEntry,
  versionDocument,
  versionEntry,
  versionList,
} from '../../../shared/protocol/versions.ts';
import { type Answer, askServer } from '../../local-db/ask-server.ts';

const path = (ticketId: string): string => `/api/tickets/${ticketId}/versions`;

/** The versions of a ticket's description, the newest first. */
export async function readVersions(ticketId: string): Promise<Answer<readonly VersionEntry[]>> {
  const answer = await askServer({ method: 'GET', path: path(ticketId), answer: versionList });
  return answer.ok ? { ok: true, value: answer.value.versions.toReversed() } : answer;
}

export async function readVersion(ticketId: string, versionId: string): Promise<Answer<JSONContent>> {
  const address = `${path(ticketId)}/${versionId}`;
  const answer = await askServer({ method: 'GET', path: address, answer: versionDocument });
  return answer.ok ? { ok: true, value: answer.value.document } : answer;
}

/** Keeps what stands now as a version, before it is replaced. */
export const keepVersion = (ticketId: string): Promise<Answer<VersionEntry>> =>
  askServer({ method: 'POST', path: path(ticketId), answer: versionEntry });
