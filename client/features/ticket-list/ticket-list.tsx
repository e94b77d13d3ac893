import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconListCheck, IconSearchOff } from '@tabler/icons-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import {
  useLabelIdsByTicket,
  useLabels,
  usePendingRows,
  useProfiles,
  useTicketCount,
} from '../../local-db/hooks.ts';
import type { Project, Ticket } from '../../local-db/rows.ts';
import { useStatusCounts, useTicketsInReview } from '../../local-db/ticket-hooks.ts';
import { useFirstDownload } from '../../local-db/use-first-download.ts';
import { useTicketSpan } from '../../local-db/use-ticket-span.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useMinute } from '../../ui/relative-time.tsx';
import { calendarDay } from '../../ui/time-words.ts';
import { EVERYTHING, isFiltered, type ListFilter } from './list-search.ts';
import { ListToolbar } from './list-toolbar.tsx';
import classes from './ticket-list.module.css';
import { TicketRow } from './ticket-row.tsx';
import { TicketRows } from './ticket-rows.tsx';

/** Spans start at multiples of this, so that a little scrolling asks for nothing new. */
const STEP = 60;
/** Enough above and below what is on screen for a quick flick. */
const SPAN = 4 * STEP;

interface TicketListProps {
  project: Project;
  filter: ListFilter;
  onFilter: (filter: ListFilter) => void;
  /** Absent where this person may not create tickets. */
  onNewTicket?: () => void;
}

/** A project's tickets: what the filter lets through, however many there are. */
export function TicketList({ project, filter, onFilter, onNewTicket }: TicketListProps) {
  const searchRef = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => searchRef.current?.focus()]]);
  const query = { projectId: project.id, statuses: filter.statuses, search: filter.text };
  const [spanStart, setSpanStart] = useState(0);
  const span = useTicketSpan(query, spanStart, SPAN);
  const counted = useTicketCount(query);
  // A ticket made this moment is in the span before it is counted.
  const count = Math.max(counted ?? 0, span.start + span.rows.length);
  const onRange = useCallback((first: number) => setSpanStart(startFor(first)), []);
  const counts = useStatusCounts(project.id);
  const renderRow = useRowRenderer(project, span.rows);
  const empty = span.ready && span.rows.length === 0 && counted === 0;
  return (
    <div className={classes.page}>
      <ListToolbar
        filter={filter}
        counts={counts}
        searchRef={searchRef}
        onFilter={onFilter}
        onNewTicket={onNewTicket}
      />
      {span.failed && <p role="alert">The tickets could not be read from this device. Reload the page.</p>}
      {empty ? (
        <NothingHere filter={filter} onFilter={onFilter} onNewTicket={onNewTicket} />
      ) : (
        <TicketRows
          count={count}
          isCounted={counted !== undefined && span.ready}
          start={span.start}
          rows={span.rows}
          listKey={JSON.stringify(query)}
          onRange={onRange}
          renderRow={renderRow}
        />
      )}
    </div>
  );
}

const startFor = (first: number): number => Math.max(0, Math.floor(first / STEP) * STEP - STEP);

/** What a line needs beside its ticket, read once for all lines. */
function useRowRenderer(project: Project, rows: readonly Ticket[]): (ticket: Ticket) => React.ReactNode {
  const ids = useMemo(() => rows.map((ticket) => ticket.id), [rows]);
  const labelIds = useLabelIdsByTicket(ids);
  const labels = useLabels(project.id).rows;
  const people = useProfiles();
  const pending = usePendingRows();
  const inReview = useTicketsInReview();
  const today = calendarDay(useMinute());
  const labelsOf = useMemo(() => {
    const byId = new Map(labels.map((label) => [label.id, label]));
    const none: typeof labels = [];
    const byTicket = new Map(
      [...labelIds].map(([ticketId, on]) => [ticketId, on.flatMap((id) => byId.get(id) ?? [])]),
    );
    return (ticketId: string) => byTicket.get(ticketId) ?? none;
  }, [labelIds, labels]);
  return (ticket) => (
    <TicketRow
      projectKey={project.key}
      ticket={ticket}
      labels={labelsOf(ticket.id)}
      assigneeName={ticket.assignee_id ? (people.get(ticket.assignee_id)?.name ?? null) : null}
      pending={pending.has(ticket.id)}
      inReview={inReview.has(ticket.id)}
      today={today}
    />
  );
}

type NothingHereProps = Pick<TicketListProps, 'filter' | 'onFilter' | 'onNewTicket'>;

function NothingHere({ filter, onFilter, onNewTicket }: NothingHereProps) {
  const downloading = useFirstDownload();
  if (downloading) {
    return <EmptyState title="Getting the tickets">They stay on this device from then on.</EmptyState>;
  }
  if (isFiltered(filter)) {
    return (
      <EmptyState
        icon={<IconSearchOff size={32} stroke={1.4} aria-hidden />}
        title="No ticket matches"
        action={
          <Button variant="default" onClick={() => onFilter(EVERYTHING)}>
            Show all tickets
          </Button>
        }
      >
        {filter.text ? `Nothing here has “${filter.text}” in its title.` : 'No ticket has this status.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<IconListCheck size={32} stroke={1.4} aria-hidden />}
      title="No tickets yet"
      action={onNewTicket && <Button onClick={onNewTicket}>New ticket</Button>}
    >
      Tickets are the things to do in this project. They are kept on this device, so you can write them
      offline too.
    </EmptyState>
  );
}
