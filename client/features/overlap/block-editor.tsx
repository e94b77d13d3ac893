import type { JSONContent } from '@tiptap/core';
import { EditorContent, useEditor } from '@tiptap/react';
import { useEffect, useRef } from 'react';
import { canonical } from '../../../shared/description/canonical.ts';
import { documentExtensions } from '../../../shared/description/schema.ts';
import type { Sides } from '../../../shared/description/word-origins.ts';
import { OriginMarks } from './origin-marks.ts';
import classes from './overlap.module.css';

interface BlockEditorProps {
  /** What it shows until the person changes it, and again whenever it becomes something else. */
  document: JSONContent;
  /** What the words in it are compared with, to mark whose they are. */
  sides: Sides;
  editable: boolean;
  label: string;
  onChange: (document: JSONContent) => void;
}

/** A small editor for one block: what is written here reaches the description when the overlap is settled. */
export function BlockEditor({ document, sides, editable, label, onChange }: BlockEditorProps) {
  const change = useRef(onChange);
  change.current = onChange;
  const editor = useEditor({
    extensions: [...documentExtensions(), OriginMarks(sides)],
    content: document,
    editable,
    editorProps: {
      attributes: {
        'aria-label': label,
        'aria-multiline': 'true',
        role: 'textbox',
        class: 'shown-document',
      },
    },
    onUpdate: ({ editor: edited }) => change.current(edited.getJSON()),
  });
  useEffect(() => {
    editor.setEditable(editable, false);
  }, [editor, editable]);
  const wanted = canonical(document);
  const latest = useRef(document);
  latest.current = document;
  useEffect(() => {
    if (canonical(editor.getJSON()) !== wanted) {
      editor.commands.setContent(latest.current, { emitUpdate: false });
    }
  }, [editor, wanted]);
  return <EditorContent editor={editor} className={classes.editor} />;
}
