import { personColour } from './person-colour.ts';

/** The colour a new label starts with: the same name gives the same one on every device. */
export const labelColour = (name: string): string => personColour(name.trim().toLowerCase());
