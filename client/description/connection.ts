import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { readAuthMessage } from 'y-protocols/auth';
import { Awareness } from 'y-protocols/awareness';
import { readSyncMessage } from 'y-protocols/sync';
import { WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { CLOSE, type CloseReason, closeReasonOf } from '../../shared/protocol/close-codes.ts';
import {
  BREAK_PARAMETER,
  carriesContent,
  MESSAGE,
  SCHEMA_PARAMETER,
  SYNC,
} from '../../shared/protocol/collab.ts';
import type { Brought } from './brought.ts';
import { watchComingBack } from './coming-back.ts';
import { createContact } from './contact.ts';
import { countingSocket } from './counting-socket.ts';
import { forgetClocks } from './forget-clocks.ts';
import type { Value } from './observable.ts';
import type { SaveEvent } from './save-state.ts';

/** The socket of one description: y-websocket's provider, and what it tells the save state. */
export interface Connection {
  readonly awareness: Awareness;
  connect(): void;
  /** Knowingly: what is written until the next `connect` is written apart (D11). */
  disconnect(): void;
  /** The server has this of what the device brought, by another way than the socket, or will never take it. */
  done(brought: Brought): void;
  close(): void;
}

export interface ConnectionDeps {
  /** Where `/collab` is: `ws://` or `wss://`, host, and path without the ticket. */
  readonly url: string;
  readonly ticketId: string;
  readonly doc: Y.Doc;
  /** Whether other tabs of this browser reach the document directly. */
  readonly sharesWithTabs: boolean;
  /** What this device brought and the server has not acknowledged yet. */
  readonly brought: Value<readonly Brought[]>;
  /** Whether the server lacks words of this device. */
  readonly isUnsaved: () => boolean;
  readonly report: (event: SaveEvent) => void;
  /** The server's state is in the document, or is refused; a lost connection is only tried again. */
  readonly answered: () => void;
  readonly now: () => number;
}

/**
 * Tabs of one browser also reach each other directly (BroadcastChannel). What comes that way is the sending tab's
 * to save; while this tab has no socket it counts as unsaved here too, so that "Saved" never covers it by accident.
 */
export function openConnection(deps: ConnectionDeps): Connection {
  const { url, ticketId, doc, sharesWithTabs, answered, now } = deps;
  const contact = createContact(now);
  const report = (event: SaveEvent) => {
    contact.hear(event);
    if (event.kind === 'acknowledged' && contact.isWhole) comingBack.forget();
    deps.report(event);
  };
  const awareness = new Awareness(doc);
  const comingBack = watchComingBack(deps.brought, deps.isUnsaved);
  // Nobody is here until an editor says so: a document that syncs in the background shows no face.
  awareness.setLocalState(null);
  const provider = new WebsocketProvider(url, ticketId, doc, {
    connect: false,
    awareness,
    disableBc: !sharesWithTabs,
    params: {
      [SCHEMA_PARAMETER]: String(SCHEMA_VERSION),
      // Read anew with each attempt to connect.
      get [BREAK_PARAMETER]() {
        return String(contact.brokenFor());
      },
    },
    maxBackoffTime: 10_000,
    WebSocketPolyfill: countingSocket({
      outgoing: comingBack.outgoing,
      onSent(frame) {
        if (carriesContent(frame)) report({ kind: 'sent', complete: frame[1] === SYNC.step2 });
      },
      // Not while the provider is in the middle of sending.
      onTooLarge: () => queueMicrotask(giveUpSocket),
    }),
  });
  const hangUp = () => {
    provider.disconnect();
    // Tabs stay live with each other without a network.
    provider.connectBc();
  };
  const giveUpSocket = () => {
    hangUp();
    report({ kind: 'too-large', brought: comingBack.first() });
  };
  provider.messageHandlers[MESSAGE.sync] = answerSync(report);
  provider.messageHandlers[MESSAGE.auth] = (_encoder, decoder) =>
    readAuthMessage(decoder, doc, (_doc, reason) => report({ kind: 'denied', reason }));
  provider.messageHandlers[MESSAGE.durable] = (_encoder, decoder, _provider, fromServer) => {
    if (fromServer) report({ kind: 'acknowledged', count: decoding.readVarUint(decoder) });
  };
  provider.on('connection-close', () => contact.lost(provider.wsLastMessageReceived));
  provider.on('sync', answered);
  provider.on('status', ({ status }) => {
    if (status === 'connected') report({ kind: 'connected' });
    if (status !== 'disconnected') return;
    forgetClocks(awareness);
    report({ kind: 'disconnected' });
  });
  provider.connectBc();
  // A server of another version may take less in a frame than this client thinks.
  provider.on('closed', ({ code }) => {
    answered();
    if (code === CLOSE.tooLarge.code) return giveUpSocket();
    // What was kept may be damaged; the document itself goes on without it.
    if (code === CLOSE.malformed.code) comingBack.forget();
    report(refusalOf(code));
  });
  return {
    awareness,
    connect: () => provider.connect(),
    disconnect() {
      hangUp();
      contact.part();
    },
    done: comingBack.forget,
    close() {
      provider.destroy();
      awareness.destroy();
    },
  };
}

type MessageHandler = WebsocketProvider['messageHandlers'][number];

/** The provider's own handler, except that it notices words which another tab brought. */
function answerSync(report: (event: SaveEvent) => void): MessageHandler {
  return (encoder, decoder, provider, fromServer) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    let brought = false;
    const notice = () => {
      brought = true;
    };
    provider.doc.on('update', notice);
    const kind = readSyncMessage(decoder, encoder, provider.doc, provider);
    provider.doc.off('update', notice);
    if (!fromServer && brought && !provider.wsconnected) report({ kind: 'changed' });
    if (fromServer && kind === SYNC.step2 && !provider.synced) provider.synced = true;
  };
}

/** After these the person may go on: what they write is kept here, and the cause passes. */
const PASSING: readonly CloseReason[] = ['signedOut', 'tooFast'];

function refusalOf(code: number): SaveEvent {
  const reason = closeReasonOf(code);
  if (reason === undefined) {
    const words = `The server closed this description (code ${code}). Reload the page.`;
    return { kind: 'refused', reason: words, canWrite: false };
  }
  return { kind: 'refused', reason: CLOSE[reason].words, canWrite: PASSING.includes(reason) };
}
