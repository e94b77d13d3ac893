import {
  type ImportProgress,
  type ImportReport,
  importMessage,
  MAX_IMPORT_BYTES,
} from '../../../shared/protocol/import.ts';
import { refusalIn } from '../../local-db/ask-server.ts';

export type ImportResult =
  | { readonly kind: 'report'; readonly report: ImportReport }
  | { readonly kind: 'failed'; readonly reason: string };

const BROKEN_OFF =
  'The connection broke before the import was done. What was imported so far is kept; import the file again to bring the rest.';
const UNREACHABLE = 'The server cannot be reached. Nothing was imported; try again in a moment.';

/** Sends the file and follows the import line by line until its report. Never throws. */
export async function sendFile(
  projectId: string,
  file: File,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportResult> {
  if (file.size > MAX_IMPORT_BYTES) {
    return { kind: 'failed', reason: 'The file is over 100 MiB. Split it and import the parts.' };
  }
  const headers = { 'content-type': 'application/x-ndjson' };
  const path = `/api/projects/${projectId}/import`;
  const response = await fetch(path, { method: 'POST', headers, body: file }).catch(() => undefined);
  if (!response) return { kind: 'failed', reason: UNREACHABLE };
  if (!response.ok || !response.body) {
    const content: unknown = await response.json().catch(() => undefined);
    return { kind: 'failed', reason: refusalIn(content, response.status) };
  }
  try {
    for await (const line of linesOf(response.body)) {
      const message = importMessage.parse(JSON.parse(line));
      if (message.type === 'progress') onProgress(message);
      if (message.type === 'report') return { kind: 'report', report: message };
      if (message.type === 'error') return { kind: 'failed', reason: message.message };
    }
  } catch {
    return { kind: 'failed', reason: BROKEN_OFF };
  }
  return { kind: 'failed', reason: BROKEN_OFF };
}

/** The lines of a stream of text, empty ones left out. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(stream)) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield rest;
}

const NEWLINE = 0x0a;

/** How many lines a file has, so that progress has an end to measure by. */
export async function countLines(file: Blob): Promise<number> {
  let lines = 0;
  let last = NEWLINE;
  for await (const chunk of chunksOf(file.stream())) {
    for (const byte of chunk) if (byte === NEWLINE) lines += 1;
    last = chunk.at(-1) ?? last;
  }
  return last === NEWLINE ? lines : lines + 1;
}

/** Not every browser can walk a stream with `for await`. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
