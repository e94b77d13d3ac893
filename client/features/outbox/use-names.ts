import { useMemo } from 'react';
import { useProfiles } from '../../local-db/hooks.ts';
import type { NameOf } from './op-words.ts';

/** Names of people for sentences. */
export function useNameOf(): NameOf {
  const people = useProfiles();
  return useMemo(() => (id: string) => people.get(id)?.name ?? 'somebody', [people]);
}
