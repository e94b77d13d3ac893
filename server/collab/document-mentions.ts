import * as Y from 'yjs';
import { textIn, wellFormed } from '../../shared/description/well-formed.ts';
import { excerptOf } from '../../shared/tickets/mentions.ts';
import { wordsOf } from './document-words.ts';
import { partsOf } from './judge-update.ts';
import type { Unmerged } from './merge.ts';

/** One place where a description mentions a person. */
export interface PersonMention {
  readonly personId: string;
  /** The words around it. */
  readonly excerpt: string;
  /** Which of the merged updates brought it; null when it was in the snapshot before. */
  readonly update: number | null;
}

/** Every mention of a person in what `merged` became, in the order of the document. */
export function personMentionsOf(fragment: Y.XmlFragment, merged: Unmerged): PersonMention[] {
  const elements = [...fragment.createTreeWalker(isPersonMention)].filter(isPersonMention);
  if (elements.length === 0) return [];
  const broughtBy = createOrigins(merged);
  return elements.map((element) => ({
    personId: wellFormed(textIn(element.getAttribute('id'))),
    excerpt: element.parent instanceof Y.XmlFragment ? excerptOf(wordsOf(element.parent)) : '',
    update: element._item ? broughtBy(element._item.id) : null,
  }));
}

const isPersonMention = (node: unknown): node is Y.XmlElement =>
  node instanceof Y.XmlElement && node.nodeName === 'personMention';

/** Says of what was written where it first appears: an update may repeat what earlier ones held. */
function createOrigins({ snapshot, updates }: Unmerged): (id: Y.ID) => number | null {
  const [before, ...ends] = [snapshot, ...updates].map((part) => (part ? partsOf(part)?.ends : undefined));
  return ({ client, clock }) => {
    if ((before?.get(client) ?? 0) > clock) return null;
    const position = ends.findIndex((end) => (end?.get(client) ?? 0) > clock);
    return position < 0 ? null : position;
  };
}
