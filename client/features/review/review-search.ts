import { type FieldName, isFieldName } from '../../../shared/tickets/fields.ts';

/** What the review panel shows, as its address says it: `?tab=resolved&project=DEMO&field=due_on&mine=yes`. */
export interface ReviewSearch {
  readonly tab?: 'resolved';
  readonly project?: string;
  readonly field?: string;
  readonly mine?: 'yes';
}

/** A field of a ticket, or its description, which is reviewed block by block. */
export type ReviewedField = FieldName | 'description';

/** The same in the panel's terms; null for all. */
export interface ReviewFilter {
  readonly tab: 'open' | 'resolved';
  readonly projectKey: string | null;
  readonly field: ReviewedField | null;
  /** Only what this person's own edits are part of. */
  readonly mine: boolean;
}

/** Reads the address; what it does not know it leaves out, so that an old link still opens the panel. */
export function parseReviewSearch(raw: Readonly<Record<string, unknown>>): ReviewSearch {
  const { tab, project, field, mine } = raw;
  return toReviewSearch({
    tab: tab === 'resolved' ? 'resolved' : 'open',
    projectKey: typeof project === 'string' && project !== '' ? project : null,
    field: typeof field === 'string' && isReviewedField(field) ? field : null,
    mine: mine === 'yes',
  });
}

export const toReviewFilter = ({ tab, project, field, mine }: ReviewSearch): ReviewFilter => ({
  tab: tab ?? 'open',
  projectKey: project ?? null,
  field: field !== undefined && isReviewedField(field) ? field : null,
  mine: mine === 'yes',
});

/** Names only what differs from everything, so that one filter has one address. */
export const toReviewSearch = ({ tab, projectKey, field, mine }: ReviewFilter): ReviewSearch => ({
  ...(tab === 'resolved' ? { tab } : {}),
  ...(projectKey === null ? {} : { project: projectKey }),
  ...(field === null ? {} : { field }),
  ...(mine ? { mine: 'yes' } : {}),
});

export const isNarrowed = ({ projectKey, field, mine }: ReviewFilter): boolean =>
  projectKey !== null || field !== null || mine;

const isReviewedField = (name: string): name is ReviewedField => name === 'description' || isFieldName(name);
