/** At most `count` pieces of work at once; the rest wait in line. */
export function createPlaces(count: number) {
  const line: (() => void)[] = [];
  let free = count;
  return {
    async within<T>(work: () => Promise<T>): Promise<T> {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => line.push(resolve));
      try {
        return await work();
      } finally {
        const next = line.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
