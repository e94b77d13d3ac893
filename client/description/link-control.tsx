import { Button, Group, Popover, TextInput } from '@mantine/core';
import { RichTextEditor } from '@mantine/tiptap';
import { IconLink } from '@tabler/icons-react';
import { type Editor, useEditorState } from '@tiptap/react';
import { type FormEvent, useState } from 'react';
import { isSafeUrl } from '../../shared/description/safe-url.ts';

interface LinkControlProps {
  editor: Editor;
  shortcut: string;
  opened: boolean;
  onChange: (opened: boolean) => void;
}

/** The toolbar's link button and its form. Mantine's own says nothing when an address is not allowed. */
export function LinkControl({ editor, shortcut, opened, onChange }: LinkControlProps) {
  const active = useEditorState({ editor, selector: () => editor.isActive('link') });
  return (
    <Popover opened={opened} onChange={onChange} position="bottom-start" trapFocus withinPortal width={320}>
      <Popover.Target>
        <RichTextEditor.Control
          aria-label="Link"
          title={`Link (${shortcut})`}
          active={active}
          onClick={() => onChange(!opened)}
        >
          <IconLink size={16} stroke={1.6} aria-hidden />
        </RichTextEditor.Control>
      </Popover.Target>
      <Popover.Dropdown p="sm">
        <LinkForm editor={editor} onDone={() => onChange(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function LinkForm({ editor, onDone }: { editor: Editor; onDone: () => void }) {
  const before: unknown = editor.getAttributes('link').href;
  const current = typeof before === 'string' ? before : '';
  const [address, setAddress] = useState(current);
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The form may stand inside another one in React's tree.
    event.stopPropagation();
    const href = complete(address);
    if (href === '') return remove();
    if (!isSafeUrl(href)) return setError('Use an address that starts with https, http or mailto.');
    if (isWordless(editor)) return setError('Only words can be a link: select some, or nothing.');
    insertLink(editor, href);
    onDone();
  };
  const remove = () => {
    editor.chain().focus().extendMarkRange('link').unsetLink().run();
    onDone();
  };
  return (
    <form onSubmit={submit}>
      <TextInput
        label="Address"
        placeholder="https://…"
        data-autofocus
        value={address}
        error={error}
        onChange={(event) => {
          setAddress(event.currentTarget.value);
          setError(null);
        }}
      />
      <Group mt="xs" gap="xs">
        <Button type="submit">Save link</Button>
        {current !== '' && (
          <Button variant="default" onClick={remove}>
            Remove link
          </Button>
        )}
      </Group>
    </form>
  );
}

/** "example.org" is meant as a web address, "ada@example.org" as a mail address. */
function complete(address: string): string {
  const trimmed = address.trim();
  if (trimmed === '' || /^[a-z][a-z0-9+.-]*:/i.test(trimmed) || /^[/#]/.test(trimmed)) return trimmed;
  return /^[^\s/@]+@[^\s/@]+$/.test(trimmed) ? `mailto:${trimmed}` : `https://${trimmed}`;
}

/** An image or a mention alone: marks stand on words (shared/description/schema.ts). */
function isWordless({ state: { doc, selection } }: Editor): boolean {
  return !selection.empty && doc.textBetween(selection.from, selection.to) === '';
}

/** Links the selection, or the link the caret stands in; with neither, the address becomes the text. */
function insertLink(editor: Editor, href: string): void {
  if (editor.state.selection.empty && !editor.isActive('link')) {
    const text = { type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] };
    editor.chain().focus().insertContent(text).run();
  } else {
    editor.chain().focus().extendMarkRange('link').setLink({ href }).run();
  }
}
