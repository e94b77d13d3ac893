import type { Connectivity, TicketUploads } from './connectivity.ts';
import { createValue, type Observable, when } from './observable.ts';
import { createPlaces } from './places.ts';
import { isOnItsWay, type SaveState, saveStateWords } from './save-state.ts';
import type { SharedSession } from './shared-sessions.ts';
import type { Tabs } from './tabs.ts';
import type { UnsavedEntry, UnsavedRecord } from './unsaved-record.ts';

/** A description whose words are on this device only. */
export interface WaitingDescription {
  readonly ticketId: string;
  /** Why the server would not take it; null while nothing stands in the way but the connection. */
  readonly refusal: string | null;
}

/** Sends descriptions that were edited offline, opened again or not (D4). */
export interface DescriptionSync {
  /** What waits to be sent: for the sync chip, the outbox and the guard at sign-out. */
  readonly waiting: Observable<readonly WaitingDescription[]>;
  start(): void;
  stop(): void;
  /** Looks again now: a description was closed with words unsent. */
  wake(): void;
  /** Counts anew what waits: what is written in an open description now reaches the server, or no longer does. */
  recount(): void;
}

/** What the background sync needs of a session. */
export interface OpenDescription extends Pick<SharedSession, 'shared' | 'release'> {
  readonly session: Pick<SharedSession['session'], 'loaded' | 'saveState' | 'sendAll' | 'retry'>;
}

export interface DescriptionSyncDeps {
  readonly connectivity: Connectivity;
  readonly uploads: Pick<TicketUploads, 'whenUploaded'>;
  readonly record: UnsavedRecord;
  readonly tabs: Tabs;
  readonly open: (ticketId: string) => OpenDescription;
  /** Of a description that is open in this tab. */
  readonly saveStateOf: (ticketId: string) => SaveState | undefined;
  readonly warn: (message: string, cause: unknown) => void;
}

/** So many documents connect at once in the background: the person's own screen comes first. */
const AT_ONCE = 3;
/** Tabs that went away leave entries behind without telling. */
const LOOK_AGAIN_MS = 30_000;
/** A ticket comes back from the trash, a role is given back: nobody tells a device whose words were refused. */
const TRY_REFUSED_MS = 5 * 60_000;

export function createDescriptionSync(deps: DescriptionSyncDeps): DescriptionSync {
  const waiting = createValue<readonly WaitingDescription[]>([], sameWaiting);
  const refusals = new Map<string, string>();
  /** Refused a while ago at most: trying again at once would go round in circles. */
  const resting = new Set<string>();
  const underWay = new Set<string>();
  const places = createPlaces(AT_ONCE);
  let stopped = new AbortController();
  let stopWatching = () => {};

  const tell = async () => {
    const entries = await deps.record.entries();
    for (const ticketId of refusals.keys()) {
      if (!entries.some((entry) => entry.ticketId === ticketId)) refusals.delete(ticketId);
    }
    // While one types with a connection, every word is on its way: nothing to count.
    const kept = entries.filter(({ ticketId }) => {
      const state = deps.saveStateOf(ticketId);
      return !state || !isOnItsWay(state);
    });
    waiting.set(waitingOf(kept, refusals));
    return entries;
  };
  const look = async () => {
    const { signal } = stopped;
    const entries = await tell();
    if (!deps.connectivity.get()) return;
    const open = await deps.tabs.open();
    const ours = entries.filter(({ tab }) => tab === deps.tabs.id || !open.has(tab));
    for (const ticketId of new Set(ours.map((entry) => entry.ticketId))) {
      if (resting.has(ticketId) || underWay.has(ticketId) || signal.aborted) continue;
      underWay.add(ticketId);
      const left = ours.filter((entry) => entry.ticketId === ticketId && entry.tab !== deps.tabs.id);
      deliver(ticketId, left, signal)
        .catch((cause: unknown) => {
          if (!signal.aborted) deps.warn(`The description of ticket ${ticketId} could not be sent.`, cause);
        })
        .finally(() => underWay.delete(ticketId));
    }
  };
  /** As soon as the ticket is on the server: one that waits for its ticket holds up nobody. */
  const deliver = async (ticketId: string, left: readonly UnsavedEntry[], signal: AbortSignal) => {
    await deps.uploads.whenUploaded(ticketId, signal);
    const ended = await places.within(() => send(ticketId, left.length > 0, signal, deps));
    // This tab's own entry is its session's to clear: more may have been written since.
    if (ended?.kind === 'saved') {
      await Promise.all(left.map(({ tab }) => deps.record.clear(ticketId, tab)));
    } else if (ended !== null) {
      refusals.set(ticketId, saveStateWords(ended));
      resting.add(ticketId);
    }
    await tell();
  };
  const complain = (cause: unknown) =>
    deps.warn('Descriptions edited offline could not be looked up; Rejoin will try again.', cause);
  const wake = () => void look().catch(complain);
  const recount = () => void tell().catch(complain);
  return {
    waiting,
    wake,
    recount,
    start() {
      stopped = new AbortController();
      const unsubscribe = deps.connectivity.subscribe(() => {
        refusals.clear();
        resting.clear();
        wake();
      });
      const refusedTimer = setInterval(() => {
        resting.clear();
        wake();
      }, TRY_REFUSED_MS);
      const stopListening = deps.record.subscribe(recount);
      const timer = setInterval(wake, LOOK_AGAIN_MS);
      stopWatching = () => {
        unsubscribe();
        stopListening();
        clearInterval(timer);
        clearInterval(refusedTimer);
      };
      wake();
    },
    stop() {
      stopped.abort();
      stopWatching();
    },
  };
}

/** The save state it ended in; null when the network went away first. */
async function send(
  ticketId: string,
  fromOtherTab: boolean,
  stopped: AbortSignal,
  { open, connectivity }: DescriptionSyncDeps,
): Promise<SaveState | null> {
  const { session, shared, release } = open(ticketId);
  const offline = new AbortController();
  const stopWatching = connectivity.subscribe(() => connectivity.get() || offline.abort());
  const signal = AbortSignal.any([stopped, offline.signal]);
  try {
    await when(session.loaded, Boolean, signal);
    if (shared && session.saveState.get().kind === 'refused') session.retry();
    // Words of a tab that is gone may have reached this document without leaving for the server.
    if (shared && fromOtherTab) session.sendAll();
    return await when(session.saveState, isEnd, signal);
  } finally {
    stopWatching();
    release();
  }
}

const isEnd = ({ kind }: SaveState): boolean =>
  kind === 'saved' || kind === 'refused' || kind === 'read-only';

function waitingOf(
  entries: readonly UnsavedEntry[],
  refusals: ReadonlyMap<string, string>,
): WaitingDescription[] {
  const tickets = [...new Set(entries.map(({ ticketId }) => ticketId))].sort();
  return tickets.map((ticketId) => ({ ticketId, refusal: refusals.get(ticketId) ?? null }));
}

const sameWaiting = (a: readonly WaitingDescription[], b: readonly WaitingDescription[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
