import type { Brought } from './brought.ts';

/**
 * Where a person's words are now. `kept` and `not-kept` speak of text that the server does not have:
 * kept in this browser's storage, or, where that is blocked, only in this tab.
 */
export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'not-kept' }
  | { readonly kind: 'read-only'; readonly reason: string }
  /** `canWrite`: what is written goes on being kept here, and the refusal may end. */
  | { readonly kind: 'refused'; readonly reason: string; readonly canWrite: boolean };

/** What the save state is computed from. Counts are those of the present connection (shared/protocol/collab.ts). */
export interface SaveProgress {
  readonly connected: boolean;
  /** This browser keeps what is written. */
  readonly stored: boolean;
  /** Something was written, in this tab or an earlier one, that the server has not acknowledged. */
  readonly unsaved: boolean;
  /** Something was written that no frame has carried yet. */
  readonly unsent: boolean;
  /** A step 2, which carries all the server lacks, was sent on this connection. */
  readonly answered: boolean;
  readonly sent: number;
  readonly acknowledged: number;
  /** What is too large for the socket is being sent in one piece. */
  readonly inOnePiece: boolean;
  readonly readOnly: string | null;
  readonly refused: { readonly reason: string; readonly canWrite: boolean } | null;
}

export type SaveEvent =
  /** The document was loaded; `unsaved`: the record says that the server lacks something of it. */
  | { readonly kind: 'loaded'; readonly stored: boolean; readonly unsaved: boolean }
  /** This browser has stopped keeping what is written (its storage is full, say), or keeps it again. */
  | { readonly kind: 'storage'; readonly stored: boolean }
  | { readonly kind: 'changed' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected' }
  /** A frame with content left on the socket. */
  | { readonly kind: 'sent'; readonly complete: boolean }
  | { readonly kind: 'acknowledged'; readonly count: number }
  /** The server keeps the socket open and takes no text from here. */
  | { readonly kind: 'denied'; readonly reason: string }
  /** The socket was closed, as it cannot carry what is to leave; `brought`: what must be sent before that. */
  | { readonly kind: 'too-large'; readonly brought: Brought | null }
  /** The server closed the socket for good. */
  | { readonly kind: 'refused'; readonly reason: string; readonly canWrite: boolean }
  /** Another attempt is made after a refusal. */
  | { readonly kind: 'retried' };

export const initialProgress: SaveProgress = {
  connected: false,
  stored: true,
  unsaved: false,
  unsent: false,
  answered: false,
  sent: 0,
  acknowledged: 0,
  inOnePiece: false,
  readOnly: null,
  refused: null,
};

const FRESH_CONNECTION = { answered: false, sent: 0, acknowledged: 0 } as const;

/**
 * One step of the save state. It holds that `unsaved` becomes false only by an acknowledgement that covers every
 * frame of this connection, after a step 2 (D2): a socket that took the bytes proves nothing.
 */
export function advance(progress: SaveProgress, event: SaveEvent): SaveProgress {
  switch (event.kind) {
    case 'loaded':
      return { ...progress, stored: event.stored, unsaved: progress.unsaved || event.unsaved };
    case 'storage':
      return { ...progress, stored: event.stored };
    case 'changed':
      return { ...progress, unsaved: true, unsent: true };
    case 'connected':
      return {
        ...progress,
        ...FRESH_CONNECTION,
        connected: true,
        inOnePiece: false,
        readOnly: null,
        refused: null,
      };
    case 'disconnected':
      return { ...progress, ...FRESH_CONNECTION, connected: false };
    case 'sent':
      return {
        ...progress,
        sent: progress.sent + 1,
        answered: progress.answered || event.complete,
        // Before the step 2, a frame may build on edits that only the step 2 brings.
        unsent: progress.unsent && !(progress.answered || event.complete),
      };
    case 'acknowledged':
      return settled({ ...progress, acknowledged: Math.max(progress.acknowledged, event.count) });
    case 'too-large':
      return { ...progress, ...FRESH_CONNECTION, connected: false, inOnePiece: true };
    case 'denied':
      return { ...progress, readOnly: event.reason };
    case 'refused':
      return {
        ...progress,
        ...FRESH_CONNECTION,
        connected: false,
        inOnePiece: false,
        refused: { reason: event.reason, canWrite: event.canWrite },
      };
    case 'retried':
      return { ...progress, inOnePiece: false, refused: null };
    default:
      return event satisfies never;
  }
}

function settled(progress: SaveProgress): SaveProgress {
  const covered = progress.connected && progress.answered && progress.acknowledged >= progress.sent;
  return covered && !progress.unsent ? { ...progress, unsaved: false } : progress;
}

/** What to tell the person who writes. */
export function saveStateOf(progress: SaveProgress): SaveState {
  if (progress.refused !== null) return { kind: 'refused', ...progress.refused };
  if (progress.readOnly !== null) return { kind: 'read-only', reason: progress.readOnly };
  if (!progress.unsaved) return { kind: 'saved' };
  if (progress.connected || progress.inOnePiece) return { kind: 'saving' };
  return { kind: progress.stored ? 'kept' : 'not-kept' };
}

/** The server has all that was written, or gets it in a moment. */
export const isOnItsWay = ({ kind }: SaveState): boolean => kind === 'saved' || kind === 'saving';

/** The words beside the description. */
export function saveStateWords(state: SaveState): string {
  switch (state.kind) {
    case 'saved':
      return 'Saved';
    case 'saving':
      return 'Saving…';
    case 'kept':
      return 'Saved on this device';
    case 'not-kept':
      return 'Not saved yet: this browser keeps nothing for Rejoin (it is blocked, or full). Stay on this page until you are online.';
    case 'read-only':
    case 'refused':
      return state.reason;
    default:
      return state satisfies never;
  }
}

export const sameSaveState = (a: SaveState, b: SaveState): boolean =>
  a.kind === b.kind && saveStateWords(a) === saveStateWords(b);
