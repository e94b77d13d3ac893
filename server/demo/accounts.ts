import type { Role } from '../../shared/permissions/can.ts';

export interface DemoAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

const PASSWORD = 'rejoin-demo';

const PEOPLE = [
  { email: 'admin@rejoin.test', name: 'Mira Okafor', role: 'admin' },
  { email: 'member@rejoin.test', name: 'Jonas Lind', role: 'member' },
  { email: 'second@rejoin.test', name: 'Priya Raman', role: 'member' },
  { email: 'viewer@rejoin.test', name: 'Tomás Vidal', role: 'viewer' },
  { email: 'outsider@rejoin.test', name: 'Elif Kaya', role: null },
] as const satisfies readonly { email: string; name: string; role: Role | null }[];

/** Who can sign in on a demo server. The outsider is in no project. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = PEOPLE.map(({ email, name }) => ({
  email,
  name,
  password: PASSWORD,
}));

/** The part each has in the demo project. */
export const demoRoleOf = (email: string): Role | null =>
  PEOPLE.find((person) => person.email === email)?.role ?? null;
