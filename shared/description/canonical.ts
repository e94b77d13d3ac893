import type { JSONContent } from '@tiptap/core';

/** Whether two nodes say the same, however their text is cut, their marks are ordered or absence is written. */
export const sameContent = (a: JSONContent, b: JSONContent): boolean => canonical(a) === canonical(b);

/** One text for all forms of the same node. */
export function canonical(node: JSONContent): string {
  return JSON.stringify([
    node.type ?? '',
    node.text ?? '',
    attributes(node.attrs),
    marksOf(node),
    joined(node.content ?? []).map(canonical),
  ]);
}

/** Neighbouring texts with the same marks as one. */
export function joined(nodes: readonly JSONContent[]): JSONContent[] {
  const result: JSONContent[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (last?.text !== undefined && node.text !== undefined && marksOf(last) === marksOf(node)) {
      result[result.length - 1] = { ...last, text: last.text + node.text };
    } else if (node.text !== '') result.push(node);
  }
  return result;
}

/** A node's marks as one text. */
export const marksOf = ({ marks = [] }: JSONContent): string =>
  JSON.stringify(marks.map((mark) => [mark.type, attributes(mark.attrs)]).sort(byText));

const attributes = (attrs: Record<string, unknown> = {}): [string, unknown][] =>
  Object.entries(attrs)
    .filter(([, value]) => value !== null && value !== undefined)
    .sort(byText);

function byText(a: unknown, b: unknown): number {
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
