import type { Schema } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { textIn } from '../../shared/description/well-formed.ts';

/** y-tiptap keeps marks that may overlap themselves under their name and a hash. */
const OVERLAPPING_MARK = /^(.*)--[a-zA-Z0-9+/=]{8}$/;

/**
 * Whether a description holds a node, an attribute or a mark that this editor does not know.
 *
 * The editor's binding deletes what its schema cannot express, for everybody. So this must be asked before the
 * binding sees the content, and an answer of true must keep the editor away from it (D7).
 */
export function holdsUnknown(fragment: Y.XmlFragment, schema: Schema): boolean {
  return fragment.toArray().some((child) => isUnknown(child, schema));
}

/** The same question about what a change touched, without walking the whole description at every key. */
export function changesHoldUnknown(
  changed: Iterable<unknown>,
  fragment: Y.XmlFragment,
  schema: Schema,
): boolean {
  return [...changed].some((type) => {
    if (type === fragment) return holdsUnknown(fragment, schema);
    return (type instanceof Y.XmlElement || type instanceof Y.XmlText) && isUnknown(type, schema);
  });
}

function isUnknown(child: Y.XmlElement | Y.XmlText | Y.XmlHook, schema: Schema): boolean {
  if (child instanceof Y.XmlText) return textHoldsUnknown(child, schema);
  if (child instanceof Y.XmlHook) return true;
  const type = schema.nodes[child.nodeName];
  if (!type) return true;
  const known = type.spec.attrs ?? {};
  return (
    Object.keys(child.getAttributes()).some((name) => !Object.hasOwn(known, name)) ||
    holdsUnknown(child, schema)
  );
}

function textHoldsUnknown(text: Y.XmlText, schema: Schema): boolean {
  const delta: { insert?: unknown; attributes?: Record<string, unknown> }[] = text.toDelta();
  return delta.some(
    ({ insert, attributes = {} }) =>
      typeof insert !== 'string' ||
      Object.keys(attributes).some((name) => !((OVERLAPPING_MARK.exec(name)?.[1] ?? name) in schema.marks)),
  );
}

/** The words alone, a line per block: what can be shown of content that the editor does not know. */
export function wordsOf(fragment: Y.XmlFragment): string[] {
  return fragment.toArray().flatMap((child) => {
    if (!(child instanceof Y.XmlElement)) return [plainText(child)];
    const holdsText = child.toArray().some((inner) => inner instanceof Y.XmlText);
    return holdsText ? [child.toArray().map(inlineWords).join('')] : wordsOf(child);
  });
}

/** What stands among words says itself by its label (a mention) or what it shows (an image). */
function inlineWords(child: unknown): string {
  if (!(child instanceof Y.XmlElement)) return plainText(child);
  if (child.nodeName === 'hardBreak') return '\n';
  const name = child.getAttribute('label') ?? child.getAttribute('alt');
  return name === undefined ? wordsOf(child).join(' ') : textIn(name);
}

/** A newer editor may have put anything there, whatever the types say: only a text has words. */
function plainText(text: unknown): string {
  if (!(text instanceof Y.Text)) return '';
  const delta: { insert?: unknown }[] = text.toDelta();
  return delta.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
