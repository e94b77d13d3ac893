import type { BoundConfig } from './config.ts';
import type { Hub } from './hub.ts';
import type { SessionDeps } from './session.ts';

/** What streams are served from during one life of the storage. */
export interface Serving extends SessionDeps {
  config: BoundConfig;
  hub: Hub;
  /** Every bucket's name begins with it. */
  prefix: string;
  /** Fires when this life is over: its streams end, and clients come back to the next. */
  ended: AbortSignal;
}

/** The current {@link Serving}, if there is one. */
export interface ServingHolder {
  current(): Serving | null;
  begin(serving: Omit<Serving, 'ended'>): void;
  end(): void;
}

export function createServingHolder(): ServingHolder {
  let held: { serving: Serving; abort: AbortController } | null = null;
  return {
    current: () => held?.serving ?? null,
    begin(serving) {
      held?.abort.abort();
      const abort = new AbortController();
      held = { serving: { ...serving, ended: abort.signal }, abort };
    },
    end() {
      held?.abort.abort();
      held = null;
    },
  };
}
