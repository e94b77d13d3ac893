import * as Y from 'yjs';
import { mergeDescription } from '../../server/collab/merge.ts';
import { FRAGMENT } from '../../shared/description/fragment.ts';

/** A ticket's description on the server: a snapshot, and a log to which updates are only added. */
export interface ServerDescription {
  snapshot: Uint8Array | null;
  /** How many updates of the log the snapshot holds. */
  upto: number;
  readonly log: Uint8Array[];
  /** The merged state, and how many updates were in the log then: merging is most of a simulation's work. */
  merged: { readonly blob: Uint8Array; readonly of: number } | null;
}

export const newDescription = (): ServerDescription => ({ snapshot: null, upto: 0, log: [], merged: null });

/** What the server gives to whoever opens the description: merged by the code that compacts real ones. */
export function blobOf(description: ServerDescription): Uint8Array {
  const { snapshot, upto, log, merged } = description;
  if (merged?.of === log.length) return merged.blob;
  const blob = mergeDescription({ snapshot, updates: log.slice(upto) }).snapshot;
  description.merged = { blob, of: log.length };
  return blob;
}

/** Folds the log into the snapshot. */
export function compact(description: ServerDescription): void {
  description.snapshot = blobOf(description);
  description.upto = description.log.length;
  description.merged = null;
}

/** The whole log at once, as if it had never been compacted. */
export const wholeLog = ({ log }: ServerDescription): Uint8Array =>
  mergeDescription({ snapshot: null, updates: log }).snapshot;

export function newReplica(clientId: number): Y.Doc {
  const doc = new Y.Doc({ guid: String(clientId) });
  doc.clientID = clientId;
  return doc;
}

/** Types words as a paragraph, somewhere among those that are there, or into one of them. */
export function typeWords(doc: Y.Doc, words: string, below: (end: number) => number): void {
  const fragment = doc.getXmlFragment(FRAGMENT);
  const existing = fragment.length > 0 ? fragment.get(below(fragment.length)) : null;
  const text = existing instanceof Y.XmlElement ? existing.get(0) : null;
  if (text instanceof Y.XmlText && below(2) === 0) {
    const at = below(text.length + 1);
    if (text.length > 0 && below(3) === 0) text.delete(0, Math.min(3, text.length));
    else text.insert(at, words);
    return;
  }
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  fragment.insert(below(fragment.length + 1), [paragraph]);
}

export const contentOf = (doc: Y.Doc): string => doc.getXmlFragment(FRAGMENT).toString();

export function contentOfBlob(blob: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, blob);
  const content = contentOf(doc);
  doc.destroy();
  return content;
}
