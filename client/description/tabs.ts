/** The tabs of this browser in which this person has Rejoin open. */
export interface Tabs {
  /** This tab. */
  readonly id: string;
  /** Ids of the tabs that are open now, this one included. */
  open(): Promise<ReadonlySet<string>>;
}

export interface TabsDeps {
  readonly userId: string;
  readonly createId: () => string;
  /** `navigator.locks`; undefined where the page is not a secure context. */
  readonly locks: LockManager | undefined;
}

/**
 * A tab holds a Web Lock with its id for as long as it lives; the browser lets go of it when the tab is closed,
 * crashes or is discarded, which no event tells reliably. Without Web Locks every other tab counts as gone:
 * then two tabs may sync one description, which is harmless.
 */
export function createTabs({ userId, createId, locks }: TabsDeps): Tabs {
  const id = createId();
  const prefix = `rejoin-tab/${userId}/`;
  const held = locks?.request(prefix + id, { mode: 'shared' }, () => new Promise<never>(() => undefined));
  held?.catch(() => undefined);
  return {
    id,
    async open() {
      const found = (await locks?.query())?.held ?? [];
      const names = found.flatMap(({ name }) =>
        name?.startsWith(prefix) ? [name.slice(prefix.length)] : [],
      );
      return new Set([id, ...names]);
    },
  };
}
