import { useProjects } from '../../local-db/hooks.ts';
import type { Project } from '../../local-db/rows.ts';

export type FoundProject =
  | { readonly kind: 'reading' }
  | { readonly kind: 'found'; readonly project: Project }
  | { readonly kind: 'unknown' };

/** The project an address names. */
export function useProject(key: string): FoundProject {
  const { rows, ready } = useProjects();
  const project = rows.find((one) => one.key === key);
  if (project) return { kind: 'found', project };
  return { kind: ready ? 'unknown' : 'reading' };
}
