import { type AnyExtension, Extension } from '@tiptap/core';
import { Collaboration, isChangeOrigin } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { Placeholder } from '@tiptap/extensions';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { documentExtensions } from '../../shared/description/schema.ts';
import { PasteMarkdown } from './paste-markdown.ts';
import { type Person, renderCaret, renderSelection } from './people.ts';
import type { Session } from './session.ts';

/** The document's schema, bound to the session's document, with what belongs to writing only. */
export function editorExtensions(session: Session, user: Person, onLink: () => void): AnyExtension[] {
  return [
    ...documentExtensions(),
    Collaboration.configure({ fragment: session.fragment }),
    CollaborationCaret.configure({
      provider: { awareness: session.awareness },
      user,
      render: renderCaret,
      selectionRender: renderSelection,
    }),
    Placeholder.configure({
      showOnlyWhenEditable: false,
      placeholder: ({ editor }) => (editor.isEditable ? 'Add a description…' : 'No description.'),
    }),
    PasteMarkdown,
    linkKey(onLink),
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

/** Ctrl/Cmd-Shift-U: Ctrl/Cmd-K belongs to the whole app. */
const linkKey = (onLink: () => void) =>
  Extension.create({
    name: 'linkKey',
    addKeyboardShortcuts: () => ({
      'Mod-Shift-u': () => {
        onLink();
        return true;
      },
    }),
  });
