import type { Extension } from '../extension.ts';

/** Says that a device came back after both sides had changed (D11), once that is stored. */
export const createHistory = ({ onMet }: { onMet?(): void }): Extension => ({
  committed(writes) {
    if (writes.some(({ row }) => row?.meeting)) onMet?.();
  },
});
