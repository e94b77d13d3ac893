import type pg from 'pg';
import { z } from 'zod';
import type { FieldName, Policy } from '../../shared/tickets/fields.ts';
import { type PolicyRow, policyRow } from './rows.ts';

/** All SQL about the policies projects have chosen; the defaults are in the table of fields. */

export async function readPolicies(tx: pg.ClientBase, projectIds: readonly string[]): Promise<PolicyRow[]> {
  const { rows } = await tx.query(
    'SELECT project_id, field, policy FROM field_policies WHERE project_id = ANY($1::uuid[])',
    [projectIds],
  );
  return z.array(policyRow).parse(rows);
}

/** Two admins who choose at once do so one after the other, so that the audit log tells both steps. */
export async function lockProjectPolicies(tx: pg.ClientBase, projectId: string): Promise<void> {
  await tx.query('SELECT id FROM projects WHERE id = $1 FOR NO KEY UPDATE', [projectId]);
}

/** Stores a project's choice, or forgets it when it is the default again. */
export async function storePolicy(
  tx: pg.ClientBase,
  projectId: string,
  field: FieldName,
  policy: Policy | null,
): Promise<void> {
  if (policy === null) {
    await tx.query('DELETE FROM field_policies WHERE project_id = $1 AND field = $2', [projectId, field]);
    return;
  }
  await tx.query(
    `INSERT INTO field_policies (id, project_id, field, policy) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET policy = EXCLUDED.policy`,
    [`${projectId}/${field}`, projectId, field, policy],
  );
}
