import { ChoiceMenu } from './choice-menu.tsx';
import { NobodyAvatar, PersonAvatar } from './person-avatar.tsx';

export interface PersonChoice {
  readonly id: string;
  readonly name: string;
}

interface PersonMenuProps {
  label?: string;
  people: readonly PersonChoice[];
  value: string | null;
  onChange: (personId: string | null) => void;
  readOnlyBecause?: string;
  compact?: boolean;
}

const NOBODY = '';

/** Shows and sets a person, or nobody. */
export function PersonMenu({ label = 'Assignee', people, value, onChange, ...rest }: PersonMenuProps) {
  const choices = [
    { value: NOBODY, words: 'Nobody', icon: <NobodyAvatar labelled={false} /> },
    ...people.map((person) => ({
      value: person.id,
      words: person.name,
      icon: <PersonAvatar id={person.id} name={person.name} labelled={false} />,
    })),
  ];
  return (
    <ChoiceMenu
      label={label}
      choices={choices}
      value={value ?? NOBODY}
      searchable={people.length > 7}
      onChange={(id) => onChange(id === NOBODY ? null : id)}
      {...rest}
    />
  );
}
