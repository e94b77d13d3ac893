import type { z } from 'zod';
import { apiError } from '../../shared/protocol/error.ts';

/** What an online-only action came to; `reason` is a sentence for the person who asked. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

interface Question<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** The revision this person saw; the server refuses if the row has moved on since. */
  readonly ifMatch?: number;
  readonly answer: z.ZodType<T>;
}

const UNREACHABLE = 'The server cannot be reached. Nothing was changed; try again in a moment.';
const UNREADABLE = 'The server gave an answer this page cannot read. Reload the page and try again.';

/** Asks the server to do what a device cannot do by itself. Never throws: a refusal is an answer. */
export async function askServer<T>({ method, path, body, ifMatch, answer }: Question<T>): Promise<Answer<T>> {
  const headers = new Headers();
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (ifMatch !== undefined) headers.set('if-match', String(ifMatch));
  const sent = { method, headers, body: body === undefined ? undefined : JSON.stringify(body) };
  const response = await fetch(path, sent).catch(() => undefined);
  if (!response) return { ok: false, reason: UNREACHABLE };
  const content = await contentOf(response);
  if (!response.ok) return { ok: false, reason: refusalIn(content, response.status) };
  const parsed = answer.safeParse(content);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, reason: UNREADABLE };
}

async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server's own sentence where it sent one. */
export function refusalIn(content: unknown, status: number): string {
  const parsed = apiError.safeParse(content);
  if (parsed.success) return parsed.data.error.message;
  return `The server refused this (${status}). Nothing was changed; try again in a moment.`;
}
