import type { Editor } from '@tiptap/core';
import type { Mentioned } from '../../shared/description/mentions.ts';
import { PersonAvatar } from '../ui/person-avatar.tsx';
import type { MentionSource } from './mention-source.ts';
import type { Choice } from './suggestion-list.tsx';
import { suggestionMenu } from './suggestion-menu.ts';

interface MentionChoice extends Choice {
  readonly mentioned: Mentioned;
}

/** "@" and a name mentions a person, "#" and a number or words of the title a ticket. */
export const mentionMenus = (source: MentionSource) => [
  suggestionMenu<MentionChoice>({
    name: 'personMenu',
    char: '@',
    label: 'People',
    manyWords: true,
    choices: async (query) => (await source.people(query)).map(personChoice),
    choose: (editor, { mentioned }, range) => insert(editor, 'personMention', mentioned, range),
  }),
  suggestionMenu<MentionChoice>({
    name: 'ticketMenu',
    char: '#',
    label: 'Tickets',
    manyWords: true,
    choices: async (query) =>
      (await source.tickets(query)).map(({ id, label, title }) => ({
        key: id,
        label: title,
        hint: label,
        mentioned: { id, label },
      })),
    choose: (editor, { mentioned }, range) => insert(editor, 'ticketMention', mentioned, range),
  }),
];

const personChoice = ({ id, label }: Mentioned): MentionChoice => ({
  key: id,
  label,
  icon: <PersonAvatar id={id} name={label} size={18} labelled={false} />,
  mentioned: { id, label },
});

function insert(
  editor: Editor,
  type: 'personMention' | 'ticketMention',
  { id, label }: Mentioned,
  range: { from: number; to: number },
): void {
  const content = [
    { type, attrs: { id, label } },
    { type: 'text', text: ' ' },
  ];
  editor.chain().focus().insertContentAt(range, content).run();
}
