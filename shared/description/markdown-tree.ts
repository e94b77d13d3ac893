import type { JSONContent } from '@tiptap/core';
import type { DocumentEvent } from './html-events.ts';

interface OpenElement {
  readonly tag: string;
  readonly origin: 'markdown' | 'html';
  readonly node?: JSONContent;
  readonly mark?: { type: string; attrs?: Record<string, unknown> };
}

/** Deeper than anybody reads. What lies deeper joins what is there, for trees are walked recursively. */
const MAX_DEPTH = 100;

/** Builds the tree that events describe. Forgiving: what stays open is closed at the end of what holds it. */
export function treeOf(events: Iterable<DocumentEvent>): JSONContent {
  const root: JSONContent = { type: 'doc', content: [] };
  const open: OpenElement[] = [];
  let tooDeep = 0;
  for (const event of events) {
    if (event.kind === 'open') {
      if (open.length < MAX_DEPTH) openElement(root, open, event);
      else if (event.origin === 'markdown') tooDeep += 1;
    } else if (event.kind === 'close') {
      if (event.origin === 'markdown' && tooDeep > 0) tooDeep -= 1;
      else closeElement(open, event);
    } else {
      const node: JSONContent = event.kind === 'leaf' ? event.node : { type: 'text', text: event.text };
      if (node.text !== '') innermost(root, open).push(withMarks(node, open));
    }
  }
  return root;
}

function openElement(root: JSONContent, open: OpenElement[], event: OpenElement): void {
  if (!event.node) {
    open.push(event);
    return;
  }
  const node: JSONContent = { ...event.node, content: [] };
  innermost(root, open).push(node);
  open.push({ ...event, node });
}

function closeElement(open: OpenElement[], close: Pick<OpenElement, 'tag' | 'origin'>): void {
  const depth = depthOf(open, close);
  if (depth >= 0) open.length = depth;
}

/** Where a close tag ends, or -1 for one that closes nothing. HTML never closes what Markdown opened. */
function depthOf(open: readonly OpenElement[], close: { tag: string; origin: 'markdown' | 'html' }): number {
  for (let depth = open.length - 1; depth >= 0; depth -= 1) {
    const element = open[depth];
    if (element?.tag === close.tag && element.origin === close.origin) return depth;
    if (close.origin === 'html' && element?.origin === 'markdown') return -1;
  }
  return -1;
}

function innermost(root: JSONContent, open: readonly OpenElement[]): JSONContent[] {
  const parent = open.findLast((element) => element.node)?.node ?? root;
  parent.content ??= [];
  return parent.content;
}

function withMarks(node: JSONContent, open: readonly OpenElement[]): JSONContent {
  const marks = open.flatMap((element) => (element.mark ? [element.mark] : []));
  return marks.length > 0 ? { ...node, marks } : node;
}
