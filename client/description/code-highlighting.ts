import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { Highlighter, Token } from './highlighter.ts';

/** Past this, colours cost more than they help. */
const MAX_CODE = 50_000;

interface Highlighting {
  readonly highlighter: Highlighter | null;
  readonly decorations: DecorationSet;
}

const key = new PluginKey<Highlighting>('codeHighlighting');

/**
 * Colours code blocks that say their language. The grammars are loaded with the first such block. Only blocks
 * that changed are read again: the editor keeps the others' nodes.
 */
export const CodeHighlighting = Extension.create({
  name: 'codeHighlighting',
  addProseMirrorPlugins() {
    const tokens = new WeakMap<Node, readonly Token[]>();
    const decorate = (doc: Node, highlighter: Highlighter | null): DecorationSet =>
      highlighter ? decorationsOf(doc, highlighter, tokens) : DecorationSet.empty;
    return [
      new Plugin<Highlighting>({
        key,
        state: {
          init: () => ({ highlighter: null, decorations: DecorationSet.empty }),
          apply(transaction, before) {
            const loaded: Highlighter | undefined = transaction.getMeta(key);
            if (!loaded && !transaction.docChanged) return before;
            const highlighter = loaded ?? before.highlighter;
            return { highlighter, decorations: decorate(transaction.doc, highlighter) };
          },
        },
        props: { decorations: (state) => key.getState(state)?.decorations },
        view: loadWhenNeeded,
      }),
    ];
  },
});

function loadWhenNeeded(view: EditorView) {
  let asked = false;
  const look = async () => {
    if (asked || codeBlocks(view.state.doc).length === 0) return;
    asked = true;
    // Without the grammars (an update took them away, say) code stays plain.
    const loaded = await import('./highlighter.ts').catch(() => null);
    if (loaded && !view.isDestroyed)
      view.dispatch(view.state.tr.setMeta(key, loaded.createHighlighter()).setMeta('addToHistory', false));
  };
  void look();
  return { update: () => void look() };
}

interface CodeBlock {
  readonly node: Node;
  readonly at: number;
}

function codeBlocks(doc: Node): readonly CodeBlock[] {
  const found: CodeBlock[] = [];
  doc.descendants((node, at) => {
    const hasCode = node.type.name === 'codeBlock' && node.attrs.language && node.content.size <= MAX_CODE;
    if (hasCode) found.push({ node, at });
    return !node.isTextblock;
  });
  return found;
}

function decorationsOf(
  doc: Node,
  highlighter: Highlighter,
  known: WeakMap<Node, readonly Token[]>,
): DecorationSet {
  const decorations = codeBlocks(doc).flatMap(({ node, at }) => {
    const tokens = known.get(node) ?? highlighter(String(node.attrs.language), node.textContent);
    known.set(node, tokens);
    return tokens.map(({ from, to, className }) =>
      Decoration.inline(at + 1 + from, at + 1 + to, { class: className }),
    );
  });
  return DecorationSet.create(doc, decorations);
}
