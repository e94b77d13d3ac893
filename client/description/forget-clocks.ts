import type { Awareness } from 'y-protocols/awareness';

/**
 * Forgets how far those have counted who are no longer shown. The provider drops the others when its socket is lost,
 * but keeps their clocks, and would not show them again on the next socket before they move.
 */
export function forgetClocks({ clientID, meta, states }: Awareness): void {
  for (const client of [...meta.keys()]) {
    if (client !== clientID && !states.has(client)) meta.delete(client);
  }
}
