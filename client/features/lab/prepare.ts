import type { FieldName } from '../../../shared/tickets/fields.ts';
import { isFieldName } from '../../../shared/tickets/fields.ts';
import { labelIdOf } from '../../local-db/edits.ts';
import { labelColour } from '../../ui/label-colour.ts';
import { DEVICE_KEYS, type OpenLab } from './device.ts';
import { choosePolicy } from './lab-api.ts';
import { inTime, lookAtBoth, type Run, watchesOf, whenSynced } from './run.ts';
import type { ScenarioStart } from './scenario.ts';

/** Sets the scene: both devices connected, the policies as the scenario says, and a fresh ticket that both have. */
export async function prepare(lab: OpenLab, start: ScenarioStart, signal: AbortSignal): Promise<Run> {
  const devices = DEVICE_KEYS.map((key) => lab.devices[key]);
  for (const { data } of devices) data.connectivity.setWorkOffline(false);
  await Promise.all(devices.map((device) => whenSynced(device, signal)));
  await letGoOfOldQuestions(lab);
  await choosePolicies(lab.project.id, start);
  const ticketId = await makeTicket(lab, start);
  await inTime(
    'Making a fresh ticket',
    () => haveTicket(lab, ticketId, start),
    devices.map(({ reader }) => reader.onChange),
    signal,
  );
  // Not earlier: the server turns a device away whose ticket it does not know.
  const run = openRun(lab, ticketId, signal);
  try {
    await inTime(
      'Bringing the description to both devices',
      () => haveText(run, start),
      watchesOf(run),
      signal,
    );
    return run;
  } catch (error) {
    release(run);
    throw error;
  }
}

function openRun(lab: OpenLab, ticketId: string, signal: AbortSignal): Run {
  const { laptop, phone } = lab.devices;
  const descriptions = {
    laptop: laptop.descriptions.open(ticketId),
    phone: phone.descriptions.open(ticketId),
  };
  return { lab, ticketId, descriptions, made: [], signal };
}

/** Gives the descriptions back. */
export function release({ descriptions }: Run): void {
  for (const key of DEVICE_KEYS) descriptions[key].release();
}

/** Every telling begins anew; what an earlier one left undecided would only fill the person's Review. */
async function letGoOfOldQuestions({ devices, project }: OpenLab): Promise<void> {
  const { reader, data } = devices.laptop;
  for (const { conflict, row } of await reader.openConflicts(project.id)) {
    const { current } = conflict;
    const answered = await data.edits.answerConflict(row, { value: current, seeing: current });
    if (!answered.ok) throw new Error(answered.reason);
  }
}

async function choosePolicies(projectId: string, { policies = {} }: ScenarioStart): Promise<void> {
  for (const [field, policy] of Object.entries(policies)) {
    if (!isFieldName(field)) continue;
    const answer = await choosePolicy(projectId, field satisfies FieldName, policy);
    if (!answer.ok) throw new Error(answer.reason);
  }
}

async function makeTicket({ devices, project }: OpenLab, start: ScenarioStart): Promise<string> {
  const { data, descriptions, reader } = devices.laptop;
  const { fields, labels = [], description } = start;
  const known = await reader.labelIds(project.id);
  for (const name of labels) {
    if (!known.has(name)) await data.edits.createLabel(project.id, name, labelColour(name));
  }
  const labelIds = labels.map((name) => labelIdOf(project.id, name));
  const created = await data.edits.createTicket(project.id, fields, labelIds);
  if (!created.ok) throw new Error(created.reason);
  if (description !== undefined) {
    await descriptions.seedDescription(created.id, { kind: 'text', text: description });
  }
  return created.id;
}

/** Numbered and labelled alike: whatever differs later, the scenario did it. */
async function haveTicket(
  { devices }: OpenLab,
  ticketId: string,
  { labels = [] }: ScenarioStart,
): Promise<boolean> {
  const facts = await Promise.all(DEVICE_KEYS.map((key) => devices[key].reader.read(ticketId)));
  return facts.every(({ ticket, labels: found }) => ticket?.number != null && found.length === labels.length);
}

async function haveText(run: Run, { description = '' }: ScenarioStart): Promise<boolean> {
  const looks = await lookAtBoth(run);
  return DEVICE_KEYS.every((key) => looks[key].description === description);
}
