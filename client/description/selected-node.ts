import { type EditorState, NodeSelection } from '@tiptap/pm/state';
import type { Mentioned } from '../../shared/description/mentions.ts';

export interface SelectedImage {
  readonly kind: 'image';
  readonly at: number;
  /** What it shows, for those who do not see it. */
  readonly words: string;
}

export interface SelectedTicket extends Mentioned {
  readonly kind: 'ticket';
}

/** What is selected as a whole, by a click or with the arrow keys, where something can be done with it. */
export function selectedNode({ selection }: EditorState): SelectedImage | SelectedTicket | null {
  if (!(selection instanceof NodeSelection)) return null;
  const { type, attrs } = selection.node;
  if (type.name === 'image') return { kind: 'image', at: selection.from, words: String(attrs.alt ?? '') };
  if (type.name === 'ticketMention')
    return { kind: 'ticket', id: String(attrs.id), label: String(attrs.label) };
  return null;
}
