import { type Editor, Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { imageAddress, isImageType } from '../../shared/protocol/images.ts';
import type { Images } from './images.ts';

export interface InsertImages {
  readonly ticketId: string;
  readonly images: Images;
  /** Hears in words what could not be added. */
  readonly onProblem: (words: string) => void;
}

/** Takes images that are pasted or dropped into the text. */
export const TakeImages = (into: InsertImages) =>
  Extension.create({
    name: 'takeImages',
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        new Plugin({
          key: new PluginKey('takeImages'),
          props: {
            handlePaste(_view, event) {
              // A copied table of a spreadsheet brings a picture of itself along: its text is meant.
              if (event.clipboardData?.types.includes('text/plain')) return false;
              return take(editor, event.clipboardData, into);
            },
            handleDrop(view, event, _slice, moved) {
              if (moved) return false;
              const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
              return take(editor, event.dataTransfer, into, at);
            },
          },
        }),
      ];
    },
  });

function take(editor: Editor, data: DataTransfer | null, into: InsertImages, at?: number): boolean {
  const files = [...(data?.files ?? [])];
  if (files.length === 0 || !editor.isEditable) return false;
  if (!files.some(({ type }) => type.startsWith('image/'))) {
    into.onProblem('Only images can be added to a description.');
    return true;
  }
  void insertImages(editor, files, into, at);
  return true;
}

/** Asks for files and puts them where the caret is. */
export function pickImages(editor: Editor, into: InsertImages): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = 'image/png,image/jpeg,image/gif,image/webp,image/avif';
  input.addEventListener('change', () => void insertImages(editor, [...(input.files ?? [])], into));
  input.click();
}

async function insertImages(
  editor: Editor,
  files: readonly File[],
  { ticketId, images, onProblem }: InsertImages,
  at?: number,
): Promise<void> {
  for (const file of files) {
    const size = await sizeOf(file);
    const added = await images.add(ticketId, file);
    if (!added.ok) {
      onProblem(`${file.name}: ${added.reason}`);
      continue;
    }
    // The description may have been closed meanwhile: then the image is kept here and stands nowhere.
    if (editor.isDestroyed) return;
    const attrs = { src: imageAddress(added.id), alt: wordsOf(file), ...size };
    const place = Math.min(at ?? editor.state.selection.to, editor.state.doc.content.size);
    editor.chain().focus().insertContentAt(place, { type: 'image', attrs }).run();
  }
}

/** So that nothing jumps while an image loads. Unknown where the browser cannot read it. */
async function sizeOf(file: File): Promise<{ width?: number; height?: number }> {
  if (!isImageType(file.type)) return {};
  try {
    const bitmap = await createImageBitmap(file);
    const size = { width: bitmap.width, height: bitmap.height };
    bitmap.close();
    return size;
  } catch {
    return {};
  }
}

/** A file's name says more than nothing; "image.png" is what browsers call what was pasted. */
function wordsOf({ name }: File): string {
  const words = name.replace(/\.[a-z0-9]+$/i, '').replace(/[-_]+/g, ' ');
  return /^image$/i.test(words) ? 'Pasted image' : words;
}
