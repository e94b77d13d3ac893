import { Extension } from '@tiptap/core';
import { Fragment, type ResolvedPos, type Schema, Slice } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { markdownToDocument } from '../../shared/description/markdown.ts';

/** Turns pasted Markdown into what it describes; "paste as plain text" leaves it as it is written. */
export const PasteMarkdown = Extension.create({
  name: 'pasteMarkdown',
  addProseMirrorPlugins() {
    const { schema } = this.editor;
    return [
      new Plugin({
        key: new PluginKey('pasteMarkdown'),
        props: {
          clipboardTextParser: (text, $context, plain) =>
            !plain && looksLikeMarkdown(text)
              ? markdownSlice(text, schema)
              : plainSlice(text, $context, schema),
        },
      }),
    ];
  },
});

const BLOCK_MARKS = /^ {0,3}(#{1,6} |[-*+] |\d{1,9}[.)] |> ?|```|~~~|\|.+\|\s*$|(?:-{3,}|\*{3,}|_{3,})\s*$)/m;
const INLINE_MARKS =
  /\[[^\]\n]+\]\([^)\s]+\)|\*\*[^*\s][^*\n]*\*\*|__[^_\s][^_\n]*__|`[^`\n]+`|~~[^~\s][^~\n]*~~/;

/** A sentence from a chat is no Markdown: read as such it would lose its blanks and its line ends. */
export const looksLikeMarkdown = (text: string): boolean => BLOCK_MARKS.test(text) || INLINE_MARKS.test(text);

function markdownSlice(text: string, schema: Schema): Slice {
  const content = schema.nodeFromJSON(markdownToDocument(text)).content;
  return content.childCount === 1 && content.firstChild?.type.name === 'paragraph'
    ? Slice.maxOpen(content)
    : new Slice(content, 0, 0);
}

function plainSlice(text: string, $context: ResolvedPos, schema: Schema): Slice {
  const lines = text.split(/(?:\r\n?|\n)+/);
  const paragraphs = lines.map((line) =>
    schema.node('paragraph', null, line === '' ? [] : schema.text(line, $context.marks())),
  );
  return Slice.maxOpen(Fragment.from(paragraphs));
}
