import type { Connectivity } from './connectivity.ts';

/** How this device stands with the server, in the order in which a person must know it. */
export type SyncState =
  | { readonly kind: 'needs-sign-in'; readonly pending: number }
  | {
      readonly kind: 'offline';
      readonly because: 'work-offline' | 'no-network';
      readonly since: string;
      readonly pending: number;
    }
  /** `since`: ISO time; `retryAt`: milliseconds since the epoch. */
  | {
      readonly kind: 'unreachable';
      readonly since: string;
      readonly retryAt: number;
      readonly pending: number;
    }
  | { readonly kind: 'connecting'; readonly pending: number }
  /** This device does not hold everything yet. Undefined: how much there is is not known yet. */
  | { readonly kind: 'first-download'; readonly fraction: number | undefined; readonly pending: number }
  | { readonly kind: 'sending'; readonly pending: number }
  | { readonly kind: 'synced'; readonly at: Date | undefined };

export interface SyncFacts {
  readonly signedIn: boolean;
  readonly connectivity: Connectivity;
  /** Ops in the upload queue. */
  readonly pending: number;
  readonly connected: boolean;
  readonly hasSynced: boolean;
  readonly lastSyncedAt: Date | undefined;
  readonly downloadedFraction: number | undefined;
  /** Since when sync or upload fails, and when it tries again; undefined while it works. */
  readonly failing: { readonly since: string; readonly retryAt: number } | undefined;
}

export function syncState(facts: SyncFacts): SyncState {
  const { pending, connectivity } = facts;
  if (connectivity.kind !== 'online') {
    return { kind: 'offline', because: connectivity.kind, since: connectivity.since, pending };
  }
  if (!facts.signedIn) return { kind: 'needs-sign-in', pending };
  if (facts.failing) return { kind: 'unreachable', ...facts.failing, pending };
  if (!facts.connected) return { kind: 'connecting', pending };
  if (!facts.hasSynced) return { kind: 'first-download', fraction: facts.downloadedFraction, pending };
  if (pending > 0) return { kind: 'sending', pending };
  return { kind: 'synced', at: facts.lastSyncedAt };
}
