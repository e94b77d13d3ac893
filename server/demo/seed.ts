import type pg from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../db/pool.ts';
import { importTickets } from '../import/import-tickets.ts';
import { insertMember } from '../projects/member-store.ts';
import { findProject, insertProject } from '../projects/project-store.ts';
import { DEMO_ACCOUNTS, type DemoAccount, demoRoleOf } from './accounts.ts';
import { BOOKING_TICKETS } from './booking-tickets.ts';
import { importLineOf } from './demo-ticket.ts';
import { TRAIL_TICKETS } from './trail-tickets.ts';

export interface SeedDemoDeps {
  readonly pool: pg.Pool;
  /** The id of the account with this address, made when missing. */
  readonly createAccount: (account: DemoAccount) => Promise<string>;
  readonly log: Logger;
  readonly say: (sentence: string) => void;
  readonly clock: () => Date;
  readonly newId: () => string;
}

const PROJECT = { key: 'DEMO', name: 'Rejoin demo' };

/**
 * Accounts, the demo project with its members, and its tickets. Quick and without effect where all of it is there:
 * what people have changed or moved to the trash since stays as they left it.
 */
export async function seedDemo(deps: SeedDemoDeps): Promise<void> {
  const { pool, createAccount, log, say, clock, newId } = deps;
  const userIds = new Map<string, string>();
  for (const account of DEMO_ACCOUNTS) userIds.set(account.email, await createAccount(account));
  const projectId = (await findProject(pool, PROJECT.key)) ?? (await makeProject(deps, userIds));
  const admin = userIds.get(DEMO_ACCOUNTS[0]?.email ?? '');
  if (!projectId || !admin) throw new Error('The demo project could not be made. Start again.');
  const now = clock();
  const report = await importTickets({
    pool,
    projectId,
    actor: { userId: admin },
    lines: linesOf(now),
    onProgress: () => undefined,
    clock,
    newId,
  });
  if (report.refused > 0) log.error({ rejected: report.rejected }, 'demo tickets were refused');
  if (report.imported > 0) say(`Filled the demo project with ${report.imported} tickets.`);
}

/** Project and members together or not at all, so that a crash leaves nothing half made. */
async function makeProject(
  { pool, newId }: SeedDemoDeps,
  userIds: ReadonlyMap<string, string>,
): Promise<string | null> {
  await inTransaction(pool, async (tx) => {
    const projectId = newId();
    if (!(await insertProject(tx, { id: projectId, ...PROJECT }))) return;
    for (const [email, userId] of userIds) {
      const role = demoRoleOf(email);
      if (role) await insertMember(tx, { projectId, userId, role });
    }
  });
  // Another node may have been first.
  return findProject(pool, PROJECT.key);
}

async function* linesOf(now: Date): AsyncGenerator<string> {
  for (const ticket of [...TRAIL_TICKETS, ...BOOKING_TICKETS]) yield importLineOf(ticket, now);
}
