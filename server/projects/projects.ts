import type pg from 'pg';
import type { Actor, Role } from '../../shared/permissions/can.ts';
import type { Member, NewProject, Project } from '../../shared/protocol/projects.ts';
import { inTransaction } from '../db/pool.ts';
import { Problem } from '../http/problem.ts';
import { appendActivity, ONLINE } from '../tickets/activity-store.ts';
import type { ActivityRow } from '../tickets/rows.ts';
import {
  deleteMember,
  findAccount,
  insertMember,
  lockRoles,
  readMembers,
  updateRole,
} from './member-store.ts';
import { judgeAddition, judgeChange, type MembershipVerdict } from './membership.ts';
import { insertProject, lockName, readProjectsOf, updateName } from './project-store.ts';

export interface ProjectsDeps {
  readonly pool: pg.Pool;
  readonly newId: () => string;
}

type Acting = Pick<Actor, 'userId'>;

/** Projects and who is in them. Permission is the caller's to ask; what is impossible throws a {@link Problem}. */
export interface Projects {
  listOf(userId: string): Promise<Project[]>;
  /** Whoever makes a project is its admin. */
  create(actor: Acting, project: NewProject): Promise<Project>;
  rename(actor: Acting, projectId: string, name: string): Promise<void>;
  members(projectId: string): Promise<Member[]>;
  addByEmail(actor: Acting, projectId: string, email: string, role: Role): Promise<void>;
  /** `role` null ends the membership. */
  change(actor: Acting, projectId: string, userId: string, role: Role | null): Promise<void>;
}

export function createProjects({ pool, newId }: ProjectsDeps): Projects {
  return {
    listOf: (userId) => readProjectsOf(pool, userId),
    members: (projectId) => readMembers(pool, projectId),

    create: (actor, project) =>
      inTransaction(pool, async (tx) => {
        const id = newId();
        if (!(await insertProject(tx, { id, ...project }))) {
          throw new Problem(
            409,
            'key_taken',
            `There is a project ${project.key} already. Choose another key.`,
          );
        }
        await insertMember(tx, { projectId: id, userId: actor.userId, role: 'admin' });
        await recordMember(tx, actor, id, { userId: actor.userId, before: null, after: 'admin' });
        return { id, ...project, role: 'admin' };
      }),

    rename: (actor, projectId, name) =>
      inTransaction(pool, async (tx) => {
        const before = await lockName(tx, projectId);
        if (before === null || before === name) return;
        await updateName(tx, projectId, name);
        const subject = { subject: 'project', subject_id: projectId } as const;
        await record(tx, actor, projectId, { ...subject, action: 'changed', before, after: name });
      }),

    addByEmail: async (actor, projectId, email, role) => {
      const userId = await findAccount(pool, email);
      if (!userId) {
        throw new Problem(
          404,
          'no_account',
          `Nobody has an account with the address ${email}. Ask them to sign up first.`,
        );
      }
      await inTransaction(pool, async (tx) => {
        const verdict = judgeAddition(await lockRoles(tx, projectId), { userId, role });
        if (!isChange(verdict)) return;
        await insertMember(tx, { projectId, userId, role });
        await recordMember(tx, actor, projectId, { userId, before: null, after: role });
      });
    },

    change: (actor, projectId, userId, role) =>
      inTransaction(pool, async (tx) => {
        const verdict = judgeChange(await lockRoles(tx, projectId), { userId, role });
        if (!isChange(verdict)) return;
        if (role === null) await deleteMember(tx, projectId, userId);
        else await updateRole(tx, projectId, userId, role);
        await recordMember(tx, actor, projectId, { userId, before: verdict.before, after: role });
      }),
  };
}

function isChange(verdict: MembershipVerdict): verdict is Extract<MembershipVerdict, { kind: 'change' }> {
  if (verdict.kind !== 'refused') return verdict.kind === 'change';
  throw new Problem(verdict.code === 'not_a_member' ? 404 : 409, verdict.code, verdict.reason);
}

interface MemberChange {
  readonly userId: string;
  readonly before: Role | null;
  readonly after: Role | null;
}

const actionOf = ({ before, after }: MemberChange) =>
  before === null ? 'added' : after === null ? 'removed' : 'changed';

const recordMember = (tx: pg.ClientBase, actor: Acting, projectId: string, change: MemberChange) =>
  record(tx, actor, projectId, {
    subject: 'member',
    subject_id: change.userId,
    action: actionOf(change),
    before: change.before,
    after: change.after,
  });

type Recorded = Pick<ActivityRow, 'subject' | 'subject_id' | 'action' | 'before' | 'after'>;

async function record(tx: pg.ClientBase, actor: Acting, projectId: string, line: Recorded): Promise<void> {
  await appendActivity(tx, [
    { ...ONLINE, ...line, project_id: projectId, ticket_id: null, actor_id: actor.userId },
  ]);
}
