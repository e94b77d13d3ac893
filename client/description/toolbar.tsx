import { NativeSelect } from '@mantine/core';
import { RichTextEditor } from '@mantine/tiptap';
import { IconPhoto, IconSeparatorHorizontal, IconSourceCode } from '@tabler/icons-react';
import { type Editor, useEditorState } from '@tiptap/react';
import type { RefObject } from 'react';
import { CODE_LANGUAGES } from './code-languages.ts';
import { LinkControl } from './link-control.tsx';
import { useRovingFocus } from './roving-focus.ts';

/** What the controls are called, with their keys where they have some. */
export function toolbarLabels(modifier: string) {
  return {
    boldControlLabel: `Bold (${modifier}B)`,
    italicControlLabel: `Italic (${modifier}I)`,
    strikeControlLabel: `Strikethrough (${modifier}Shift+S)`,
    codeControlLabel: `Code (${modifier}E)`,
    h2ControlLabel: `Heading (${modifier}Alt+2, or ## and a space)`,
    h3ControlLabel: `Subheading (${modifier}Alt+3, or ### and a space)`,
    bulletListControlLabel: `Bullet list (${modifier}Shift+8, or - and a space)`,
    orderedListControlLabel: `Numbered list (${modifier}Shift+7, or 1. and a space)`,
    tasksControlLabel: `Task list (${modifier}Shift+9, or [ ] and a space)`,
    blockquoteControlLabel: `Quote (${modifier}Shift+B, or > and a space)`,
    codeBlockControlLabel: `Code block (${modifier}Alt+C, or \`\`\`)`,
    hrControlLabel: 'Line (---)',
    undoControlLabel: `Undo your last change (${modifier}Z)`,
    redoControlLabel: `Redo (${modifier}Shift+Z)`,
  };
}

/** "⌘" on a Mac, "Ctrl+" elsewhere. */
export const modifierOf = (platform: string): string => (/mac|iphone|ipad/i.test(platform) ? '⌘' : 'Ctrl+');

interface ToolbarProps {
  ref: RefObject<HTMLDivElement | null>;
  editor: Editor;
  modifier: string;
  linkOpened: boolean;
  onLinkOpened: (opened: boolean) => void;
  onImage: () => void;
}

/** The controls of the description; stays in sight while a long text scrolls. */
export function Toolbar({ ref, editor, modifier, linkOpened, onLinkOpened, onImage }: ToolbarProps) {
  const roving = useRovingFocus(ref);
  return (
    <RichTextEditor.Toolbar
      ref={ref}
      sticky
      stickyOffset={0}
      role="toolbar"
      aria-label="Formatting"
      onFocus={roving.onFocus}
      onKeyDown={(event) => {
        if (event.key === 'Escape') editor.commands.focus();
        else roving.onKeyDown(event);
      }}
    >
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Bold />
        <RichTextEditor.Italic />
        <RichTextEditor.Strikethrough />
        <RichTextEditor.Code />
        <LinkControl
          editor={editor}
          shortcut={`${modifier}Shift+U`}
          opened={linkOpened}
          onChange={onLinkOpened}
        />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.H2 />
        <RichTextEditor.H3 />
        <RichTextEditor.BulletList />
        <RichTextEditor.OrderedList />
        <RichTextEditor.TaskList />
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Blockquote />
        <RichTextEditor.CodeBlock icon={CodeBlockIcon} />
        <RichTextEditor.Hr icon={LineIcon} />
        <RichTextEditor.TableInsert />
        <RichTextEditor.Control aria-label="Image" title="Image (or paste one)" onClick={onImage}>
          <IconPhoto size={16} stroke={1.6} aria-hidden />
        </RichTextEditor.Control>
      </RichTextEditor.ControlsGroup>
      <RichTextEditor.ControlsGroup>
        <RichTextEditor.Undo />
        <RichTextEditor.Redo />
      </RichTextEditor.ControlsGroup>
      <CodeControls editor={editor} />
    </RichTextEditor.Toolbar>
  );
}

/** Mantine draws code and code block alike, and a line as three dots. */
const CodeBlockIcon = () => <IconSourceCode size={16} stroke={1.5} aria-hidden />;
const LineIcon = () => <IconSeparatorHorizontal size={16} stroke={1.5} aria-hidden />;

/** Only while the caret is in code: which language it is. */
function CodeControls({ editor }: { editor: Editor }) {
  const language = useEditorState({ editor, selector: () => languageAtCaret(editor) });
  if (language === null) return null;
  const known = CODE_LANGUAGES.some(({ value }) => value === language);
  const other = language !== '' && !known ? [{ value: language, label: language }] : [];
  return (
    <NativeSelect
      size="xs"
      aria-label="Language of the code"
      className="description-language"
      data={[{ value: '', label: 'Plain text' }, ...other, ...CODE_LANGUAGES]}
      value={language}
      onChange={(event) =>
        editor
          .chain()
          .updateAttributes('codeBlock', { language: event.currentTarget.value || null })
          .run()
      }
    />
  );
}

function languageAtCaret(editor: Editor): string | null {
  if (editor.isDestroyed || !editor.isActive('codeBlock')) return null;
  const language: unknown = editor.getAttributes('codeBlock').language;
  return typeof language === 'string' ? language : '';
}
