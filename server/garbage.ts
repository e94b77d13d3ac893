import v8 from 'node:v8';

/**
 * Call it before anything else runs. V8 learns where in the code long-lived objects are made and puts what is made
 * there among the old ones at once. A server that passes on thousands of updates a second teaches it so of what lives
 * for milliseconds; each such object, once dead, keeps alive what it points to until the next full collection, and
 * every small collection, during which nobody is answered, has to copy that (docs/decisions/0006-garbage.md).
 */
export function keepGarbageYoung(): void {
  v8.setFlagsFromString('--no-allocation-site-pretenuring');
}
