/**
 * Messages on `/collab/<ticket id>`: y-websocket's protocol, plus one of ours.
 * Source: y-protocols (sync, awareness, auth) and y-websocket's provider.
 *
 * The server asks every client with a sync step 1 as soon as the socket is open, so every client sends at least
 * one step 2 on each connection: everything it has that the server lacks.
 *
 * A refusal accepts the socket and closes it with a code of close-codes.ts. A ticket the server does not know closes
 * with `gone`, and stock clients do not come back: a ticket created offline connects once its upload is answered.
 * A typed change by somebody who may only read closes with `readOnly`.
 *
 * What the server refuses without closing (a viewer's text in a step 2) it answers with `auth`, permission denied.
 */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /**
   * Server to client: `varUint` acknowledged.
   *
   * `acknowledged` speaks of one connection. Number the frames the client sent on it that carry document content,
   * sync step 2 and sync update ({@link carriesContent}), from 1 in the order of sending. `acknowledged = n` says:
   * all that the first n held is committed in Postgres, also where it was a deletion (which no state vector
   * shows). It only grows. A frame that was refused is never covered. A frame that was not stored because it
   * builds on something the server lacks is covered once the step 2 that the server then asks for is.
   *
   * A client may therefore show "Saved" exactly when, on its present connection, it has sent at least one step 2
   * and `acknowledged` equals the number of content frames it has sent.
   */
  durable: 100,
} as const;

/** The second number of a `sync` message. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** Whether a frame counts for {@link MESSAGE.durable}; reads two bytes, as both numbers fit in one each. */
export const carriesContent = (frame: Uint8Array): boolean =>
  frame[0] === MESSAGE.sync && (frame[1] === SYNC.step2 || frame[1] === SYNC.update);

/** One frame may carry at most this much. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Query parameter of the socket's address: the version of the document schema that the client's editor knows.
 * Absent (a program without an editor's schema, which drops nothing) means the server's own. Writes of a client
 * older than the document's version are refused with `editorTooOld`.
 */
export const SCHEMA_PARAMETER = 'schema';

/**
 * Query parameter of the socket's address: for how many milliseconds the client and the server have not had each
 * other's words. Absent or no whole number (a first connection, a reloaded page): nobody knows. What a client brings
 * after a short break counts as typed live (D11).
 */
export const BREAK_PARAMETER = 'break';

/**
 * The field of an awareness state that the server writes, whatever the client put there: who this is.
 * Tiptap's caret extension reads `user.name` and `user.color`; the colour is the client's choice.
 */
export const PRESENCE_USER = 'user';
