import type { Role } from '../../../shared/permissions/can.ts';

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  admin: 'Admin',
  member: 'Member',
  viewer: 'Viewer',
};
