import { fromBase64 } from 'lib0/buffer';
import * as Y from 'yjs';
import { WRITTEN_HERE } from '../../../client/description/session.ts';
import type { ReplayScreen, ReplayScript } from './script.ts';

/** Writes one person's steps of a script, in order, as far as it is told to. */
export interface Writer {
  /** Writes at most so many steps as one change, none before the words it answers are there; says how many. */
  write(most: number): number;
  readonly state: ReplayScreen['state'];
  /** So many of this person's steps are in the document. */
  readonly written: number;
}

interface Step {
  readonly index: number;
  readonly seen: number;
  readonly update: Uint8Array;
}

/**
 * @param until the place in the script before which both people's steps are to be written now
 * @param doc is gone on with where it holds some of the steps: there begins a page that was reloaded
 */
export function createWriter(script: ReplayScript, author: number, until: () => number, doc: Y.Doc): Writer {
  const steps = script.map(({ update, ...step }, index) => ({ ...step, index, update: fromBase64(update) }));
  const own = createReader(
    steps.filter((step) => step.author === author),
    doc,
  );
  const other = createReader(
    steps.filter((step) => step.author !== author),
    doc,
  );
  const isHeard = (index: number): boolean => (other.readOn(index)?.index ?? steps.length) > index;
  const nextStep = (): Step | undefined => {
    const step = own.next();
    return step && step.index < until() ? step : undefined;
  };
  own.readOn(steps.length);
  return {
    write(most) {
      let left = most;
      doc.transact(() => {
        for (let step = nextStep(); step && left > 0 && isHeard(step.seen); step = nextStep()) {
          Y.applyUpdate(doc, step.update);
          own.pass();
          left -= 1;
        }
      }, WRITTEN_HERE);
      return most - left;
    },
    get state() {
      const step = nextStep();
      if (!isHeard(step ? step.seen : until() - 1)) return 'waiting';
      return step ? 'writing' : 'arrived';
    },
    get written() {
      return own.passed();
    },
  };
}

/** Goes through one author's steps as far as the document holds them. */
function createReader(steps: readonly Step[], doc: Y.Doc) {
  let at = 0;
  const next = () => steps[at];
  return {
    next,
    passed: () => at,
    pass() {
      at += 1;
    },
    /** The first step that the document does not hold, or that comes after `last`. */
    readOn(last: number): Step | undefined {
      for (let step = next(); step && step.index <= last && holds(doc, step.update); step = next()) at += 1;
      return next();
    },
  };
}

/** Whether everything an update writes and deletes has been written and deleted in this document. */
function holds({ store }: Y.Doc, update: Uint8Array): boolean {
  const { structs, ds } = Y.decodeUpdate(update);
  const reaches = (client: number, end: number) => Y.getState(store, client) >= end;
  const isDeleted = (client: number, clock: number, end: number): boolean => {
    for (let at = clock; at < end; ) {
      const struct = Y.getItem(store, Y.createID(client, at));
      if (!struct.deleted) return false;
      at = struct.id.clock + struct.length;
    }
    return true;
  };
  return (
    structs.every(({ id, length }) => reaches(id.client, id.clock + length)) &&
    [...ds.clients].every(([client, ranges]) =>
      ranges.every(({ clock, len }) => reaches(client, clock + len) && isDeleted(client, clock, clock + len)),
    )
  );
}
