import { type Editor, Extension } from '@tiptap/core';
import { isChangeOrigin } from '@tiptap/extension-collaboration';
import { PluginKey } from '@tiptap/pm/state';
import { ReactRenderer } from '@tiptap/react';
import { Suggestion, type SuggestionProps } from '@tiptap/suggestion';
import { type Choice, optionId, SuggestionList } from './suggestion-list.tsx';

export interface SuggestionMenu<C extends Choice> {
  readonly name: string;
  /** What opens it, at the start of a word. */
  readonly char: string;
  /** What the menu is called to screen readers. */
  readonly label: string;
  readonly manyWords: boolean;
  choices(query: string, editor: Editor): readonly C[] | Promise<readonly C[]>;
  choose(editor: Editor, choice: C, range: { from: number; to: number }): void;
}

/** A menu that opens while one types, works with the arrow keys, Enter, Tab and Escape, and is told to screen readers. */
export const suggestionMenu = <C extends Choice>(menu: SuggestionMenu<C>) =>
  Extension.create({
    name: menu.name,
    addProseMirrorPlugins() {
      const { editor } = this;
      const pluginKey = new PluginKey<{ range: { from: number; to: number } }>(menu.name);
      return [
        Suggestion<C, C>({
          editor,
          pluginKey,
          char: menu.char,
          allowSpaces: menu.manyWords,
          allow: ({ state }) =>
            editor.isEditable && !state.selection.$from.parent.type.spec.code && !editor.isActive('code'),
          // What another person types must not open a menu here.
          shouldShow: ({ transaction }) => !isChangeOrigin(transaction),
          // After the sign and a blank, the sign was meant as it stands.
          items: async ({ query }) => (/^\s/.test(query) ? [] : [...(await menu.choices(query, editor))]),
          // The range as it is now: more may have been typed since these choices were looked up.
          command: ({ range, props }) =>
            menu.choose(editor, props, pluginKey.getState(editor.state)?.range ?? range),
          render: () => createMenu<C>(editor, menu),
        }),
      ];
    },
  });

function createMenu<C extends Choice>(editor: Editor, { name, label }: SuggestionMenu<C>) {
  const listId = `${name}-menu`;
  let shown: { readonly renderer: ReactRenderer; readonly unmount: () => void } | undefined;
  let choices: readonly C[] = [];
  let active = 0;
  let choose: (choice: C) => void = () => undefined;

  const propsNow = () => ({
    id: listId,
    label,
    choices,
    active,
    onChoose: (index: number) => {
      const choice = choices[index];
      if (choice) choose(choice);
    },
    onHover: moveTo,
  });
  const tellEditor = () => {
    const { dom } = editor.view;
    if (shown) {
      dom.setAttribute('aria-controls', listId);
      dom.setAttribute('aria-activedescendant', optionId(listId, active));
    } else {
      dom.removeAttribute('aria-controls');
      dom.removeAttribute('aria-activedescendant');
    }
  };
  function moveTo(index: number) {
    active = (index + choices.length) % choices.length;
    shown?.renderer.updateProps(propsNow());
    tellEditor();
  }
  const hide = () => {
    if (!shown) return;
    const { renderer, unmount } = shown;
    shown = undefined;
    unmount();
    renderer.destroy();
    if (!editor.isDestroyed) tellEditor();
  };
  const show = (props: SuggestionProps<C, C>) => {
    if (props.loading) return;
    choices = props.items;
    choose = props.command;
    active = 0;
    if (choices.length === 0) return hide();
    if (!shown) {
      const renderer = new ReactRenderer(SuggestionList, { editor, props: propsNow() });
      shown = { renderer, unmount: props.mount(renderer.element) };
    }
    moveTo(0);
  };
  return {
    onStart: show,
    onUpdate: show,
    onExit: hide,
    onKeyDown({ event }: { event: KeyboardEvent }): boolean {
      if (!shown || choices.length === 0) return false;
      switch (event.key) {
        case 'ArrowDown':
          moveTo(active + 1);
          return true;
        case 'ArrowUp':
          moveTo(active - 1);
          return true;
        case 'Enter':
        case 'Tab':
          propsNow().onChoose(active);
          return true;
        default:
          return false;
      }
    },
  };
}
