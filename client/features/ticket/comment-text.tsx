import { Fragment, useMemo } from 'react';
import { type CommentPart, commentParts } from './comment-parts.ts';
import classes from './ticket.module.css';

/** A comment as its author typed it, with code and links told apart. */
export function CommentText({ body }: { body: string }) {
  const parts = useMemo(() => keyed(commentParts(body)), [body]);
  return (
    <div className={classes.commentText}>
      {parts.map(({ key, part }) => (
        <Fragment key={key}>{drawn(part)}</Fragment>
      ))}
    </div>
  );
}

function drawn(part: CommentPart) {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'code':
      return <code className={classes.code}>{part.text}</code>;
    case 'block':
      return <pre className={classes.codeBlock}>{part.text}</pre>;
    case 'mention':
      return <span className={classes.mention}>{part.text}</span>;
    case 'link':
      return (
        <a href={part.url} target="_blank" rel="noreferrer noopener">
          {part.text}
        </a>
      );
  }
}

/** Parts have no identity but their place in the text. */
function keyed(parts: readonly CommentPart[]) {
  let place = 0;
  return parts.map((part) => {
    place += part.text.length + 1;
    return { key: place, part };
  });
}
