import { type AnyExtension, Extension } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { type Person, renderCaret, renderSelection } from './people.ts';
import type { Session } from './session.ts';

/**
 * Binds an editor to the session's document for as long as the editor knows all that is in it (D7).
 *
 * Y-tiptap deletes what the schema cannot express as soon as it sees it. React may make an editor before it has
 * heard that the document is beyond us, and make one anew from a render that is out of date. So this asks at the
 * moment in which the binding is made, and takes the editor away in the moment that the answer changes; the next turn
 * of the session brings another.
 */
export function guardedCollaboration(session: Session, user: Person): AnyExtension[] {
  const { awareness, beyondUs, fragment } = session;
  const isOurs = () => beyondUs.get() === 'no';
  const Ours = Collaboration.extend({
    addProseMirrorPlugins() {
      return isOurs() ? (this.parent?.() ?? []) : [];
    },
  });
  const OursCaret = CollaborationCaret.extend({
    addProseMirrorPlugins() {
      return isOurs() ? (this.parent?.() ?? []) : [];
    },
  });
  return [
    leaveBeyondUs(session),
    Ours.configure({ fragment }),
    OursCaret.configure({
      provider: { awareness },
      user,
      render: renderCaret,
      selectionRender: renderSelection,
    }),
  ];
}

const leaveBeyondUs = ({ beyondUs }: Session) =>
  Extension.create({
    name: 'leaveBeyondUs',
    // Above Collaboration: it watches before the binding does.
    priority: 1001,
    addProseMirrorPlugins() {
      const { editor } = this;
      const view = () => ({ destroy: beyondUs.subscribe(() => editor.destroy()) });
      return [new Plugin({ key: new PluginKey('leaveBeyondUs'), view })];
    },
  });
