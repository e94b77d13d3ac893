import type { Device, World } from './world.ts';

/** Something that may happen. */
export interface Step {
  /** How often, beside the others. */
  readonly weight: number;
  /** Says what was done in words, or null when it was not possible. */
  run(world: World, device: Device): Promise<string | null>;
}
