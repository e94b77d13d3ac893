import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { MESSAGE, SYNC } from '../../../../shared/protocol/collab.ts';
import type { Dialect } from './job.ts';

/** A client without a document of its own: it speaks the protocol and looks at the bytes. */
export interface LoadClient {
  /** Sends an update; counts as one content frame. */
  sendUpdate(update: Uint8Array): void;
  /** Sends any bytes as one message of the protocol: type and body. */
  sendRaw(message: Uint8Array): void;
  /** Content frames sent so far. */
  readonly sent: number;
  readonly closeCode: number | null;
  /** When the first frame with content came, in milliseconds after the socket was asked for. */
  readonly firstStateMs: number | null;
  /** Resolves when the server has sent its state and taken ours. */
  readonly synced: Promise<void>;
  readonly closed: Promise<number>;
  close(): void;
}

export interface LoadClientOptions {
  readonly url: string;
  readonly dialect: Dialect;
  readonly document: string;
  readonly user?: string;
  /** What this client has when it comes. */
  readonly content?: Uint8Array;
  onUpdate?(update: Uint8Array): void;
  onDurable?(acknowledged: number): void;
  onAwareness?(body: Uint8Array): void;
  /** A message to this client alone: a question back, a denial, a status. */
  onAnswer?(): void;
}

const HOCUSPOCUS_STATUS = 8;
const NOTHING = new Uint8Array([0, 0]);

export function connect(options: LoadClientOptions): LoadClient {
  const { dialect, document, content = NOTHING } = options;
  const isNamed = dialect === 'hocuspocus';
  const askedAt = performance.now();
  const socket = new WebSocket(isNamed ? options.url : `${options.url}/${document}`, {
    perMessageDeflate: false,
    headers: { cookie: `user=${options.user ?? 'ann'}` },
  });
  let sent = 0;
  let closeCode: number | null = null;
  let firstStateMs: number | null = null;
  let hasState = false;
  let wasAsked = false;
  let settle: () => void = () => undefined;
  const synced = new Promise<void>((resolve) => {
    settle = resolve;
  });

  // Hocuspocus serves many documents on one socket: each message begins with the document's name.
  const name = encoded((encoder) => encoding.writeVarString(encoder, document));
  const sendRaw = (message: Uint8Array) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(isNamed ? Buffer.concat([name, message]) : message);
  };
  const sendSync = (subtype: number, body: Uint8Array) => sendRaw(syncMessage(subtype, body));

  function hello(): void {
    if (isNamed) sendRaw(encoded((encoder) => writeToken(encoder)));
    sendSync(SYNC.step1, new Uint8Array([0]));
  }

  function onSync(decoder: decoding.Decoder): void {
    const subtype = decoding.readVarUint(decoder);
    const body = decoding.readVarUint8Array(decoder);
    if (subtype === SYNC.step1) {
      if (wasAsked) options.onAnswer?.();
      if (!wasAsked || !isNamed) {
        sent += 1;
        sendSync(SYNC.step2, content);
      }
      wasAsked = true;
    } else {
      if (body.length > 2) firstStateMs ??= performance.now() - askedAt;
      if (subtype === SYNC.step2) hasState = true;
      options.onUpdate?.(body);
    }
    if (hasState && wasAsked) settle();
  }

  function onFrame(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    if (isNamed) decoding.readVarString(decoder);
    const type = decoding.readVarUint(decoder);
    if (type === MESSAGE.auth || type === MESSAGE.durable || type === HOCUSPOCUS_STATUS) options.onAnswer?.();
    // 4 is Hocuspocus's answer to an answer.
    if (type === MESSAGE.sync || (isNamed && type === 4)) onSync(decoder);
    else if (type === MESSAGE.awareness) options.onAwareness?.(decoding.readVarUint8Array(decoder));
    else if (type === MESSAGE.durable && !isNamed) options.onDurable?.(decoding.readVarUint(decoder));
  }

  socket.binaryType = 'nodebuffer';
  socket.on('open', hello);
  socket.on('message', onFrame);
  socket.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      closeCode = code;
      settle();
      resolve(code);
    });
  });
  return {
    sendUpdate(update) {
      sent += 1;
      sendSync(SYNC.update, update);
    },
    sendRaw,
    synced,
    closed,
    get sent() {
      return sent;
    },
    get closeCode() {
      return closeCode;
    },
    get firstStateMs() {
      return firstStateMs;
    },
    close: () => socket.close(),
  };
}

export const syncMessage = (subtype: number, body: Uint8Array): Uint8Array =>
  encoded((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, subtype);
    encoding.writeVarUint8Array(encoder, body);
  });

function writeToken(encoder: encoding.Encoder): void {
  encoding.writeVarUint(encoder, MESSAGE.auth);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, 'benchmark');
}

export function encoded(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}
