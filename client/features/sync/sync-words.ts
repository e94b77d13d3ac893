import type { SyncState } from '../../local-db/sync-state.ts';

/** What the chip says. `now`: milliseconds since the epoch. */
export function chipWords(state: SyncState, now: number): string {
  switch (state.kind) {
    case 'needs-sign-in':
      return state.pending === 0 ? 'Sign in to sync' : `Sign in to send ${changes(state.pending)}`;
    case 'offline':
      return state.pending === 0 ? 'Offline' : `Offline · ${state.pending} kept on this device`;
    case 'unreachable':
      return `Cannot reach the server · retrying in ${secondsUntil(state.retryAt, now)} s`;
    case 'connecting':
      return state.pending === 0 ? 'Connecting' : `Connecting · ${state.pending} to send`;
    case 'first-download':
      return state.fraction === undefined ? 'Loading' : `Loading ${Math.floor(state.fraction * 100)} %`;
    case 'sending':
      return `${state.pending} to send`;
    case 'synced':
      return 'Synced';
  }
}

/** The same at length, for the menu. */
export function menuWords(state: SyncState): string {
  switch (state.kind) {
    case 'needs-sign-in':
      return 'Your session has ended. Everything you write is kept on this device until you sign in again.';
    case 'offline':
      return state.because === 'work-offline'
        ? 'You chose to work offline. What you write is kept on this device and sent when you switch this off.'
        : 'There is no network. What you write is kept on this device and sent when the network is back.';
    case 'unreachable':
      return 'What you write is kept on this device and sent as soon as the server answers.';
    case 'connecting':
      return 'Connecting to the server.';
    case 'first-download':
      return 'Bringing your projects to this device, so that they are here without a network too.';
    case 'sending':
      return 'Your changes are on this device and on their way to the server.';
    case 'synced':
      return 'This device and the server hold the same.';
  }
}

export const changes = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

const secondsUntil = (moment: number, now: number): number => Math.max(0, Math.ceil((moment - now) / 1000));
