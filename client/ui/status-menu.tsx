import { ChoiceMenu } from './choice-menu.tsx';
import { STATUS_WORDS, StatusIcon, type StatusName } from './status-icon.tsx';

const NAMES: readonly StatusName[] = ['backlog', 'todo', 'in_progress', 'in_review', 'done', 'cancelled'];
const CHOICES = NAMES.map((status) => ({
  value: status,
  words: STATUS_WORDS[status],
  icon: <StatusIcon status={status} />,
}));

interface StatusMenuProps {
  value: StatusName;
  onChange: (status: StatusName) => void;
  readOnlyBecause?: string;
  compact?: boolean;
}

/** Shows and sets a status. */
export function StatusMenu({ onChange, ...rest }: StatusMenuProps) {
  const choose = (value: string) => {
    const status = NAMES.find((name) => name === value);
    if (status) onChange(status);
  };
  return <ChoiceMenu label="Status" choices={CHOICES} onChange={choose} {...rest} />;
}
