import type { JSONContent } from '@tiptap/core';
import { DOMSerializer } from '@tiptap/pm/model';
import { useEffect, useMemo, useRef } from 'react';
import { diffDocuments } from '../../shared/description/diff.ts';
import { comparisonSchema } from '../../shared/description/diff-schema.ts';
import './shown-document.css';

interface ShownDocumentProps {
  document: JSONContent;
  /** What to compare it with: then what differs is marked. */
  before?: JSONContent | null;
  /** Marks what differs in the colour of the person or side that wrote it. */
  colour?: string | undefined;
  /** Names what is shown, for those who do not see it. */
  label: string;
}

/** A document to look at, with its form, and with what changed in it since another. */
export function ShownDocument({ document, before = null, colour, label }: ShownDocumentProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => (before ? diffDocuments(before, document) : document), [before, document]);
  useEffect(() => {
    place.current?.replaceChildren(render(shown));
  }, [shown]);
  useEffect(() => place.current?.style.setProperty('--writer', colour ?? null), [colour]);
  return <div ref={place} role="document" aria-label={label} className="shown-document" />;
}

function render(document: JSONContent): DocumentFragment | HTMLElement {
  try {
    const node = comparisonSchema.nodeFromJSON(document);
    return withoutControls(DOMSerializer.fromSchema(comparisonSchema).serializeFragment(node.content));
  } catch {
    const words = window.document.createElement('p');
    words.textContent =
      'This holds something this version of Rejoin does not know. Reload the page and look again.';
    return words;
  }
}

/** It is to be read: a box that is ticked here would change nothing. */
function withoutControls(fragment: DocumentFragment | HTMLElement): DocumentFragment | HTMLElement {
  for (const control of fragment.querySelectorAll('input')) control.disabled = true;
  return fragment;
}
