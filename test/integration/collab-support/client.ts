import * as decoding from 'lib0/decoding';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { forgetClocks } from '../../../client/description/forget-clocks.ts';
import { carriesContent, MESSAGE } from '../../../shared/protocol/collab.ts';

export interface Client {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  readonly text: Y.XmlText;
  /** Close codes in the order they came. */
  readonly closes: number[];
  /** Reasons of "permission denied" messages. */
  readonly denials: string[];
  /** By the rule in shared/protocol/collab.ts: everything this client has is durable. */
  isSaved(): boolean;
  readonly acknowledged: number;
  /** What was acknowledged before the last loss of a connection, or since. */
  readonly lastAcknowledged: number;
  /** Content frames sent on this connection. */
  readonly sent: number;
  type(words: string): void;
  destroy(): void;
}

interface Counter {
  sent: number;
  answered: boolean;
  acknowledged: number;
  lastAcknowledged: number;
}

/** The real y-websocket client with a cookie, and a count of what it sends; gone when the test ends. */
export function connectClient(
  socketUrl: string,
  ticketId: string,
  user: string | null,
  options: { doc?: Y.Doc; params?: Record<string, string>; connect?: boolean } = {},
): Client {
  const doc = options.doc ?? new Y.Doc();
  const counter: Counter = { sent: 0, answered: false, acknowledged: 0, lastAcknowledged: 0 };
  const closes: number[] = [];
  const denials: string[] = [];
  const provider = new WebsocketProvider(socketUrl, ticketId, doc, {
    // `ws` has the browser's interface; its types differ in what they call an event.
    WebSocketPolyfill: countingSocket(user, counter) as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    connect: options.connect ?? true,
    params: options.params ?? {},
    maxBackoffTime: 100,
  });
  provider.messageHandlers[MESSAGE.durable] = (_encoder, decoder) => {
    counter.acknowledged = decoding.readVarUint(decoder);
    counter.lastAcknowledged = counter.acknowledged;
  };
  provider.messageHandlers[MESSAGE.auth] = (_encoder, decoder) => {
    decoding.readVarUint(decoder);
    denials.push(decoding.readVarString(decoder));
  };
  // As our editor does.
  provider.on('status', ({ status }) => status === 'disconnected' && forgetClocks(provider.awareness));
  provider.on('connection-close', (event) => event && closes.push(event.code));
  const destroy = () => {
    provider.destroy();
    doc.destroy();
  };
  onTestFinished(destroy);
  const fragment = doc.getXmlFragment('default');
  return {
    doc,
    provider,
    closes,
    denials,
    get text() {
      const first = fragment.length > 0 ? fragment.get(0) : null;
      const inner = first instanceof Y.XmlElement && first.length > 0 ? first.get(0) : null;
      if (inner instanceof Y.XmlText) return inner;
      throw new Error('The document has no paragraph yet.');
    },
    isSaved: () => provider.wsconnected && counter.answered && counter.acknowledged === counter.sent,
    get acknowledged() {
      return counter.acknowledged;
    },
    get lastAcknowledged() {
      return counter.lastAcknowledged;
    },
    get sent() {
      return counter.sent;
    },
    type(words) {
      const paragraph = new Y.XmlElement('paragraph');
      paragraph.insert(0, [new Y.XmlText(words)]);
      fragment.push([paragraph]);
    },
    destroy,
  };
}

export const cookieOf = (user: string | null) => ({
  headers: user === null ? {} : { cookie: `user=${user}` },
});

export const wordsOf = (doc: Y.Doc): string => doc.getXmlFragment('default').toString();

function countingSocket(user: string | null, counter: Counter) {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, cookieOf(user));
      Object.assign(counter, { sent: 0, answered: false, acknowledged: 0 });
    }
    override send(data: Uint8Array): void {
      if (carriesContent(data)) {
        counter.sent += 1;
        if (data[1] === 1) counter.answered = true;
      }
      super.send(data);
    }
  };
}
