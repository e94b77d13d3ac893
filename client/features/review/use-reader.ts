import { useMemo } from 'react';
import { useDeviceId } from '../../local-db/conflict-hooks.ts';
import { useLocalData } from '../../local-db/context.ts';
import { useProfiles } from '../../local-db/hooks.ts';
import type { Reader } from './conflict-words.ts';

/** The signed-in person, as the sentences about conflicts need to know them. */
export function useReader(): Reader {
  const { userId } = useLocalData();
  const deviceId = useDeviceId();
  const profiles = useProfiles();
  return useMemo(
    () => ({ userId, deviceId, nameOf: (id) => profiles.get(id)?.name ?? 'somebody' }),
    [userId, deviceId, profiles],
  );
}
