import type { TicketChanges } from '../../local-db/edits.ts';
import { DEVICE_WORDS, type DeviceKey } from './device.ts';
import type { Step } from './scenario.ts';

/** The steps that most scenarios are made of. */

export const bothGoOffline = (): Step => ({
  on: 'both',
  words: 'Both devices go offline.',
  run: async ({ laptop, phone }) => {
    await Promise.all([laptop.goOffline(), phone.goOffline()]);
  },
});

export const goesOffline = (key: DeviceKey): Step => ({
  on: key,
  words: `${DEVICE_WORDS[key]} goes offline.`,
  run: (hands) => hands[key].goOffline(),
});

export const comesBack = (key: DeviceKey): Step => ({
  on: key,
  words: `${DEVICE_WORDS[key]} comes back online and sends what it has.`,
  run: (hands) => hands[key].reconnect(),
});

/** `what` follows the device's name: "sets the priority to Urgent". */
export const edits = (key: DeviceKey, what: string, changes: TicketChanges): Step => ({
  on: key,
  words: `${DEVICE_WORDS[key]} ${what}.`,
  run: (hands) => hands[key].edit(changes),
});

export const types = (key: DeviceKey, where: 'start' | 'end', text: string): Step => ({
  on: key,
  words: `${DEVICE_WORDS[key]} types at the ${where === 'start' ? 'beginning' : 'end'}: “${text.trim()}”`,
  run: (hands) => hands[key].type(where, text),
});
