import type { Descriptions } from '../../description/descriptions.ts';
import type { LocalData } from '../../local-db/local-data.ts';
import type { TicketReader } from '../../local-db/ticket-facts.ts';

export const DEVICE_KEYS = ['laptop', 'phone'] as const;
export type DeviceKey = (typeof DEVICE_KEYS)[number];

export const DEVICE_WORDS: Readonly<Record<DeviceKey, string>> = {
  laptop: 'Your laptop',
  phone: 'Your phone',
};

/** One of the two devices that live on the laboratory's page: a client of its own in all but the screen. */
export interface LabDevice {
  readonly key: DeviceKey;
  /** What the server knows it by: PowerSync's client id. */
  readonly id: string;
  readonly data: LocalData;
  readonly descriptions: Descriptions;
  readonly reader: TicketReader;
}

export type LabDevices = Readonly<Record<DeviceKey, LabDevice>>;

/** The project of a person's own in which they try things out. */
export interface LabProject {
  readonly id: string;
  readonly key: string;
}

/** What the page stands on once it is ready. */
export interface OpenLab {
  readonly devices: LabDevices;
  readonly project: LabProject;
}
