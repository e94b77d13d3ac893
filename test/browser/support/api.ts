import { randomUUID } from 'node:crypto';
import { projectList } from '../../../shared/protocol/projects.ts';
import { DEMO_PASSWORD } from './person.ts';

/** The HTTP API as one signed-in person sees it. */
export interface Api {
  text(path: string): Promise<string>;
  request(path: string, init?: RequestInit): Promise<Response>;
  projectId(key: string): Promise<string>;
}

export async function apiOf(serverUrl: string, email: string): Promise<Api> {
  const signedIn = await fetch(`${serverUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: DEMO_PASSWORD }),
  });
  if (!signedIn.ok) throw new Error(`Signing in as ${email} answered ${signedIn.status}.`);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const request = (path: string, init: RequestInit = {}) =>
    fetch(serverUrl + path, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), cookie },
    });
  const text = async (path: string) => {
    const answer = await request(path);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.text();
  };
  return {
    text,
    request,
    async projectId(key) {
      const { projects } = projectList.parse(JSON.parse(await text('/api/projects')));
      const project = projects.find((candidate) => candidate.key === key);
      if (!project) throw new Error(`${email} is in no project ${key}.`);
      return project.id;
    },
  };
}

/** The id of a new ticket without a description. */
export async function createTicket(api: Api, projectKey: string, title: string): Promise<string> {
  const id = randomUUID();
  const project_id = await api.projectId(projectKey);
  const data = { project_id, title, status: 'todo', priority: 'none', rank: '' };
  const ops = [{ op_id: 1, op: 'PUT', type: 'tickets', id, data }];
  const answer = await api.request('/api/upload', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ device_id: randomUUID(), transactions: [{ tx_id: 1, ops }] }),
  });
  const report = await answer.text();
  if (!report.includes('"applied"')) throw new Error(`Making a ticket answered ${report}`);
  return id;
}

/** Imports lines of tickets into a project; throws when one of them was refused. */
export async function importLines(api: Api, projectKey: string, lines: string): Promise<void> {
  const answer = await api.request(`/api/projects/${await api.projectId(projectKey)}/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines,
  });
  const report = (await answer.text()).trim().split('\n').at(-1) ?? '';
  if (!report.includes('"refused":0')) throw new Error(`The import reported ${report}`);
}
