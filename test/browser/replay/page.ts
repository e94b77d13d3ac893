import { createDescriptions, type Descriptions } from '../../../client/description/descriptions.ts';
import { createImageStore } from '../../../client/description/image-store.ts';
import { when } from '../../../client/description/observable.ts';
import { saveStateWords } from '../../../client/description/save-state.ts';
import type { Session } from '../../../client/description/session.ts';
import { createTabs } from '../../../client/description/tabs.ts';
import { createUnsavedRecord } from '../../../client/description/unsaved-record.ts';
import { createConnectivity } from '../../../client/local-db/connectivity.ts';
import { wordsOf } from '../../support/typed-document.ts';
import { type ReplayAddress, type ReplayScreen, replayAddress, replayScript, SCRIPT_PATH } from './script.ts';
import { createWriter, type Writer } from './writer.ts';

/**
 * The page of one of two people: writes their part of the script into a description, through the product's own
 * descriptions, and shows how far it is.
 */
async function main(): Promise<void> {
  const address = replayAddress.parse(Object.fromEntries(new URLSearchParams(location.search)));
  const script = replayScript.parse(await (await fetch(SCRIPT_PATH)).json());
  const descriptions = openDescriptions(address);
  descriptions.sync.start();
  const { session } = descriptions.open(address.ticketId);
  await when(session.loaded, Boolean, new AbortController().signal);
  const writer = createWriter(script, address.author, until, session.doc);
  keepShowing({ writer, session, descriptions });
  keepWriting(writer, session);
}

/** Told from outside, by an attribute of the body; nothing is written before. */
const until = (): number => Number(document.body.dataset.until ?? 0);

function openDescriptions({ userId }: ReplayAddress): Descriptions {
  const connectivity = createConnectivity({
    storage: localStorage,
    events: window,
    hasNetwork: () => navigator.onLine,
    now: () => new Date(),
  });
  const newId = () => crypto.randomUUID();
  return createDescriptions({
    userId,
    collabUrl: `${location.origin.replace(/^http/, 'ws')}/collab`,
    sharesWithTabs: true,
    connectivity: {
      get: () => connectivity.current().kind === 'online',
      subscribe: connectivity.subscribe,
    },
    // The ticket is on the server already, and no snapshot of it has synced: all comes over the socket.
    uploads: { whenUploaded: async () => undefined, isQueued: async () => false },
    rows: { read: async () => null },
    record: createUnsavedRecord(userId),
    tabs: createTabs({ userId, createId: newId, locks: navigator.locks }),
    imageStore: createImageStore(userId),
    newId,
    now: () => Date.now(),
    fetch: (url, init) => fetch(url, init),
    warn: (message, cause) => reportError(new Error(message, { cause })),
  });
}

/** Compressed time: so many letters every few milliseconds, sent in far fewer frames than one person may send. */
const LETTERS_A_TICK = 8;
const TICK_MS = 5;
/** What was saved up while waiting for the other's words is written at once, up to this. */
const LETTERS_AT_ONCE = 100;

function keepWriting(writer: Writer, { doc }: Session): void {
  let letters = 0;
  const goOn = () => {
    letters -= writer.write(letters);
  };
  setInterval(() => {
    letters = Math.min(letters + LETTERS_A_TICK, LETTERS_AT_ONCE);
    goOn();
  }, TICK_MS);
  doc.on('update', () => queueMicrotask(goOn));
}

interface Screen {
  readonly writer: Writer;
  readonly session: Session;
  readonly descriptions: Descriptions;
}

/** With every frame: drawing each letter would take longer than writing it. */
function keepShowing({ writer, session, descriptions: { sync } }: Screen): void {
  const draw = () => {
    const shown: Record<keyof ReplayScreen, string> = {
      state: writer.state,
      written: String(writer.written),
      saved: saveStateWords(session.saveState.get()),
      outbox: String(sync.waiting.get().length),
      words: wordsOf(session.fragment),
    };
    const { words, ...rest } = shown;
    document.body.textContent = words;
    Object.assign(document.body.dataset, rest);
    requestAnimationFrame(draw);
  };
  draw();
}

await main();
