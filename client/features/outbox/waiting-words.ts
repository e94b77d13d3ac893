import type { SyncState } from '../../local-db/sync-state.ts';

/** Where the changes on this device stand, in a sentence. */
export function waitingWords(state: SyncState, count: number): string {
  if (count === 0) return 'Everything you wrote on this device has reached the server.';
  const them = count === 1 ? '1 change is' : `${count} changes are`;
  switch (state.kind) {
    case 'offline':
      return `${them} kept on this device and sent when it is online again.`;
    case 'needs-sign-in':
      return `${them} kept on this device until you sign in again.`;
    case 'unreachable':
    case 'connecting':
      return `${them} kept on this device and sent as soon as the server answers.`;
    default:
      return `${them} on the way to the server.`;
  }
}

export const changesWords = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);
