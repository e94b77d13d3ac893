/** A person's part in one project. Nobody without a role sees anything of it. */
export const ROLES = ['admin', 'member', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts, and the roles held now (C18: judged when the server decides, not when the edit was made). */
export interface Actor {
  readonly userId: string;
  readonly name: string;
  readonly roles: ReadonlyMap<string, Role>;
}

/** What is acted upon: always something in a project, sometimes something with an author. */
export interface Subject {
  readonly projectId: string;
  readonly authorId?: string | null;
}

/** Who may do what. `author` means: with write access, and the author of the subject. */
const ACTIONS = {
  'project.read': ['admin', 'member', 'viewer'],
  'project.settings': ['admin'],
  'project.import': ['admin'],
  'members.manage': ['admin'],
  'policy.edit': ['admin'],
  'ticket.create': ['admin', 'member'],
  'ticket.edit': ['admin', 'member'],
  'ticket.delete': ['admin', 'member'],
  'ticket.restore': ['admin', 'member'],
  'conflict.resolve': ['admin', 'member'],
  'comment.create': ['admin', 'member'],
  'comment.edit': ['admin', 'author'],
  'label.manage': ['admin', 'member'],
  'description.read': ['admin', 'member', 'viewer'],
  'description.edit': ['admin', 'member'],
} as const satisfies Record<string, readonly (Role | 'author')[]>;

export type Action = keyof typeof ACTIONS;
export type Verdict = { allowed: true } | { allowed: false; reason: string };

/** The one answer to every question of permission: screens, uploads, routes, sockets, sync. */
export function can(actor: Actor, action: Action, subject: Subject): Verdict {
  const role = actor.roles.get(subject.projectId);
  if (!role) return { allowed: false, reason: 'You are not a member of this project.' };
  const holders: readonly (Role | 'author')[] = ACTIONS[action];
  if (holders.includes(role)) return { allowed: true };
  const isAuthor = subject.authorId === actor.userId && role !== 'viewer';
  if (holders.includes('author') && isAuthor) return { allowed: true };
  return { allowed: false, reason: refusal(role, holders) };
}

function refusal(role: Role, holders: readonly (Role | 'author')[]): string {
  if (role === 'viewer') return 'Your role in this project is viewer: you can read, but not change anything.';
  if (holders.includes('author')) return 'Only its author or an admin of this project can change this.';
  return 'Only an admin of this project can do this.';
}
