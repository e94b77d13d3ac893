import { type JSONContent, mergeAttributes, Node } from '@tiptap/core';
import { textIn } from './well-formed.ts';

/** What a mention keeps: whom or what it means, and what it was called when it was written. */
export interface Mentioned {
  readonly id: string;
  /** A person's name, or a ticket's key such as `DEMO-12`. */
  readonly label: string;
}

type MentionKind = 'personMention' | 'ticketMention';

/** Where a mention of each kind leads, within this site. */
const ADDRESSES: Readonly<Record<MentionKind, string>> = { personMention: '/people/', ticketMention: '/t/' };
const SIGNS: Readonly<Record<MentionKind, string>> = { personMention: '@', ticketMention: '' };

export const PersonMention = mentionNode('personMention', 'span');
/** A link, so that it can be followed wherever the description is shown. */
export const TicketMention = mentionNode('ticketMention', 'a');

function mentionNode(kind: MentionKind, tag: 'span' | 'a') {
  return Node.create({
    name: kind,
    group: 'inline',
    inline: true,
    atom: true,
    addAttributes: () => ({ id: attribute('data-id'), label: attribute('data-label') }),
    // Before a link's rule: a ticket's mention is one too.
    parseHTML: () => [{ tag: `${tag}[data-mention="${kind}"]`, priority: 100 }],
    renderHTML({ node, HTMLAttributes }) {
      const json = { type: kind, attrs: node.attrs };
      const own = {
        'data-mention': kind,
        class: 'mention',
        ...(tag === 'a' && { href: mentionAddress(json) }),
      };
      return [tag, mergeAttributes(own, HTMLAttributes), mentionText(json) ?? ''];
    },
    renderText: ({ node }) => mentionText({ type: kind, attrs: node.attrs }) ?? '',
  });
}

const attribute = (name: string) => ({
  default: '',
  parseHTML: (element: HTMLElement) => element.getAttribute(name) ?? '',
  renderHTML: (attributes: Record<string, unknown>) => ({ [name]: attributes[name.slice('data-'.length)] }),
});

const isMention = (node: JSONContent): node is JSONContent & { type: MentionKind } =>
  node.type === 'personMention' || node.type === 'ticketMention';

/** How a mention reads: `@Ada Lovelace`, `DEMO-12`; undefined for every other node. */
export function mentionText(node: JSONContent): string | undefined {
  return isMention(node) ? `${SIGNS[node.type]}${textIn(node.attrs?.label)}` : undefined;
}

/** Where a mention leads; undefined for every other node. */
export function mentionAddress(node: JSONContent): string | undefined {
  return isMention(node) ? `${ADDRESSES[node.type]}${encodeURIComponent(textIn(node.attrs?.id))}` : undefined;
}

/** Markdown has no mentions: a link to a person or a ticket, under its name, is one. */
export function mentionsFromLinks(node: JSONContent): JSONContent {
  if (node.content) return { ...node, content: node.content.map(mentionsFromLinks) };
  const link = node.marks?.find(({ type }) => type === 'link');
  const href: unknown = link?.attrs?.href;
  const mentioned = typeof href === 'string' && node.text !== undefined ? read(href, node.text) : undefined;
  // Without marks: Yjs keeps none on a node.
  return mentioned ?? node;
}

function read(href: string, text: string): JSONContent | undefined {
  const person = /^\/people\/([^/?#]+)$/.exec(href)?.[1];
  if (person !== undefined && text.startsWith('@')) return mention('personMention', person, text.slice(1));
  const ticket = /^\/t\/([0-9a-f-]{36})$/.exec(href)?.[1];
  return ticket !== undefined && /^[A-Z][A-Z0-9]{1,9}-\d+$/.test(text)
    ? mention('ticketMention', ticket, text)
    : undefined;
}

function mention(type: MentionKind, address: string, label: string): JSONContent | undefined {
  const id = decoded(address);
  return id === undefined ? undefined : { type, attrs: { id, label } };
}

function decoded(address: string): string | undefined {
  try {
    return decodeURIComponent(address);
  } catch {
    return undefined; // not an address that we wrote
  }
}
