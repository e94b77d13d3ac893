import { judgeChange } from '../../server/projects/membership.ts';
import type { ActivityRow, TicketRow } from '../../server/tickets/rows.ts';
import { fieldKey } from '../../server/upload/store.ts';
import { policyOf } from '../../shared/conflict/policy.ts';
import { can } from '../../shared/permissions/can.ts';
import { emptyTables, type MemoryTables } from '../fakes/memory-tables.ts';
import { createMemoryUploadStore } from '../fakes/memory-upload-store.ts';
import type { Backend } from './server.ts';

interface MemoryBackendDeps {
  readonly projectId: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The server's tables as values. Its online actions do what the routes do, in as few words. */
export function createMemoryBackend({ projectId, now, newId }: MemoryBackendDeps): Backend {
  const tables = emptyTables();
  const members = new Map();
  tables.members.set(projectId, members);
  const mayEdit = (userId: string): boolean =>
    can({ userId, name: userId, roles: rolesIn(tables, projectId, userId) }, 'ticket.delete', { projectId })
      .allowed;

  const moveTicket = (userId: string, ticket: TicketRow, deletedAt: string | null): void => {
    tables.tickets.set(ticket.id, {
      ...ticket,
      deleted_at: deletedAt,
      revision: ticket.revision + 1,
      updated_at: now().toISOString(),
    });
    const action = deletedAt === null ? 'restored' : 'deleted';
    tables.activity.push({
      ...ONLINE,
      project_id: projectId,
      ticket_id: ticket.id,
      subject: 'ticket',
      subject_id: ticket.id,
      action,
      actor_id: userId,
    });
  };

  return {
    store: createMemoryUploadStore(tables, newId),
    async trash(userId, ticketId, revision) {
      const ticket = tables.tickets.get(ticketId);
      if (!ticket || !mayEdit(userId) || ticket.deleted_at !== null || ticket.revision !== revision)
        return false;
      moveTicket(userId, ticket, now().toISOString());
      return true;
    },
    async restore(userId, ticketId) {
      const ticket = tables.tickets.get(ticketId);
      if (!ticket || !mayEdit(userId) || ticket.deleted_at === null) return false;
      moveTicket(userId, ticket, null);
      return true;
    },
    async choosePolicy(userId, field, policy) {
      const key = fieldKey(projectId, field);
      const before = policyOf(field, tables.policies.get(key));
      if (before === policy) return;
      tables.policies.set(key, policy);
      tables.activity.push({
        ...ONLINE,
        project_id: projectId,
        ticket_id: null,
        subject: 'policy',
        subject_id: field,
        action: 'changed',
        before,
        after: policy,
        actor_id: userId,
      });
    },
    async setRole(userId, role) {
      if (judgeChange(members, { userId, role }).kind === 'refused' && role === null) return;
      if (role === null) members.delete(userId);
      else members.set(userId, role);
    },
    async addPerson(userId, role) {
      tables.profiles.set(userId, userId);
      members.set(userId, role);
    },
    tables: async () => tables,
  };
}

const rolesIn = (tables: MemoryTables, projectId: string, userId: string) => {
  const role = tables.members.get(projectId)?.get(userId);
  return new Map(role ? [[projectId, role]] : []);
};

const ONLINE: Pick<
  ActivityRow,
  | 'before'
  | 'after'
  | 'device_id'
  | 'op_id'
  | 'outcome'
  | 'rule'
  | 'overwrote_id'
  | 'made_at'
  | 'offline_since'
> = {
  before: null,
  after: null,
  device_id: null,
  op_id: null,
  outcome: 'applied',
  rule: null,
  overwrote_id: null,
  made_at: null,
  offline_since: null,
};
