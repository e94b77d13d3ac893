import { FIELDS, isFieldName, normalise } from '../../../shared/tickets/fields.ts';
import { type Activity, readJson } from '../../local-db/rows.ts';
import type { ShownValue } from '../../ui/conflict-field-value.tsx';
import { DEVICE_KEYS, DEVICE_WORDS, type LabDevices } from './device.ts';

/** A line of the ticket's activity, as the laboratory tells it. */
export interface HistoryLine {
  readonly who: string;
  readonly what: string;
  readonly before: ShownValue | null;
  readonly after: ShownValue | null;
  /** Whether the value was taken, or is only what somebody proposed. */
  readonly taken: boolean;
  readonly note: string | null;
}

/** Null for what the laboratory did itself to set the scene. */
export function historyLine(entry: Activity, devices: LabDevices): HistoryLine | null {
  const { subject, action } = entry;
  const about = { who: deviceWords(entry.device_id, devices), taken: isTaken(entry), note: noteOf(entry) };
  if (isFieldName(subject)) {
    const shown = (json: string | null): ShownValue => {
      const value = normalise(subject, readJson(json));
      return { field: subject, value: value.ok ? value.value : null };
    };
    const what = FIELDS[subject].label;
    return { ...about, what, before: shown(entry.before), after: shown(entry.after) };
  }
  if (subject === 'ticket' && action === 'created') return null;
  const plain = { ...about, before: null, after: null };
  if (subject === 'label') {
    const name = readJson(entry.after ?? entry.before);
    return { ...plain, what: `${action} the label ${typeof name === 'string' ? name : ''}`.trimEnd() };
  }
  return {
    ...plain,
    what: subject === 'ticket' && action === 'deleted' ? 'moved it to the trash' : `${action} the ${subject}`,
  };
}

function deviceWords(id: string | null, devices: LabDevices): string {
  const key = DEVICE_KEYS.find((one) => devices[one].id === id);
  return key ? DEVICE_WORDS[key] : 'You';
}

const isTaken = ({ outcome }: Activity): boolean => outcome !== 'kept' && outcome !== 'review';

function noteOf({ outcome, overwrote_id }: Activity): string | null {
  if (outcome === 'kept') return 'not taken, by a rule';
  if (outcome === 'review') return 'waits for you';
  if (outcome === 'merged') return 'a step on the way';
  return overwrote_id === null ? null : 'the last edit stands';
}
