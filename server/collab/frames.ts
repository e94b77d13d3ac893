import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { z } from 'zod';
import { MESSAGE, SYNC } from '../../shared/protocol/collab.ts';

/** A frame from a client, read as far as the envelope goes; the update inside is judged elsewhere. */
export type Frame =
  | { readonly kind: 'step1'; readonly stateVector: Uint8Array }
  | ContentFrame
  | { readonly kind: 'awareness'; readonly entries: readonly AwarenessEntry[] }
  | { readonly kind: 'queryAwareness' }
  | { readonly kind: 'malformed' };

/** What a client brings of the document. */
export interface ContentFrame {
  readonly kind: 'step2' | 'update';
  readonly update: Uint8Array;
}

/** `state` is null where the client says that it has left. */
export interface AwarenessEntry {
  readonly client: number;
  readonly clock: number;
  readonly state: Readonly<Record<string, unknown>> | null;
}

const MAX_AWARENESS_ENTRIES = 1000;

export function readFrame(bytes: Uint8Array): Frame {
  try {
    return readMessage(decoding.createDecoder(bytes));
  } catch {
    return { kind: 'malformed' };
  }
}

export const step1Frame = (stateVector: Uint8Array): Uint8Array => syncFrame(SYNC.step1, stateVector);
export const step2Frame = (update: Uint8Array): Uint8Array => syncFrame(SYNC.step2, update);
export const updateFrame = (update: Uint8Array): Uint8Array => syncFrame(SYNC.update, update);

export function durableFrame(acknowledged: number): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.durable);
  encoding.writeVarUint(encoder, acknowledged);
  return encoding.toUint8Array(encoder);
}

/** y-protocols' only auth message: permission denied, with a reason. */
export function deniedFrame(reason: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.auth);
  encoding.writeVarUint(encoder, PERMISSION_DENIED);
  encoding.writeVarString(encoder, reason);
  return encoding.toUint8Array(encoder);
}

export function awarenessFrame(
  entries: readonly { client: number; clock: number; json: string }[],
): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, entries.length);
  for (const { client, clock, json } of entries) {
    encoding.writeVarUint(body, client);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, json);
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}

const PERMISSION_DENIED = 0;

function syncFrame(subtype: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, subtype);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

function readMessage(decoder: decoding.Decoder): Frame {
  const type = decoding.readVarUint(decoder);
  switch (type) {
    case MESSAGE.sync:
      return readSync(decoder);
    case MESSAGE.awareness:
      return readAwareness(decoding.createDecoder(decoding.readVarUint8Array(decoder)));
    case MESSAGE.queryAwareness:
      return { kind: 'queryAwareness' };
    default:
      return { kind: 'malformed' };
  }
}

function readSync(decoder: decoding.Decoder): Frame {
  const subtype = decoding.readVarUint(decoder);
  const body = decoding.readVarUint8Array(decoder);
  switch (subtype) {
    case SYNC.step1:
      return { kind: 'step1', stateVector: body };
    case SYNC.step2:
      return { kind: 'step2', update: body };
    case SYNC.update:
      return { kind: 'update', update: body };
    default:
      return { kind: 'malformed' };
  }
}

function readAwareness(decoder: decoding.Decoder): Frame {
  const count = decoding.readVarUint(decoder);
  if (count > MAX_AWARENESS_ENTRIES) return { kind: 'malformed' };
  const entries: AwarenessEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const state = awarenessState.safeParse(JSON.parse(decoding.readVarString(decoder)));
    if (!state.success) return { kind: 'malformed' };
    entries.push({ client, clock, state: state.data });
  }
  return { kind: 'awareness', entries };
}

const awarenessState = z.record(z.string(), z.unknown()).nullable();
