import { createHash } from 'node:crypto';
import { v5 as uuidFromName } from 'uuid';
import * as Y from 'yjs';
import { markdownToDocument } from '../../shared/description/markdown.ts';
import { documentToText } from '../../shared/description/text.ts';
import { documentToUpdate } from '../../shared/description/yjs.ts';
import { isTerminal, type Status } from '../../shared/tickets/ticket.ts';
import type { SourceTicket } from './parse.ts';

/** A ticket with everything that takes computing done, so that the transaction only writes. */
export interface ConvertedTicket {
  readonly source: SourceTicket;
  readonly status: Status;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** The description's Yjs state; null for an empty body, whose description starts with the first edit. */
  readonly description: { readonly snapshot: Uint8Array; readonly stateVector: Uint8Array } | null;
  readonly text: string;
}

/** `now`: what a ticket without dates gets. */
export function convertTicket(source: SourceTicket, now: Date): ConvertedTicket {
  const createdAt = source.created_at === undefined ? now : new Date(source.created_at);
  const common = {
    source,
    status: statusOf(source),
    createdAt,
    updatedAt: source.updated_at === undefined ? createdAt : new Date(source.updated_at),
  };
  if (source.body.trim() === '') return { ...common, description: null, text: '' };
  const document = markdownToDocument(source.body);
  const snapshot = documentToUpdate(document);
  const stateVector = Y.encodeStateVectorFromUpdate(snapshot);
  return { ...common, description: { snapshot, stateVector }, text: documentToText(document) };
}

/** An open ticket is to do, a closed one done, unless the line says more. A contradiction ends as the line's state. */
function statusOf({ status, open, state }: SourceTicket): Status {
  const isOpen = open ?? (state === undefined ? undefined : state === 'open');
  if (status && (isOpen === undefined || isOpen !== isTerminal(status))) return status;
  return isOpen === false ? 'done' : 'todo';
}

/** The id that every device gives a label of this name in this project. */
export const labelId = (projectId: string, name: string): string =>
  uuidFromName(name.trim().toLowerCase(), projectId);

/** Far enough apart to tell, dark enough for white text. */
const COLOURS = [
  '#c92a2a',
  '#a61e4d',
  '#862e9c',
  '#5f3dc4',
  '#364fc7',
  '#1864ab',
  '#0b7285',
  '#087f5b',
  '#2b8a3e',
  '#5c940d',
  '#e67700',
  '#d9480f',
] as const;

/** A label's colour, the same at every import. */
export function labelColour(name: string): string {
  const hash = createHash('sha256').update(name.trim().toLowerCase()).digest();
  return COLOURS[(hash[0] ?? 0) % COLOURS.length] ?? COLOURS[0];
}
