import type { CommonPowerSyncDatabase } from '@powersync/common';
import { z } from 'zod';

const person = z.object({ id: z.string(), label: z.string() });
const ticket = person.extend({ title: z.string() });

const SHOWN = 8;

/** The people of the ticket's project and the tickets this device has: what a description can mention. */
export function createMentionSource(db: CommonPowerSyncDatabase, projectId: string) {
  return {
    async people(words: string) {
      const sql = `SELECT profiles.id, profiles.name AS label FROM members
        JOIN profiles ON profiles.id = members.user_id
        WHERE members.project_id = ?1 AND (instr(lower(profiles.name), lower(?2)) > 0)
        ORDER BY instr(lower(profiles.name), lower(?2)), profiles.name LIMIT ${SHOWN}`;
      return person.array().parse(await db.getAll(sql, [projectId, words]));
    },
    /** By number alone, by key, or by words of the title; this project's, the latest changed first. */
    async tickets(words: string) {
      const sql = `SELECT tickets.id, projects.key || '-' || tickets.number AS label, tickets.title
        FROM tickets JOIN projects ON projects.id = tickets.project_id
        WHERE tickets.project_id = ?1 AND tickets.deleted_at IS NULL AND tickets.number IS NOT NULL
          AND (instr(lower(tickets.title), lower(?2)) > 0
            OR instr(projects.key || '-' || tickets.number, upper(?2)) = 1
            OR instr(CAST(tickets.number AS TEXT), ?2) = 1)
        ORDER BY tickets.updated_at DESC, tickets.id DESC LIMIT ${SHOWN}`;
      return ticket.array().parse(await db.getAll(sql, [projectId, words]));
    },
  };
}
