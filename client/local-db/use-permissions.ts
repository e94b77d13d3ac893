import { useMemo, useSyncExternalStore } from 'react';
import { type Action, type Actor, can, type Subject, type Verdict } from '../../shared/permissions/can.ts';
import { useLocalData } from './context.ts';
import { useMyMemberships, useProfiles } from './hooks.ts';

export type Permit = (action: Action, subject: Subject) => Verdict;

/** What this person may do, by the roles this device knows; the server judges again by the role held then (C18). */
export function usePermit(): Permit {
  const { userId } = useLocalData();
  const memberships = useMyMemberships().rows;
  const name = useProfiles().get(userId)?.name ?? '';
  return useMemo(() => {
    const roles = new Map(memberships.map((member) => [member.project_id, member.role]));
    const actor: Actor = { userId, name, roles };
    return (action, subject) => can(actor, action, subject);
  }, [memberships, name, userId]);
}

/** Why something cannot be done now, in words; undefined when it can. */
export const refusalOf = (verdict: Verdict): string | undefined =>
  verdict.allowed ? undefined : verdict.reason;

/** Why what needs the server has to wait, in words; undefined while this device is online. */
export function useOfflineReason(): string | undefined {
  const { connectivity } = useLocalData();
  const state = useSyncExternalStore(connectivity.subscribe, connectivity.current);
  switch (state.kind) {
    case 'online':
      return undefined;
    case 'work-offline':
      return 'This needs the server. Turn off “Work offline” in the sync menu to do it.';
    case 'no-network':
      return 'This needs the server, and this device is offline. Try again when the network is back.';
  }
}
