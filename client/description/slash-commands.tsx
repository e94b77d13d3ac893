import {
  IconBlockquote,
  IconCheckbox,
  IconH2,
  IconH3,
  IconLetterT,
  IconLink,
  IconList,
  IconListNumbers,
  IconPhoto,
  IconSeparatorHorizontal,
  IconSourceCode,
  IconTable,
} from '@tabler/icons-react';
import type { Editor } from '@tiptap/core';
import type { Choice } from './suggestion-list.tsx';
import { suggestionMenu } from './suggestion-menu.ts';

export interface SlashCommand extends Choice {
  /** Other words it is found by. */
  readonly words: string;
  run(editor: Editor): void;
}

interface SlashMenuDeps {
  readonly pickImages: (editor: Editor) => void;
  readonly onLink: () => void;
}

/** "/" lists what can be put in; typing goes on narrowing it down. */
export function slashMenu(deps: SlashMenuDeps) {
  const commands = slashCommands(deps);
  const tableCommands = [...TABLE_COMMANDS, ...commands.filter(({ key }) => key !== 'table')];
  return suggestionMenu<SlashCommand>({
    name: 'slashMenu',
    char: '/',
    label: 'Insert',
    manyWords: false,
    choices: (query, editor) => findCommands(editor.isActive('table') ? tableCommands : commands, query),
    choose(editor, command, range) {
      editor.chain().focus().deleteRange(range).run();
      command.run(editor);
    },
  });
}

/** Those whose label or other words begin with what was typed, in the usual order. */
export function findCommands<C extends Pick<SlashCommand, 'label' | 'words'>>(
  commands: readonly C[],
  query: string,
): readonly C[] {
  const start = query.toLowerCase();
  return commands.filter(({ label, words }) =>
    `${label} ${words}`
      .toLowerCase()
      .split(' ')
      .some((word) => word.startsWith(start)),
  );
}

/** Only in a table, first of all. */
const TABLE_COMMANDS: readonly SlashCommand[] = [
  {
    key: 'row-below',
    label: 'Row below',
    words: 'table add insert',
    run: (editor) => editor.chain().focus().addRowAfter().run(),
  },
  {
    key: 'column-right',
    label: 'Column to the right',
    words: 'table add insert',
    run: (editor) => editor.chain().focus().addColumnAfter().run(),
  },
  {
    key: 'row-delete',
    label: 'Delete this row',
    words: 'table remove row',
    run: (editor) => editor.chain().focus().deleteRow().run(),
  },
  {
    key: 'column-delete',
    label: 'Delete this column',
    words: 'table remove column',
    run: (editor) => editor.chain().focus().deleteColumn().run(),
  },
  {
    key: 'table-delete',
    label: 'Delete the table',
    words: 'remove',
    run: (editor) => editor.chain().focus().deleteTable().run(),
  },
];

const ICON = { size: 16, stroke: 1.6, 'aria-hidden': true } as const;

function slashCommands({ pickImages, onLink }: SlashMenuDeps): readonly SlashCommand[] {
  return [
    {
      key: 'text',
      label: 'Text',
      words: 'paragraph plain',
      icon: <IconLetterT {...ICON} />,
      run: (editor) => editor.chain().focus().setParagraph().run(),
    },
    {
      key: 'heading',
      label: 'Heading',
      hint: '##',
      words: 'h2 title',
      icon: <IconH2 {...ICON} />,
      run: (editor) => editor.chain().focus().setHeading({ level: 2 }).run(),
    },
    {
      key: 'subheading',
      label: 'Subheading',
      hint: '###',
      words: 'h3 heading',
      icon: <IconH3 {...ICON} />,
      run: (editor) => editor.chain().focus().setHeading({ level: 3 }).run(),
    },
    {
      key: 'bullets',
      label: 'Bullet list',
      hint: '-',
      words: 'unordered',
      icon: <IconList {...ICON} />,
      run: (editor) => editor.chain().focus().toggleBulletList().run(),
    },
    {
      key: 'numbers',
      label: 'Numbered list',
      hint: '1.',
      words: 'ordered',
      icon: <IconListNumbers {...ICON} />,
      run: (editor) => editor.chain().focus().toggleOrderedList().run(),
    },
    {
      key: 'tasks',
      label: 'Task list',
      hint: '[ ]',
      words: 'todo checkbox',
      icon: <IconCheckbox {...ICON} />,
      run: (editor) => editor.chain().focus().toggleTaskList().run(),
    },
    {
      key: 'table',
      label: 'Table',
      words: 'grid rows columns',
      icon: <IconTable {...ICON} />,
      run: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    },
    {
      key: 'code',
      label: 'Code block',
      hint: '```',
      words: 'pre source',
      icon: <IconSourceCode {...ICON} />,
      run: (editor) => editor.chain().focus().setCodeBlock().run(),
    },
    {
      key: 'quote',
      label: 'Quote',
      hint: '>',
      words: 'blockquote citation',
      icon: <IconBlockquote {...ICON} />,
      run: (editor) => editor.chain().focus().setBlockquote().run(),
    },
    {
      key: 'image',
      label: 'Image…',
      words: 'picture photo screenshot upload',
      icon: <IconPhoto {...ICON} />,
      run: pickImages,
    },
    { key: 'link', label: 'Link…', words: 'url address', icon: <IconLink {...ICON} />, run: onLink },
    {
      key: 'line',
      label: 'Line',
      hint: '---',
      words: 'divider rule separator',
      icon: <IconSeparatorHorizontal {...ICON} />,
      run: (editor) => editor.chain().focus().setHorizontalRule().run(),
    },
  ];
}
