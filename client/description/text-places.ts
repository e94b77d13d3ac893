import type { Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';

/**
 * Gives every block of text that is made here a place for its text at once. The editor's binding makes the Y.XmlText
 * with the first letter only: two people who begin to write in one empty block at the same time would make two, and
 * as both are one text on the screen, each would write the other's letters a second time.
 */
export function placeTexts(doc: Y.Doc, schema: Schema): void {
  doc.on('beforeObserverCalls', ({ local, changed, beforeState }: Y.Transaction) => {
    if (!local) return;
    const since = beforeState.get(doc.clientID) ?? 0;
    const isNew = ({ _item: item }: Y.XmlElement) =>
      item?.id.client === doc.clientID && item.id.clock >= since;
    for (const type of changed.keys()) {
      if (type instanceof Y.XmlFragment) fillNew(type, isNew, schema);
    }
  });
}

function fillNew(parent: Y.XmlFragment, isNew: (element: Y.XmlElement) => boolean, schema: Schema): void {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement) || !isNew(child)) continue;
    if (child.length > 0) fillNew(child, isNew, schema);
    else if (schema.nodes[child.nodeName]?.isTextblock) child.insert(0, [new Y.XmlText()]);
  }
}
