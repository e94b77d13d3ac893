import type { Browser, ViewportSize } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { type Cable, layCable } from '../../support/cable.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { openBrowserFor, type Person } from './person.ts';

/** The product as it runs, and the people who are at it. */
export interface Product {
  readonly server: TestServer;
  /** Between the server and those who sit behind it; whole again when a test begins. */
  readonly cable: Cable;
  /** Somebody signed in at a browser of their own, which is closed when the test ends. */
  signIn(email: string, seat?: Seat): Promise<Person>;
}

/** Where a person sits: at a desk, next to the server, if nothing else is said. */
interface Seat {
  readonly isBehindCable?: boolean;
  readonly viewport?: ViewportSize;
}

/** Runs the product for all tests of a file, or anew for each; no test may leave an error on a person's page. */
export function runProduct(anewFor: 'file' | 'test' = 'file'): Product {
  const [begin, end] = anewFor === 'file' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  const people: Person[] = [];
  let server: TestServer;
  let browser: Browser;
  let cable: Cable;

  begin(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    cable = await layCable(server.url);
  });
  // These run last to first: an error on a page fails the test only after everything is closed.
  afterEach(() => expect(people.splice(0).flatMap(({ pageErrors }) => pageErrors)).toEqual([]));
  end(async () => {
    await browser?.close();
    await cable?.close();
    await server?.stop();
  });
  afterEach(async () => {
    cable?.mend();
    await Promise.all(people.map(({ context }) => context.close()));
  });

  return {
    get server() {
      return server;
    },
    get cable() {
      return cable;
    },
    async signIn(email, { isBehindCable = false, viewport } = {}) {
      const person = await openBrowserFor(browser, isBehindCable ? cable.url : server.url, viewport);
      people.push(person);
      await person.signIn(email);
      return person;
    },
  };
}
