/** A comment is Markdown as it was typed; these are the parts of it that lines alone do not show. */
export type CommentPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'block'; readonly text: string }
  | { readonly kind: 'mention'; readonly text: string; readonly personId: string }
  | { readonly kind: 'link'; readonly text: string; readonly url: string };

/** A fenced block, a code span, a mention, a Markdown link, or a bare address, whichever comes first. */
const MARKS =
  /```[^\n`]*\n([\s\S]*?)\n?```|`([^`\n]+)`|@\[([^[\]\n]+)\]\(person:([^()\s]+)\)|\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]])/g;

/** Splits a comment; joining the texts gives what a person reads. Only http and https become links. */
export function commentParts(body: string): readonly CommentPart[] {
  const parts: CommentPart[] = [];
  let end = 0;
  for (const match of body.matchAll(MARKS)) {
    if (match.index > end) parts.push({ kind: 'text', text: body.slice(end, match.index) });
    parts.push(partOf(match));
    end = match.index + match[0].length;
  }
  if (end < body.length) parts.push({ kind: 'text', text: body.slice(end) });
  return parts;
}

function partOf([whole, block, code, name, personId, words, target, address]: RegExpExecArray): CommentPart {
  if (block !== undefined) return { kind: 'block', text: block };
  if (code !== undefined) return { kind: 'code', text: code };
  if (name !== undefined && personId !== undefined) return { kind: 'mention', text: `@${name}`, personId };
  if (words !== undefined && target !== undefined) return { kind: 'link', text: words, url: target };
  return { kind: 'link', text: address ?? whole, url: address ?? whole };
}
