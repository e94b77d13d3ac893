import { Combobox, useCombobox } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import classes from './controls.module.css';

export interface Choice {
  readonly value: string;
  readonly words: string;
  readonly icon?: ReactNode;
}

interface ChoiceMenuProps {
  /** The control's accessible name; its value follows it: "Status: Done". */
  label: string;
  choices: readonly Choice[];
  value: string;
  onChange: (value: string) => void;
  /** Offers a search field; for long lists. */
  searchable?: boolean;
  /** Why it cannot be changed, in words; absent where it can. */
  readOnlyBecause?: string;
  /** Only the icon, for rows. */
  compact?: boolean;
}

/** A button that shows the chosen value and opens the others as a list. */
export function ChoiceMenu(props: ChoiceMenuProps) {
  const { label, choices, value, onChange, searchable = false, readOnlyBecause, compact = false } = props;
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setSearch('');
    },
    onDropdownOpen: () => {
      combobox.updateSelectedOptionIndex('active');
      if (searchable) combobox.focusSearchInput();
    },
  });
  const chosen = choices.find((choice) => choice.value === value);
  const shown = choices.filter((choice) => matches(choice.words, search));
  return (
    <Combobox
      store={combobox}
      width={220}
      position="bottom-start"
      withinPortal
      onOptionSubmit={(next) => {
        combobox.closeDropdown();
        if (next !== value) onChange(next);
      }}
    >
      <Combobox.Target targetType="button" withAriaAttributes={!readOnlyBecause}>
        <button
          type="button"
          className={compact ? classes.iconButton : classes.value}
          aria-label={`${label}: ${chosen?.words ?? 'not set'}`}
          aria-disabled={readOnlyBecause ? true : undefined}
          title={readOnlyBecause ?? (compact ? `${label}: ${chosen?.words ?? 'not set'}` : undefined)}
          onClick={() => !readOnlyBecause && combobox.toggleDropdown()}
        >
          {chosen?.icon}
          {!compact && <span className={classes.valueWords}>{chosen?.words ?? 'Not set'}</span>}
        </button>
      </Combobox.Target>
      {!readOnlyBecause && (
        <Combobox.Dropdown>
          {searchable && (
            <Combobox.Search
              value={search}
              aria-label={`Find ${label.toLowerCase()}`}
              placeholder="Find"
              onChange={(event) => {
                setSearch(event.currentTarget.value);
                combobox.selectFirstOption();
              }}
            />
          )}
          <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={label}>
            {shown.map((choice) => (
              <Combobox.Option key={choice.value} value={choice.value} active={choice.value === value}>
                <ChoiceLine choice={choice} chosen={choice.value === value} />
              </Combobox.Option>
            ))}
            {shown.length === 0 && <Combobox.Empty>Nothing by that name</Combobox.Empty>}
          </Combobox.Options>
        </Combobox.Dropdown>
      )}
    </Combobox>
  );
}

/** One line of a list of choices: icon, words, a tick on what is chosen. */
export function ChoiceLine({ choice, chosen }: { choice: Choice; chosen: boolean }) {
  return (
    <span className={classes.choice}>
      {choice.icon}
      <span className={classes.choiceWords}>{choice.words}</span>
      {chosen && <IconCheck size={14} aria-hidden className={classes.tick} />}
    </span>
  );
}

const matches = (words: string, search: string) =>
  words.toLocaleLowerCase().includes(search.trim().toLocaleLowerCase());
