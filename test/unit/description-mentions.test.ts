import { describe, expect, it, test } from 'vitest';
import { documentToMarkdown, markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToText } from '../../shared/description/text.ts';
import { documentToUpdate, updateToDocument } from '../../shared/description/yjs.ts';

const TICKET = '0b6f6c1e-57c6-4f0e-9d2a-1f6f0d7a6d11';

const mentions = {
  type: 'doc',
  content: [
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'Ask ' },
        { type: 'personMention', attrs: { id: 'user/1 [a]', label: 'Ada_L [x]' } },
        { type: 'text', text: ' about ' },
        { type: 'ticketMention', attrs: { id: TICKET, label: 'DEMO-12' } },
      ],
    },
  ],
};

describe('mentions', () => {
  it('read as @Name and KEY-12 in plain text', () => {
    expect(documentToText(mentions)).toBe('Ask @Ada_L [x] about DEMO-12');
  });

  it('are links in Markdown, which read back as the same mentions', () => {
    const document = documentSchema.nodeFromJSON(mentions).toJSON();
    const markdown = documentToMarkdown(document);
    expect(markdown).toContain(`](/t/${TICKET})`);
    expect(markdownToDocument(markdown)).toEqual(document);
  });

  it('go through a Yjs document unchanged', () => {
    const document = documentSchema.nodeFromJSON(mentions).toJSON();
    expect(updateToDocument(documentToUpdate(document))).toEqual(document);
  });

  test.each([
    ['another name', `[see this](/t/${TICKET})`],
    ['another place', '[DEMO-12](/t/12)'],
    ['another site', `[DEMO-12](https://example.org/t/${TICKET})`],
    ['a person without a sign', '[Ada](/people/ada)'],
    ['an address that is none', '[@Ada](/people/%E0%A4%A)'],
  ])('a link of %s stays a link', (_name, markdown) => {
    const [link] = markdownToDocument(markdown).content?.[0]?.content ?? [];
    expect([link?.type, link?.marks?.[0]?.type]).toEqual(['text', 'link']);
  });
});
