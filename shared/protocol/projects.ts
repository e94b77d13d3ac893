import { z } from 'zod';
import { ROLES } from '../permissions/can.ts';
import { POLICIES } from '../tickets/fields.ts';

/** Online-only actions on projects: `/api/projects`, `…/:id`, `…/:id/members`, `…/:id/members/:user_id`, `…/:id/policies/:field`. */

export const PROJECT_KEY = /^[A-Z][A-Z0-9]{1,9}$/;

export const newProject = z.object({
  key: z
    .string('A key is needed.')
    .trim()
    .toUpperCase()
    .regex(PROJECT_KEY, 'A key has 2 to 10 capital letters and digits and starts with a letter, like DEMO.'),
  name: z
    .string('A name is needed.')
    .trim()
    .min(1, 'A name is needed.')
    .max(100, 'A name has at most 100 characters.'),
});
export type NewProject = z.infer<typeof newProject>;

/** `PATCH /api/projects/:id`. The key stays: people have written it into other texts. */
export const projectChange = newProject.pick({ name: true });

export const project = z.object({ id: z.string(), key: z.string(), name: z.string(), role: z.enum(ROLES) });
export type Project = z.infer<typeof project>;
export const projectList = z.object({ projects: z.array(project) });

export const newMember = z.object({ email: z.email('This is not an e-mail address.'), role: z.enum(ROLES) });
export const memberChange = z.object({ role: z.enum(ROLES) });

/** `email` is null for people without an account. Only admins see addresses. */
export const member = z.object({
  id: z.string(),
  user_id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.enum(ROLES),
});
export type Member = z.infer<typeof member>;
export const memberList = z.object({ members: z.array(member) });

/** `PUT /api/projects/:id/policies/:field`. */
export const policyChoice = z.object({ policy: z.enum(POLICIES) });
