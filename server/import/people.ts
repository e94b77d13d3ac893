import type pg from 'pg';
import { z } from 'zod';

/** Somebody named in an import who has no account here. */
export const placeholderId = (projectId: string, name: string): string => `import:${projectId}/${name}`;

/**
 * Ids for the names an import mentions: a member of the project whose name or e-mail address it is (and nobody
 * else's), or a person without an account, made where missing.
 */
export async function resolvePeople(
  tx: pg.ClientBase,
  projectId: string,
  names: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const members = await readMembers(tx, projectId);
  const people = new Map<string, string>();
  const unknown: { id: string; name: string }[] = [];
  for (const name of names) {
    const wanted = name.toLowerCase();
    const same = members.filter((member) => [member.name, member.email].includes(wanted));
    const member = same.length === 1 ? same[0] : undefined;
    const id = member?.id ?? placeholderId(projectId, name);
    people.set(name, id);
    if (!member) unknown.push({ id, name });
  }
  await insertPlaceholders(tx, projectId, unknown);
  return people;
}

const memberRow = z.object({ id: z.string(), name: z.string(), email: z.string().nullable() });

async function readMembers(tx: pg.ClientBase, projectId: string): Promise<z.infer<typeof memberRow>[]> {
  const { rows } = await tx.query(
    `SELECT p.id, lower(p.name) AS name, lower(u.email) AS email
     FROM members m JOIN profiles p ON p.id = m.user_id LEFT JOIN "user" u ON u.id = m.user_id
     WHERE m.project_id = $1`,
    [projectId],
  );
  return z.array(memberRow).parse(rows);
}

async function insertPlaceholders(
  tx: pg.ClientBase,
  projectId: string,
  people: readonly { id: string; name: string }[],
): Promise<void> {
  if (people.length === 0) return;
  await tx.query(
    `INSERT INTO profiles (id, name, project_ids)
     SELECT id, name, jsonb_build_array($2::text) FROM jsonb_to_recordset($1::jsonb) AS given (id text, name text)
     ORDER BY id ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(people), projectId],
  );
}
