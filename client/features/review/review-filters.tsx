import { IconFilter2, IconFolder, IconUser } from '@tabler/icons-react';
import { FIELD_NAMES, FIELDS } from '../../../shared/tickets/fields.ts';
import { useProjects } from '../../local-db/hooks.ts';
import { ChoiceMenu } from '../../ui/choice-menu.tsx';
import classes from './review.module.css';
import { parseReviewSearch, type ReviewFilter, toReviewFilter } from './review-search.ts';

interface FilterProps {
  filter: ReviewFilter;
  onFilter: (filter: ReviewFilter) => void;
}

const ALL = '';
const FIELD_CHOICES = [
  { value: ALL, words: 'All fields', icon: <IconFilter2 size={15} aria-hidden /> },
  ...FIELD_NAMES.map((name) => ({ value: name, words: FIELDS[name].label })),
  { value: 'description', words: 'Description' },
];

/** What is open and what was decided. */
export function ReviewTabs({ filter, onFilter, open }: FilterProps & { open: number }) {
  const tab = (value: ReviewFilter['tab'], words: string, count?: number) => (
    <button
      type="button"
      className={classes.tab}
      aria-pressed={filter.tab === value}
      onClick={() => onFilter({ ...filter, tab: value })}
    >
      {words}
      {count !== undefined && <span className={classes.count}>{count}</span>}
    </button>
  );
  return (
    <nav className={classes.tabs} aria-label="Views">
      {tab('open', 'Open', open)}
      {tab('resolved', 'Resolved')}
    </nav>
  );
}

/** Narrows the panel to a project, a field, or what this person's own edits are part of. */
export function ReviewFilters({ filter, onFilter }: FilterProps) {
  const projects = useProjects().rows;
  const projectChoices = [
    { value: ALL, words: 'All projects', icon: <IconFolder size={15} aria-hidden /> },
    ...projects.map((project) => ({ value: project.key, words: project.name })),
  ];
  const chooseField = (field: string) => {
    // The address's own reader decides what a field is.
    const read = toReviewFilter(parseReviewSearch({ field }));
    onFilter({ ...filter, field: read.field });
  };
  return (
    <div className={classes.filters}>
      {projects.length > 1 && (
        <ChoiceMenu
          label="Project"
          choices={projectChoices}
          value={filter.projectKey ?? ALL}
          onChange={(key) => onFilter({ ...filter, projectKey: key === ALL ? null : key })}
        />
      )}
      <ChoiceMenu label="Field" choices={FIELD_CHOICES} value={filter.field ?? ALL} onChange={chooseField} />
      <button
        type="button"
        className={classes.tab}
        aria-pressed={filter.mine}
        title="Only what your own edits are part of"
        onClick={() => onFilter({ ...filter, mine: !filter.mine })}
      >
        <IconUser size={15} aria-hidden />
        Mine
      </button>
    </div>
  );
}
