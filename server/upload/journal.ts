/**
 * Maps and lists that can be taken back to an earlier mark: what a savepoint is to a database, for values in memory.
 * A refused client transaction leaves no trace this way (C16), at the price of one entry for each step.
 */
export interface Journal {
  map<K, V>(initial?: Iterable<readonly [K, V]>): JournaledMap<K, V>;
  list<T>(): JournaledList<T>;
  mark(): number;
  rollback(mark: number): void;
}

export interface JournaledMap<K, V> extends ReadonlyMap<K, V> {
  set(key: K, value: V): void;
  delete(key: K): void;
}

export interface JournaledList<T> {
  readonly items: readonly T[];
  push(item: T): void;
}

export function createJournal(): Journal {
  const undo: (() => void)[] = [];

  function map<K, V>(initial: Iterable<readonly [K, V]> = []): JournaledMap<K, V> {
    const held = new Map(initial);
    const restore = (key: K) => {
      const before = held.get(key);
      undo.push(held.has(key) && before !== undefined ? () => held.set(key, before) : () => held.delete(key));
    };
    return {
      get size() {
        return held.size;
      },
      get: (key) => held.get(key),
      has: (key) => held.has(key),
      forEach: (visit) => held.forEach(visit),
      entries: () => held.entries(),
      keys: () => held.keys(),
      values: () => held.values(),
      [Symbol.iterator]: () => held[Symbol.iterator](),
      set(key, value) {
        restore(key);
        held.set(key, value);
      },
      delete(key) {
        restore(key);
        held.delete(key);
      },
    };
  }

  function list<T>(): JournaledList<T> {
    const items: T[] = [];
    return {
      items,
      push(item) {
        items.push(item);
        undo.push(() => items.pop());
      },
    };
  }

  return {
    map,
    list,
    mark: () => undo.length,
    rollback(mark) {
      while (undo.length > mark) undo.pop()?.();
    },
  };
}
