import { Combobox, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ChoiceLine } from './choice-menu.tsx';
import classes from './controls.module.css';
import { LabelChip } from './label-chip.tsx';

export interface LabelChoice {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
}

interface LabelPickerProps {
  /** Every label of the project. */
  labels: readonly LabelChoice[];
  chosen: readonly LabelChoice[];
  onAdd: (labelId: string) => void;
  onRemove: (labelId: string) => void;
  /** Makes a label of that name and adds it; absent where this person may not. */
  onCreate?: (name: string) => void;
  readOnlyBecause?: string;
}

const CREATE = '\u0000create';

/** The labels chosen as chips, and a list to add, remove or make one. Stays open: labels come in handfuls. */
export function LabelPicker(props: LabelPickerProps) {
  const { labels, chosen, onAdd, onRemove, onCreate, readOnlyBecause } = props;
  const [search, setSearch] = useState('');
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setSearch('');
    },
    onDropdownOpen: () => combobox.focusSearchInput(),
  });
  const wanted = search.trim().toLocaleLowerCase();
  const shown = labels.filter((label) => label.name.toLocaleLowerCase().includes(wanted));
  const isNew = wanted !== '' && !labels.some((label) => label.name.trim().toLocaleLowerCase() === wanted);
  const isChosen = (id: string) => chosen.some((label) => label.id === id);
  const submit = (value: string) => {
    if (value === CREATE) onCreate?.(search.trim());
    else if (isChosen(value)) onRemove(value);
    else onAdd(value);
    setSearch('');
  };
  return (
    <div className={classes.labels}>
      {chosen.map((label) => (
        <LabelChip
          key={label.id}
          name={label.name}
          colour={label.colour}
          onRemove={readOnlyBecause ? undefined : () => onRemove(label.id)}
        />
      ))}
      {readOnlyBecause && chosen.length === 0 && <span className={classes.none}>No labels</span>}
      {!readOnlyBecause && (
        <Combobox store={combobox} width={240} position="bottom-start" withinPortal onOptionSubmit={submit}>
          <Combobox.Target targetType="button">
            <button
              type="button"
              className={classes.addLabel}
              aria-label="Add label"
              onClick={() => combobox.toggleDropdown()}
            >
              <IconPlus size={14} aria-hidden />
              {chosen.length === 0 && 'Add label'}
            </button>
          </Combobox.Target>
          <Combobox.Dropdown>
            <Combobox.Search
              value={search}
              aria-label="Find or make a label"
              placeholder={onCreate ? 'Find or make a label' : 'Find a label'}
              onChange={(event) => {
                setSearch(event.currentTarget.value);
                combobox.resetSelectedOption();
              }}
            />
            <Combobox.Options mah={260} style={{ overflowY: 'auto' }} aria-label="Labels">
              {shown.map((label) => (
                <Combobox.Option key={label.id} value={label.id} active={isChosen(label.id)}>
                  <ChoiceLine
                    choice={{
                      value: label.id,
                      words: label.name,
                      icon: <span className={classes.dot} style={{ background: label.colour }} aria-hidden />,
                    }}
                    chosen={isChosen(label.id)}
                  />
                </Combobox.Option>
              ))}
              {isNew && onCreate && (
                <Combobox.Option value={CREATE}>Make label “{search.trim()}”</Combobox.Option>
              )}
              {shown.length === 0 && !(isNew && onCreate) && (
                <Combobox.Empty>
                  {labels.length === 0 ? 'Type a name to make the first label' : 'No such label'}
                </Combobox.Empty>
              )}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      )}
    </div>
  );
}
