/**
 * Messages on `/collab/<ticket id>`: y-websocket's protocol, plus one of ours.
 * Source: y-protocols (sync, awareness, auth) and y-websocket's provider.
 */
export const MESSAGE = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  /** Server to client: `varUint` sequence number, then `varUint8Array` the state vector that is durable. */
  durable: 100,
} as const;

/** One frame may carry at most this much. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** The Y.XmlFragment that holds the document: Tiptap's default field. */
export const FRAGMENT = 'default';
