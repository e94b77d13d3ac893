import { Button, Checkbox, CloseButton, Kbd, Popover, TextInput, Tooltip } from '@mantine/core';
import { IconFilter2, IconPlus, IconSearch } from '@tabler/icons-react';
import { type RefObject, useEffect, useState } from 'react';
import { STATUSES, type Status } from '../../../shared/tickets/ticket.ts';
import { STATUS_WORDS, StatusIcon } from '../../ui/status-icon.tsx';
import { type ListFilter, PRESETS, presetOf, toggleStatus } from './list-search.ts';
import classes from './ticket-list.module.css';

/** How many tickets each status has, before any filter; absent until SQLite has counted. */
export type StatusCounts = Readonly<Partial<Record<Status, number>>>;

interface ListToolbarProps {
  filter: ListFilter;
  counts: StatusCounts | undefined;
  searchRef: RefObject<HTMLInputElement | null>;
  onFilter: (filter: ListFilter) => void;
  /** Absent where this person may not create. */
  onNewTicket?: () => void;
}

/** What the list shows, and the way to a new ticket. */
export function ListToolbar({ filter, counts, searchRef, onFilter, onNewTicket }: ListToolbarProps) {
  return (
    <div className={classes.toolbar}>
      <PresetTabs filter={filter} counts={counts} onFilter={onFilter} />
      <StatusFilter filter={filter} counts={counts} onFilter={onFilter} />
      <SearchField text={filter.text} inputRef={searchRef} onText={(text) => onFilter({ ...filter, text })} />
      {onNewTicket && (
        <Tooltip
          label={
            <>
              New ticket <Kbd size="xs">c</Kbd>
            </>
          }
        >
          <Button
            leftSection={<IconPlus size={15} aria-hidden />}
            onClick={onNewTicket}
            className={classes.newTicket}
          >
            New ticket
          </Button>
        </Tooltip>
      )}
    </div>
  );
}

type FilterPartProps = Pick<ListToolbarProps, 'filter' | 'counts' | 'onFilter'>;

function PresetTabs({ filter, counts, onFilter }: FilterPartProps) {
  const chosen = presetOf(filter);
  return (
    <nav className={classes.presets} aria-label="Views">
      {PRESETS.map((preset) => (
        <button
          key={preset.name}
          type="button"
          className={classes.preset}
          aria-pressed={preset === chosen}
          onClick={() => onFilter({ ...filter, statuses: preset.statuses })}
        >
          {preset.name}
          <span className={classes.count}>{counts && sum(counts, preset.statuses)}</span>
        </button>
      ))}
    </nav>
  );
}

function StatusFilter({ filter, counts, onFilter }: FilterPartProps) {
  const custom = filter.statuses.length > 0 && !presetOf(filter);
  const words = custom ? filter.statuses.map((status) => STATUS_WORDS[status]).join(', ') : 'Status';
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant={custom ? 'light' : 'subtle'}
          color={custom ? undefined : 'gray'}
          leftSection={<IconFilter2 size={15} aria-hidden />}
          className={classes.statusFilter}
          aria-label={custom ? `Status filter: ${words}` : 'Filter by status'}
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <fieldset className={classes.statusList}>
          <legend className="visually-hidden">Show tickets with status</legend>
          {STATUSES.map((status) => (
            <Checkbox
              key={status}
              size="xs"
              className={classes.statusLine}
              checked={filter.statuses.includes(status)}
              onChange={() => onFilter(toggleStatus(filter, status))}
              label={
                <span className={classes.statusLabel}>
                  <StatusIcon status={status} />
                  {STATUS_WORDS[status]}
                  <span className={classes.count}>{counts?.[status] ?? 0}</span>
                </span>
              }
            />
          ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}

const TYPING_PAUSE_MS = 80;

interface SearchFieldProps {
  text: string;
  inputRef: RefObject<HTMLInputElement | null>;
  onText: (text: string) => void;
}

/** Follows what is typed at once and hands it on after a breath, so that the address does not change at every key. */
function SearchField({ text, inputRef, onText }: SearchFieldProps) {
  const [draft, setDraft] = useState(text);
  useEffect(() => setDraft(text), [text]);
  useEffect(() => {
    if (draft === text) return;
    const timer = setTimeout(() => onText(draft), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      ref={inputRef}
      type="search"
      size="xs"
      className={classes.search}
      aria-label="Search by title"
      placeholder="Search by title"
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={draft && <CloseButton size="sm" aria-label="Clear search" onClick={() => setDraft('')} />}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}

const sum = (counts: StatusCounts, statuses: readonly Status[]): number =>
  (statuses.length === 0 ? STATUSES : statuses).reduce((total, status) => total + (counts[status] ?? 0), 0);
