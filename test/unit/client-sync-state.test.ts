import { describe, expect, it } from 'vitest';
import { chipWords } from '../../client/features/sync/sync-words.ts';
import { type SyncFacts, syncState } from '../../client/local-db/sync-state.ts';

const AT = new Date('2026-03-01T10:00:00.000Z');
const SINCE = '2026-03-01T09:00:00.000Z';
const quiet: SyncFacts = {
  signedIn: true,
  connectivity: { kind: 'online' },
  pending: 0,
  connected: true,
  hasSynced: true,
  lastSyncedAt: AT,
  downloadedFraction: undefined,
  failing: undefined,
};

const words = (facts: Partial<SyncFacts>): string =>
  chipWords(syncState({ ...quiet, ...facts }), AT.getTime());

describe('the sync chip', () => {
  it.each<[string, Partial<SyncFacts>]>([
    ['Synced', {}],
    ['3 to send', { pending: 3 }],
    ['Offline', { connectivity: { kind: 'no-network', since: SINCE } }],
    ['Offline · 3 kept on this device', { connectivity: { kind: 'work-offline', since: SINCE }, pending: 3 }],
    [
      'Cannot reach the server · retrying in 8 s',
      { connected: false, failing: { since: SINCE, retryAt: AT.getTime() + 7_400 }, pending: 3 },
    ],
    ['Sign in to send 3 changes', { signedIn: false, pending: 3 }],
    ['Sign in to send 1 change', { signedIn: false, pending: 1, connected: false }],
    ['Sign in to sync', { signedIn: false }],
    ['Connecting', { connected: false }],
    ['Loading', { hasSynced: false }],
    ['Loading 41 %', { hasSynced: false, downloadedFraction: 0.418 }],
  ])('says "%s"', (expected, facts) => {
    expect(words(facts)).toBe(expected);
  });

  it('is calm offline, whatever else fails: being offline explains it', () => {
    const facts = {
      connectivity: { kind: 'no-network', since: SINCE } as const,
      failing: { since: SINCE, retryAt: 0 },
    };
    expect(words({ ...facts, signedIn: false })).toBe('Offline');
  });

  it('never counts below zero', () => {
    expect(words({ failing: { since: SINCE, retryAt: AT.getTime() - 5_000 } })).toContain('retrying in 0 s');
  });
});
