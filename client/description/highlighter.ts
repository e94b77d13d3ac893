import { common, createLowlight } from 'lowlight';

/** A piece of code and what it is, in highlight.js's class names. */
export interface Token {
  readonly from: number;
  readonly to: number;
  readonly className: string;
}

/** No tokens for a language it does not know: better plain than guessed. */
export type Highlighter = (language: string, code: string) => readonly Token[];

type Content = ReturnType<ReturnType<typeof createLowlight>['highlight']>['children'][number];

/** The common languages. Loaded apart from the editor: they are as large as the rest of it. */
export function createHighlighter(): Highlighter {
  const lowlight = createLowlight(common);
  return (language, code) => {
    const name = language.toLowerCase().split(/\s/)[0] ?? '';
    if (!lowlight.registered(name)) return [];
    const tokens: Token[] = [];
    let at = 0;
    const walk = (nodes: readonly Content[], classes: readonly string[]) => {
      for (const node of nodes) {
        if (node.type === 'text') {
          const to = at + node.value.length;
          if (classes.length > 0) tokens.push({ from: at, to, className: classes.join(' ') });
          at = to;
        } else if (node.type === 'element') {
          const own = node.properties.className;
          walk(node.children, Array.isArray(own) ? [...classes, ...own.map(String)] : classes);
        }
      }
    };
    walk(lowlight.highlight(name, code).children, []);
    return tokens;
  };
}
