import { type AnyExtension, Extension, InputRule } from '@tiptap/core';
import { isChangeOrigin } from '@tiptap/extension-collaboration';
import { Placeholder } from '@tiptap/extensions';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { documentExtensions } from '../../shared/description/schema.ts';
import { CodeHighlighting } from './code-highlighting.ts';
import { guardedCollaboration } from './guarded-collaboration.ts';
import { imageNode } from './image-node.ts';
import { type InsertImages, pickImages, TakeImages } from './insert-images.ts';
import { keepClicks } from './keep-clicks.ts';
import { mentionMenus } from './mention-menus.tsx';
import type { MentionSource } from './mention-source.ts';
import { PasteMarkdown } from './paste-markdown.ts';
import type { Person } from './people.ts';
import { selectedNode } from './selected-node.ts';
import type { Session } from './session.ts';
import { slashMenu } from './slash-commands.tsx';

export interface EditorExtensionsDeps {
  readonly session: Session;
  readonly user: Person;
  readonly mentions: MentionSource | undefined;
  readonly insert: InsertImages;
  readonly onOpenTicket: ((ticketId: string) => void) | undefined;
  readonly openLink: () => void;
  readonly focusToolbar: () => void;
}

/** The document's schema, bound to the session's document, with what belongs to writing only. */
export function editorExtensions(deps: EditorExtensionsDeps): AnyExtension[] {
  const { session, user, mentions, insert, openLink } = deps;
  return [
    ...documentExtensions(imageNode(insert.images)),
    keepClicks(session.doc, session.awareness),
    ...guardedCollaboration(session, user),
    Placeholder.configure({
      showOnlyWhenEditable: false,
      placeholder: ({ editor }) =>
        editor.isEditable ? 'Add a description… “/” for lists, tables and more' : 'No description.',
    }),
    PasteMarkdown,
    TakeImages(insert),
    TaskInBulletList,
    CodeHighlighting,
    slashMenu({ pickImages: (editor) => pickImages(editor, insert), onLink: openLink }),
    ...(mentions ? mentionMenus(mentions) : []),
    keys(deps),
    ReadersChangeNothing,
  ];
}

/** A reader's editor changes nothing by itself, whatever a plugin would like to tidy up: the server would refuse it. */
const ReadersChangeNothing = Extension.create({
  name: 'readersChangeNothing',
  addProseMirrorPlugins() {
    const { editor } = this;
    return [
      new Plugin({
        key: new PluginKey('readersChangeNothing'),
        filterTransaction: (transaction) =>
          editor.isEditable || !transaction.docChanged || isChangeOrigin(transaction),
      }),
    ];
  },
});

/** "- [ ] " as people know it from Markdown: the dash has made a bullet list by the time the box is typed. */
const TaskInBulletList = Extension.create({
  name: 'taskInBulletList',
  addInputRules: () => [
    new InputRule({
      find: /^\[([ xX])\]\s$/,
      handler({ state, range, match, chain }) {
        const list = state.selection.$from.node(-2);
        if (list?.type.name !== 'bulletList') return null;
        const checked = match[1] !== ' ';
        chain().deleteRange(range).toggleTaskList().updateAttributes('taskItem', { checked }).run();
        return undefined;
      },
    }),
  ],
});

/**
 * Ctrl/Cmd-Shift-U for a link, as Ctrl/Cmd-K belongs to the whole app; Alt-F10 for the toolbar, as in other editors;
 * Enter follows a mentioned ticket that is selected, as a click on it does.
 */
const keys = ({ openLink, focusToolbar, onOpenTicket }: EditorExtensionsDeps) =>
  Extension.create({
    name: 'descriptionKeys',
    // Before Enter makes a new paragraph.
    priority: 1_000,
    addKeyboardShortcuts: () => ({
      'Mod-Shift-u': () => {
        openLink();
        return true;
      },
      'Alt-F10': () => {
        focusToolbar();
        return true;
      },
      Enter: ({ editor }) => {
        const selected = selectedNode(editor.state);
        if (selected?.kind !== 'ticket' || !onOpenTicket) return false;
        onOpenTicket(selected.id);
        return true;
      },
    }),
  });
