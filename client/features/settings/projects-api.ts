import { z } from 'zod';
import type { Role } from '../../../shared/permissions/can.ts';
import {
  memberList,
  type NewProject,
  type Project,
  policyChoice,
  project,
  projectChange,
} from '../../../shared/protocol/projects.ts';
import type { FieldName, Policy } from '../../../shared/tickets/fields.ts';
import { type Answer, askServer } from '../../local-db/ask-server.ts';

/** What only the server can do with projects and members; the result reaches this device through sync. */

export const createProject = (body: NewProject): Promise<Answer<Project>> =>
  askServer({ method: 'POST', path: '/api/projects', body, answer: project });

export const renameProject = (projectId: string, name: string): Promise<Answer<unknown>> =>
  askServer({ method: 'PATCH', path: `/api/projects/${projectId}`, body: { name }, answer: projectChange });

/** Holds for every edit that the server receives from then on (C10). */
export const choosePolicy = (projectId: string, field: FieldName, policy: Policy): Promise<Answer<unknown>> =>
  askServer({
    method: 'PUT',
    path: `/api/projects/${projectId}/policies/${field}`,
    body: { policy },
    answer: policyChoice,
  });

export const addMember = (projectId: string, email: string, role: Role): Promise<Answer<unknown>> =>
  askServer({ method: 'POST', path: membersPath(projectId), body: { email, role }, answer: memberList });

export const changeRole = (projectId: string, userId: string, role: Role): Promise<Answer<unknown>> =>
  askServer({ method: 'PATCH', path: memberPath(projectId, userId), body: { role }, answer: memberList });

export const removeMember = (projectId: string, userId: string): Promise<Answer<unknown>> =>
  askServer({ method: 'DELETE', path: memberPath(projectId, userId), answer: z.unknown() });

const membersPath = (projectId: string) => `/api/projects/${projectId}/members`;
const memberPath = (projectId: string, userId: string) =>
  `${membersPath(projectId)}/${encodeURIComponent(userId)}`;
