import { NativeSelect } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useActors } from '../../local-db/activity-hooks.ts';
import { ACTIVITY_KINDS, type ActivityKind } from '../../local-db/activity-query.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import type { Project } from '../../local-db/rows.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import classes from './activity.module.css';
import { ActivityFeed } from './activity-feed.tsx';
import { type ActivitySearch, toActivityFilter } from './activity-search.ts';

interface ProjectActivityProps {
  project: Project;
  search: ActivitySearch;
  onSearch: (search: ActivitySearch) => void;
}

const FIRST_PAGE = 50;

/** Everything that happened in a project, by whom and of which kind. */
export function ProjectActivity({ project, search, onSearch }: ProjectActivityProps) {
  const scope = useMemo(() => ({ projectId: project.id }), [project.id]);
  const filter = useMemo(() => toActivityFilter(search), [search]);
  const isFiltered = search.who !== undefined || search.kind !== undefined;
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <h1 className={classes.title}>Activity</h1>
        <PersonFilter projectId={project.id} search={search} onSearch={onSearch} />
        <NativeSelect
          size="xs"
          aria-label="Kind of change"
          className={classes.filter}
          data={KIND_CHOICES}
          value={search.kind ?? EVERYTHING}
          onChange={(event) => onSearch({ ...search, kind: kindOf(event.currentTarget.value) })}
        />
      </header>
      <ActivityFeed
        key={JSON.stringify(search)}
        scope={scope}
        filter={filter}
        firstPage={FIRST_PAGE}
        namesTicket
        empty={
          <EmptyState
            icon={<IconHistory size={32} stroke={1.4} aria-hidden />}
            title={isFiltered ? 'Nothing of this kind yet' : 'Nothing happened yet'}
          >
            Every change in {project.name} is listed here, with what stood before and how edits that met were
            settled.
          </EmptyState>
        }
      />
    </div>
  );
}

const EVERYTHING = 'all';
const KIND_WORDS: Readonly<Record<ActivityKind, string>> = {
  fields: 'Changes of fields',
  met: 'Edits that met',
  comments: 'Comments',
  labels: 'Labels',
  tickets: 'New and deleted tickets',
  project: 'Members and settings',
};
const KIND_CHOICES = [
  { value: EVERYTHING, label: 'Every kind' },
  ...ACTIVITY_KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind] })),
];

const kindOf = (value: string): ActivityKind | undefined => ACTIVITY_KINDS.find((kind) => kind === value);

interface PersonFilterProps {
  projectId: string;
  search: ActivitySearch;
  onSearch: (search: ActivitySearch) => void;
}

function PersonFilter({ projectId, search, onSearch }: PersonFilterProps) {
  const profiles = useProfiles();
  const actors = new Set(useActors(projectId));
  if (search.who !== undefined) actors.add(search.who);
  const people = [...actors]
    .map((id) => ({ value: id, label: profiles.get(id)?.name ?? 'Somebody' }))
    .sort((a, b) => a.label.localeCompare(b.label));
  return (
    <NativeSelect
      size="xs"
      aria-label="Person"
      className={classes.filter}
      data={[{ value: '', label: 'Everybody' }, ...people]}
      value={search.who ?? ''}
      onChange={(event) => onSearch({ ...search, who: event.currentTarget.value || undefined })}
    />
  );
}
