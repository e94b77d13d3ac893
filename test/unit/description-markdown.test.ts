import { existsSync, readFileSync } from 'node:fs';
import type { JSONContent } from '@tiptap/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentToMarkdown, markdownToDocument } from '../../shared/description/markdown.ts';
import { documentSchema } from '../../shared/description/schema.ts';
import { documentToText } from '../../shared/description/text.ts';
import { documentToUpdate, updateToDocument } from '../../shared/description/yjs.ts';

const TICKETS = new URL('../../../shared/data/tickets/tickets.jsonl', import.meta.url);

describe('Markdown becomes the nodes of the editor', () => {
  test.each([
    ['# Title', 'heading'],
    ['- one\n- two', 'bulletList'],
    ['3. three\n4. four', 'orderedList'],
    ['- [x] done\n- [ ] open', 'taskList'],
    ['> said', 'blockquote'],
    ['```ts\nlet a;\n```', 'codeBlock'],
    ['| a | b |\n| --- | --: |\n| 1 | 2 |', 'table'],
    ['---', 'horizontalRule'],
    ['<table><tr><th>a</th></tr><tr><td>1</td></tr></table>', 'table'],
    ['<ul><li>one</li></ul>', 'bulletList'],
  ])('%j is a %s', (markdown, type) => {
    expect(markdownToDocument(markdown).content?.map((block) => block.type)).toEqual([type]);
  });

  test('a raw image keeps its address, words and width', () => {
    const document = markdownToDocument('See <img width="70" alt="A shot" src="https://example.test/a.png">');
    expect(document.content?.[0]?.content?.[1]).toMatchObject({
      type: 'image',
      attrs: { src: 'https://example.test/a.png', alt: 'A shot', width: 70 },
    });
  });

  test('an image that is a link keeps where it leads beside it, for marks on an image are not kept', () => {
    const image = 'https://example.test/badge.png';
    const linked = markdownToDocument(`**[![Build](${image})](https://example.test/runs)** now`);
    expect(documentToMarkdown(linked)).toBe(`![Build](${image}) [Build](https://example.test/runs) now\n`);
    expect(updateToDocument(documentToUpdate(linked))).toEqual(linked);
    const toItself = markdownToDocument(`[![Shot](${image})](${image})`);
    expect(documentToMarkdown(toItself)).toBe(`![Shot](${image})\n`);
  });

  test('details show their summary and their content, Markdown inside included', () => {
    const document = markdownToDocument(
      '<details><summary>More</summary>\n\n- **inner**\n\n</details>\n\nAfter',
    );
    expect(document.content?.map((block) => block.type)).toEqual(['paragraph', 'bulletList', 'paragraph']);
    expect(documentToText(document)).toBe('More\ninner\nAfter');
  });

  test('a tag that is no HTML stays as text', () => {
    expect(documentToText(markdownToDocument('Returns Promise<void>, not <T>'))).toBe(
      'Returns Promise<void>, not <T>',
    );
  });

  test('an address that could run a script never becomes a link or an image', () => {
    const markdown = '[a](javascript:alert(1)) <a href="java\tscript:x">b</a> ![c](data:text/html,x)';
    const json = JSON.stringify(markdownToDocument(markdown));
    expect(json).not.toMatch(/"(href|src)"/);
    expect(json).toContain('javascript:alert(1)');
  });

  test.each([
    '',
    '   \n\n',
    '\0',
    '\ud800',
    `${'> '.repeat(500)}deep`,
    '[a]: x\n[a]: y',
    '| a |\n| - |\n| 1 | lost |',
  ])('odd input %# is a valid document and keeps its words', (markdown) => {
    const document = markdownToDocument(markdown);
    documentSchema.nodeFromJSON(document).check();
    expect(missingWords(markdown, document)).toEqual([]);
  });
});

describe('any text at all', { timeout: 60_000 }, () => {
  const piece = fc.constantFrom(
    ...[
      '# ',
      '- ',
      '1. ',
      '> ',
      '- [x] ',
      '```\n',
      '`',
      '**',
      '*',
      '_',
      '~~',
      '[',
      '](',
      ')',
      '<b>',
      '</b>',
      '<br>',
    ],
    ...[
      '<div>',
      '</div>',
      '<li>',
      '<td>',
      '<table>',
      '</p>',
      '| ',
      '|-|\n',
      '\n',
      '\n\n',
      '    ',
      ' ',
      '\\',
      '&amp;',
    ],
    ...[
      'word',
      'Wort',
      '7',
      '<T>',
      'https://example.test/a_b',
      '<img src="https://a.test/x">',
      '<!--',
      '-->',
      '!',
      '---\n',
    ],
  );
  const markdown = fc.oneof(
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  test('converts to a valid document that keeps its words', () => {
    fc.assert(
      fc.property(markdown, (source) => {
        const document = markdownToDocument(source);
        documentSchema.nodeFromJSON(document).check();
        expect(missingWords(source, document)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    '<div>',
    '<table><tr><td>',
    '<b>',
    '*a ',
    '> ',
    '- ',
    '[',
    '`',
    'a\n',
    '| ',
    '<a "',
    '<b> </b> ',
    '` ',
  ])('%j a hundred thousand characters long is a valid document in time', (repeated) => {
    const source = `${repeated.repeat(Math.ceil(100_000 / repeated.length))}end`;
    const document = markdownToDocument(source);
    expect(missingWords(source, document)).toEqual([]);
    expect(documentToMarkdown(document)).toContain('end');
  });

  test('written back and read again keeps its words', () => {
    fc.assert(
      fc.property(markdown, (source) => {
        const document = markdownToDocument(source);
        const again = markdownToDocument(documentToMarkdown(document));
        expect(wordsOf(documentToText(again))).toEqual(wordsOf(documentToText(document)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe.skipIf(!existsSync(TICKETS))(
  '516 real tickets (skipped where ../shared/data is missing)',
  { timeout: 60_000 },
  () => {
    const texts = existsSync(TICKETS) ? realTexts() : [];

    test('every body and comment keeps every word, in a valid document', () => {
      for (const { name, text } of texts) {
        const document = markdownToDocument(text);
        documentSchema.nodeFromJSON(document).check();
        expect(missingWords(text, document), name).toEqual([]);
      }
    });

    test('Markdown, document, Markdown, document: both documents are equal', () => {
      for (const { name, text } of texts) {
        const document = markdownToDocument(text);
        expect(markdownToDocument(documentToMarkdown(document)), name).toEqual(document);
      }
    });
  },
);

function realTexts(): { name: string; text: string }[] {
  const lines = readFileSync(TICKETS, 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const ticket = JSON.parse(line);
    const comments = ticket.comments.map((comment: { body: string }) => comment.body);
    return [ticket.body ?? '', ...comments].map((text, index) => ({
      name: `#${ticket.number}.${index}`,
      text,
    }));
  });
}

/** Words that are marks to Markdown or HTML: list numbers, boxes, tags with their attributes' names, entities. */
const SYNTAX =
  /^[ \t>*+-]*\d+[.)]|\[[xX]\]|<\/?(a|b|br|code|details|div|em|i|img|li|p|pre|summary|table|tbody|td|th|tr|ul)\b|\b(src|alt|width|height|href)=|&#?\w+;/gm;

function missingWords(markdown: string, document: JSONContent): string[] {
  // Without what stands between words: `a</p>b` reads as `ab`, in a browser too.
  const kept = `${squeezed(textOf(document))} ${squeezed(attributesOf(document))}`;
  return wordsOf(markdown.replace(SYNTAX, ' ')).filter((word) => !kept.includes(word));
}

const squeezed = (text: string): string => wordsOf(text).join('');

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const textOf = (node: JSONContent): string => node.text ?? (node.content ?? []).map(textOf).join(' ');

function attributesOf(node: JSONContent): string {
  const attributes = [node.attrs, ...(node.marks ?? []).map((mark) => mark.attrs)];
  return [
    ...attributes.flatMap((values) => Object.values(values ?? {})),
    ...(node.content ?? []).map(attributesOf),
  ]
    .filter((value) => value !== null)
    .join(' ');
}

describe('what a program wrote past the editor', () => {
  const linked = (href: unknown): JSONContent => ({
    type: 'doc',
    content: [
      {
        type: 'paragraph',
        content: [{ type: 'text', text: 'click', marks: [{ type: 'link', attrs: { href } }] }],
      },
    ],
  });

  test.each(['javascript:alert(1)', 'java\tscript:alert(1)', 'data:text/html,x', { toString: 1 }, 5])(
    'a link to %j is words in Markdown',
    (href) => {
      expect(documentToMarkdown(linked(href))).toBe('click\n');
    },
  );

  test.each(['javascript:alert(1)', 'data:text/html,x'])(
    'a link to %j leads nowhere where it is shown',
    (href) => {
      const mark = documentSchema.marks.link?.create({ href });
      const shown = mark?.type.spec.toDOM?.(mark, true);
      expect(JSON.stringify(shown)).not.toContain(href.slice(0, 5));
    },
  );

  test.each([
    ['heading', { level: 1e9 }, '###### x\n'],
    ['heading', { level: 'large' }, '# x\n'],
    ['orderedList', { start: {} }, '1. x\n'],
  ])('a %s with %j is one all the same', (type, attrs, markdown) => {
    const words = [{ type: 'text', text: 'x' }];
    const item = { type: 'listItem', content: [{ type: 'paragraph', content: words }] };
    const content = [{ type, attrs, content: type === 'heading' ? words : [item] }];
    expect(documentToMarkdown({ type: 'doc', content })).toBe(markdown);
  });
});
