import { useMemo } from 'react';
import { z } from 'zod';
import { policyOf } from '../../shared/conflict/policy.ts';
import { type FieldName, fieldOf, isFieldName, POLICIES, type Policy } from '../../shared/tickets/fields.ts';
import { useQuery } from './use-query.ts';

const chosenRow = z.object({ field: z.string(), policy: z.enum(POLICIES) });
const changeRow = z.object({ field: z.string(), actor_id: z.string(), created_at: z.string() });
export type PolicyChange = z.output<typeof changeRow>;

export interface FieldPolicy {
  readonly policy: Policy;
  readonly isDefault: boolean;
  /** The last time an admin chose; undefined where nobody ever did. */
  readonly lastChange: PolicyChange | undefined;
}

/** What settles concurrent edits of each field of a project, as this device knows it; undefined until read (C10). */
export function useFieldPolicies(projectId: string): ((field: FieldName) => FieldPolicy) | undefined {
  const chosen = useQuery({
    sql: 'SELECT field, policy FROM field_policies WHERE project_id = ?',
    params: [projectId],
    tables: ['field_policies'],
    row: chosenRow,
  });
  const changes = useQuery({
    // SQLite takes the other columns from the row that has the maximum.
    sql: `SELECT subject_id AS field, actor_id, max(created_at) AS created_at FROM activity
      WHERE project_id = ? AND subject = 'policy' GROUP BY subject_id`,
    params: [projectId],
    tables: ['activity'],
    row: changeRow,
  });
  return useMemo(() => {
    if (!chosen) return undefined;
    const policies = new Map(
      chosen.filter((row) => isFieldName(row.field)).map((row) => [row.field, row.policy]),
    );
    const lastChanges = new Map(changes?.map((row) => [row.field, row]));
    return (field) => {
      const policy = policyOf(field, policies.get(field));
      const isDefault = policy === fieldOf(field).defaultPolicy;
      return { policy, isDefault, lastChange: lastChanges.get(field) };
    };
  }, [chosen, changes]);
}
