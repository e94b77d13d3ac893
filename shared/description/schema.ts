import { type AnyExtension, type Extensions, getSchema } from '@tiptap/core';
import { Code } from '@tiptap/extension-code';
import { Image } from '@tiptap/extension-image';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { TableKit } from '@tiptap/extension-table';
import type { Schema } from '@tiptap/pm/model';
import { StarterKit } from '@tiptap/starter-kit';
import { MarksOnWords } from './marks-on-words.ts';
import { PersonMention, TicketMention } from './mentions.ts';
import { isSafeUrl } from './safe-url.ts';

export { SCHEMA_VERSION } from './schema-version.ts';

/**
 * The Tiptap extensions that define what a description can hold. No toolbar, menu or node view is in it:
 * the editor adds its own. Works in Node without a DOM as well as in the browser.
 *
 * Marks stand on text only: an image, a mention or a line break is an element in Yjs, and the binding (y-tiptap) keeps
 * an element's attributes, no marks. ProseMirror's rules speak of a block's whole content, so {@link MarksOnWords} says
 * it: no bold mention, no image as a link. What is read from Markdown keeps such a link beside its image.
 *
 * @param image the image node; the editor's draws images that wait on this device.
 */
export function documentExtensions(image: AnyExtension = Image): Extensions {
  return [
    StarterKit.configure({
      // Yjs keeps the undo history, per person.
      undoRedo: false,
      // It would edit every document that is merely looked at (D6).
      trailingNode: false,
      code: false,
      link: {
        openOnClick: false,
        defaultProtocol: 'https',
        isAllowedUri: (url) => isSafeUrl(url),
        HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: '_blank' },
      },
    }),
    // Tiptap's own forbids every other mark on code, which would take the address from a linked `name`.
    Code.extend({ excludes: 'code' }),
    TaskList,
    TaskItem.configure({ nested: true }),
    TableKit,
    image.configure({ inline: true, allowBase64: false }),
    PersonMention,
    TicketMention,
    MarksOnWords,
  ];
}

/** The ProseMirror schema of {@link documentExtensions}; immutable, so one serves everybody. */
export const documentSchema: Schema = getSchema(documentExtensions());
