import { ChoiceMenu } from './choice-menu.tsx';
import { PRIORITY_WORDS, PriorityIcon, type PriorityName } from './priority-icon.tsx';

const NAMES: readonly PriorityName[] = ['none', 'urgent', 'high', 'medium', 'low'];
const CHOICES = NAMES.map((priority) => ({
  value: priority,
  words: PRIORITY_WORDS[priority],
  icon: <PriorityIcon priority={priority} />,
}));

interface PriorityMenuProps {
  value: PriorityName;
  onChange: (priority: PriorityName) => void;
  readOnlyBecause?: string;
  compact?: boolean;
}

/** Shows and sets a priority. */
export function PriorityMenu({ onChange, ...rest }: PriorityMenuProps) {
  const choose = (value: string) => {
    const priority = NAMES.find((name) => name === value);
    if (priority) onChange(priority);
  };
  return <ChoiceMenu label="Priority" choices={CHOICES} onChange={choose} {...rest} />;
}
