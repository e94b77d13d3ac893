import { z } from 'zod';
import { ACTIVITY_KINDS, type ActivityFilter } from '../../local-db/activity-query.ts';

const search = z.object({
  who: z.string().min(1).optional().catch(undefined),
  kind: z.enum(ACTIVITY_KINDS).optional().catch(undefined),
});

/** The filters of a project's activity as they stand in the address; what cannot be read is no filter. */
export type ActivitySearch = z.output<typeof search>;

export const parseActivitySearch = (raw: unknown): ActivitySearch => {
  const { who, kind } = search.catch({}).parse(raw);
  return { ...(who !== undefined && { who }), ...(kind !== undefined && { kind }) };
};

export const toActivityFilter = ({ who, kind }: ActivitySearch): ActivityFilter => ({ actorId: who, kind });
