import { z } from 'zod';
import { type Project, project, projectList } from '../../../shared/protocol/projects.ts';
import type { FieldName, Policy } from '../../../shared/tickets/fields.ts';
import { type Answer, askServer } from '../../local-db/ask-server.ts';

const NAME = 'Laboratory';
const KEY = /^LAB\d{4}$/;
/** Keys are one for the whole server: another person may have the number already. */
const ATTEMPTS = 8;

/**
 * The person's own laboratory project: the one made at an earlier visit, or a new one. Being its only admin, they
 * can set its policies and nobody else meets what is tried there.
 */
export async function findOrMakeLabProject(newId: () => string): Promise<Answer<Project>> {
  const listed = await askServer({ method: 'GET', path: '/api/projects', answer: projectList });
  if (!listed.ok) return listed;
  const found = listed.value.projects.find(
    ({ key, name, role }) => KEY.test(key) && name === NAME && role === 'admin',
  );
  return found ? { ok: true, value: found } : makeLabProject(newId, ATTEMPTS);
}

/** What the server does with values of one field that meet, from now on (C10). */
export const choosePolicy = (projectId: string, field: FieldName, policy: Policy): Promise<Answer<unknown>> =>
  askServer({
    method: 'PUT',
    path: `/api/projects/${projectId}/policies/${field}`,
    body: { policy },
    answer: z.unknown(),
  });

async function makeLabProject(newId: () => string, attempts: number): Promise<Answer<Project>> {
  const body = { key: `LAB${fourDigits(newId())}`, name: NAME };
  const made = await askServer({ method: 'POST', path: '/api/projects', body, answer: project });
  return made.ok || attempts <= 1 ? made : makeLabProject(newId, attempts - 1);
}

/** Digits out of a random id, 1000 to 9999. */
const fourDigits = (id: string): number => 1000 + (Number.parseInt(id.slice(0, 8), 16) % 9000);
