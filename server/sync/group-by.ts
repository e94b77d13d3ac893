/**
 * `Object.groupBy`, which `@powersync/service-sync-rules` calls and Node 20 lacks. Imported for its effect, before that
 * package; a runtime that has it keeps its own.
 */
if (!('groupBy' in Object)) {
  Object.defineProperty(Object, 'groupBy', {
    configurable: true,
    writable: true,
    value: <T>(items: Iterable<T>, keyOf: (item: T, index: number) => PropertyKey) => {
      const groups: Record<PropertyKey, T[]> = Object.create(null);
      let index = 0;
      for (const item of items) {
        const key = keyOf(item, index++);
        const group = groups[key];
        if (group) group.push(item);
        else groups[key] = [item];
      }
      return groups;
    },
  });
}
