import { fieldKey, type Needs, type Snapshot } from '../../server/upload/store.ts';
import { FIELD_NAMES } from '../../shared/tickets/fields.ts';
import type { MemoryTables } from './memory-tables.ts';

/** What the Postgres store reads for the same needs, no more and no less: the contract suite compares them. */
export function loadFromMemory(tables: MemoryTables, needs: Needs): Snapshot {
  const comments = present(tables.comments, needs.commentIds);
  const ticketIds = new Set([
    ...needs.ticketIds,
    ...comments.map((comment) => comment.ticket_id),
    ...present(tables.conflicts, needs.conflictIds).map((conflict) => conflict.ticket_id),
  ]);
  const tickets = present(tables.tickets, [...ticketIds].sort());
  const projectIds = new Set([...needs.projectIds, ...tickets.map((ticket) => ticket.project_id)]);
  return {
    roles: rolesOf(tables, needs.userId),
    members: membersOf(tables, projectIds),
    names: tables.profiles,
    policies: policiesOf(tables, projectIds),
    valueAuthors: tables.valueAuthors,
    lastNumbers: new Map(needs.numberedProjectIds.map((id) => [id, tables.lastNumbers.get(id) ?? 0])),
    tickets,
    comments,
    labels: labelsOf(tables, needs),
    ticketLabels:
      needs.labelIds.length > 0
        ? [...tables.ticketLabels.values()].filter((pair) => ticketIds.has(pair.ticket_id))
        : [],
    conflicts: conflictsOf(tables, needs.conflictIds, ticketIds),
    notices: present(tables.notices, needs.noticeIds).map(({ id, user_id, read_at }) => ({
      id,
      user_id,
      read_at,
    })),
    descriptionReviews: present(tables.descriptionReviews, needs.descriptionReviewIds),
  };
}

function rolesOf(tables: MemoryTables, userId: string): Snapshot['roles'] {
  return new Map(
    [...tables.members].flatMap(([projectId, members]) => {
      const role = members.get(userId);
      return role ? [[projectId, role] as const] : [];
    }),
  );
}

const membersOf = (tables: MemoryTables, projectIds: ReadonlySet<string>): Snapshot['members'] =>
  new Map([...projectIds].map((id) => [id, new Set(tables.members.get(id)?.keys())]));

function policiesOf(tables: MemoryTables, projectIds: ReadonlySet<string>): Snapshot['policies'] {
  const keys = [...projectIds].flatMap((id) => FIELD_NAMES.map((field) => fieldKey(id, field)));
  return new Map(
    keys.flatMap((key) => {
      const policy = tables.policies.get(key);
      return policy ? [[key, policy] as const] : [];
    }),
  );
}

function labelsOf(tables: MemoryTables, needs: Needs): Snapshot['labels'] {
  if (needs.labelIds.length === 0) return [];
  return [...tables.labels.values()].filter(
    (label) => needs.labelIds.includes(label.id) || needs.labelProjectIds.includes(label.project_id),
  );
}

/** Those asked for, and every open one of the tickets. */
function conflictsOf(
  tables: MemoryTables,
  ids: readonly string[],
  ticketIds: ReadonlySet<string>,
): Snapshot['conflicts'] {
  return [...tables.conflicts.values()].filter(
    (conflict) =>
      ids.includes(conflict.id) || (conflict.state === 'open' && ticketIds.has(conflict.ticket_id)),
  );
}

const present = <Row>(rows: ReadonlyMap<string, Row>, ids: readonly string[]): Row[] =>
  ids.flatMap((id) => rows.get(id) ?? []);
