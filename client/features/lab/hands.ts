import * as Y from 'yjs';
import type { Answer } from '../../local-db/ask-server.ts';
import { labelIdOf } from '../../local-db/edits.ts';
import { moveToTrash } from '../../local-db/trash.ts';
import type { EditResult } from '../../local-db/windows/committer.ts';
import { labelColour } from '../../ui/label-colour.ts';
import type { DeviceKey } from './device.ts';
import type { Pace } from './pace.ts';
import { inTime, type Run, whenSynced } from './run.ts';
import type { Hand, Hands } from './scenario.ts';

/** Hands on both devices. They do what a person's would: by the same edits, through the same queue. */
export const createHands = (run: Run, pace: Pace): Hands => ({
  laptop: createHand(run, 'laptop', pace),
  phone: createHand(run, 'phone', pace),
});

function createHand(run: Run, key: DeviceKey, pace: Pace): Hand {
  const device = run.lab.devices[key];
  const { data, reader } = device;
  const projectId = run.lab.project.id;
  const ticket = { id: run.ticketId, project_id: projectId };
  return {
    async goOffline() {
      data.connectivity.setWorkOffline(true);
      // An edit made before the connection is down would still leave.
      await inTime('Going offline', () => !data.db.currentStatus.connected, [statusOf(run, key)], run.signal);
    },
    async reconnect() {
      data.connectivity.setWorkOffline(false);
      await whenSynced(device, run.signal);
    },
    edit: async (changes) => done(await data.edits.editTicket(run.ticketId, changes)),
    async addLabel(name) {
      if (!(await reader.labelIds(projectId)).has(name)) {
        done(await data.edits.createLabel(projectId, name, labelColour(name)));
      }
      done(await data.edits.addLabel(ticket, labelIdOf(projectId, name)));
    },
    removeLabel: async (name) => done(await data.edits.removeLabel(run.ticketId, labelIdOf(projectId, name))),
    async createTicket(title) {
      const created = await data.edits.createTicket(projectId, { title });
      done(created);
      run.made.push(created.id);
    },
    async moveToTrash() {
      const before = await reader.read(run.ticketId);
      if (!before.ticket) throw new Error('The ticket has not arrived on this device.');
      done(await moveToTrash(before.ticket));
      const isThere = async () => (await reader.read(run.ticketId)).ticket?.deleted_at != null;
      await inTime('The deletion', isThere, [reader.onChange], run.signal);
    },
    type: (where, text) => type(run, key, { where, text, pace }),
  };
}

const statusOf =
  ({ lab }: Run, key: DeviceKey) =>
  (listener: () => void) =>
    lab.devices[key].data.db.registerListener({ statusChanged: listener });

function done(result: EditResult | Answer<unknown>): void {
  if (!result.ok) throw new Error(result.reason);
}

interface Typing {
  readonly where: 'start' | 'end';
  readonly text: string;
  readonly pace: Pace;
}

async function type(run: Run, key: DeviceKey, { where, text, pace }: Typing): Promise<void> {
  const paragraph = firstParagraph(run.descriptions[key].session.fragment);
  let at = where === 'start' ? 0 : paragraph.length;
  for (const letter of text) {
    paragraph.insert(at, letter);
    at += letter.length;
    await pace.betweenLetters(run.signal);
  }
}

function firstParagraph(fragment: Y.XmlFragment): Y.XmlText {
  const block = fragment.get(0);
  const text = block instanceof Y.XmlElement ? block.get(0) : null;
  if (text instanceof Y.XmlText) return text;
  throw new Error('The description has no sentence to write in.');
}
