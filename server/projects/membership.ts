import type { Role } from '../../shared/permissions/can.ts';

/** What is to become of one person's part in a project; `role` null: none. */
export interface MembershipChange {
  readonly userId: string;
  readonly role: Role | null;
}

export type MembershipVerdict =
  | { kind: 'change'; before: Role | null; after: Role | null }
  | { kind: 'unchanged' }
  | { kind: 'refused'; code: 'last_admin' | 'already_member' | 'not_a_member'; reason: string };

/** Adding somebody who is not in the project yet. */
export function judgeAddition(
  roles: ReadonlyMap<string, Role>,
  { userId, role }: MembershipChange,
): MembershipVerdict {
  if (!roles.has(userId)) return { kind: 'change', before: null, after: role };
  const reason = 'This person is a member of the project already. Change the role instead.';
  return { kind: 'refused', code: 'already_member', reason };
}

/** Changing a member's role or ending the membership. A project always keeps an admin. */
export function judgeChange(
  roles: ReadonlyMap<string, Role>,
  { userId, role }: MembershipChange,
): MembershipVerdict {
  const before = roles.get(userId);
  if (!before) {
    return { kind: 'refused', code: 'not_a_member', reason: 'This person is not a member of the project.' };
  }
  if (before === role) return { kind: 'unchanged' };
  const others = [...roles].filter(([id, held]) => id !== userId && held === 'admin');
  if (before !== 'admin' || others.length > 0) return { kind: 'change', before, after: role };
  const reason = 'A project needs an admin. Make somebody else an admin first.';
  return { kind: 'refused', code: 'last_admin', reason };
}
