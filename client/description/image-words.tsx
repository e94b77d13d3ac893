import { Button, TextInput } from '@mantine/core';
import type { Editor } from '@tiptap/core';
import { type FormEvent, useState } from 'react';
import type { SelectedImage } from './selected-node.ts';

interface ImageWordsProps {
  editor: Editor;
  image: SelectedImage;
}

/** What the image shows, for those who do not see it. */
export function ImageWords({ editor, image }: ImageWordsProps) {
  const [words, setWords] = useState(image.words);
  const save = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    editor.chain().focus().setNodeSelection(image.at).updateAttributes('image', { alt: words.trim() }).run();
  };
  return (
    <form className="description-image-words" onSubmit={save}>
      <TextInput
        size="xs"
        aria-label="What the image shows"
        placeholder="What the image shows"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <Button type="submit" size="compact-sm" variant="default">
        Save
      </Button>
    </form>
  );
}
