import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { type Cable, layCable } from '../../support/cable.ts';
import { DEMO_PASSWORD } from '../support/person.ts';
import { REPLAY_PATH, type ReplayAddress, type ReplayScreen, replayScreen, SCRIPT_PATH } from './script.ts';

/** One of two people who write a script: a browser of their own, at the end of a cable of their own. */
export interface Typist {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly cable: Cable;
  /** Errors that the page did not handle, and warnings of the product's code. */
  readonly pageErrors: readonly Error[];
  /** Opens the description; nothing is written yet. */
  open(ticketId: string): Promise<void>;
  /** Goes on to this place of the script. */
  writeUntil(index: number): Promise<void>;
  /** Resolves once so many of their own steps are written. */
  hasWritten(steps: number): Promise<void>;
  /** Resolves with what the page shows, once these are as wanted. */
  shows(wanted: Wanted): Promise<ReplayScreen>;
}

type Wanted = { readonly [name in Exclude<keyof ReplayScreen, 'words'>]?: string };

/** Tens of seconds of writing, at least, on a machine that is busy with other things. */
const WRITING = { timeout: 90_000 };
/** Less than what is looked at anew by a timer would take. */
const NOTICING = { timeout: 15_000 };

interface TypistOptions {
  readonly email: string;
  /** Whose steps of the script. */
  readonly author: number;
  readonly files: ReplayFiles;
}

/** What the page and its script are, for every typist the same. */
export interface ReplayFiles {
  readonly code: string;
  readonly script: string;
}

const PAGE = `<!doctype html>
<meta charset="utf-8"><title>Replay</title><body hidden></body>
<script type="module" src="${REPLAY_PATH}page.js"></script>`;

export async function seatTypist(
  browser: Browser,
  serverUrl: string,
  { email, author, files }: TypistOptions,
): Promise<Typist> {
  const cable = await layCable(serverUrl);
  const context = await browser.newContext({ baseURL: cable.url });
  await serve(context, files);
  // What a test serves has no address of its own, and Chromium keeps such pages away from local servers.
  await context.grantPermissions(['local-network-access'], { origin: cable.url });
  const userId = await signIn(context, email, cable.url);
  const page = await context.newPage();
  const pageErrors: Error[] = [];
  page.on('pageerror', (error) => pageErrors.push(error));
  return {
    context,
    page,
    cable,
    pageErrors,
    async open(ticketId) {
      const address: Record<keyof ReplayAddress, string> = { author: String(author), userId, ticketId };
      await page.goto(`${REPLAY_PATH}?${new URLSearchParams(address)}`);
    },
    async writeUntil(index) {
      await page.evaluate((until) => {
        document.body.dataset.until = String(until);
      }, index);
    },
    async hasWritten(steps) {
      await page.waitForFunction((wanted) => Number(document.body.dataset.written) >= wanted, steps, WRITING);
    },
    async shows(wanted) {
      try {
        const shown = await page.waitForFunction(lookFor, wanted, NOTICING);
        return replayScreen.parse(await shown.jsonValue());
      } catch (cause) {
        const instead = JSON.stringify(await page.evaluate(() => ({ ...document.body.dataset })));
        throw new Error(`The page of ${email} never showed ${JSON.stringify(wanted)}: ${instead}`, { cause });
      }
    },
  };
}

/** Runs in the page. */
function lookFor(wanted: Wanted) {
  const { dataset, textContent } = document.body;
  const isWanted = Object.entries(wanted).every(([name, value]) => dataset[name] === value);
  return isWanted && { ...dataset, words: textContent };
}

/** In the app's own place, so that cookies, the socket's origin and the storage are the app's; also without a network. */
async function serve(context: BrowserContext, { code, script }: ReplayFiles): Promise<void> {
  const files: Record<string, { contentType: string; body: string }> = {
    [REPLAY_PATH]: { contentType: 'text/html', body: PAGE },
    [`${REPLAY_PATH}page.js`]: { contentType: 'text/javascript', body: code },
    [SCRIPT_PATH]: { contentType: 'application/json', body: script },
  };
  await context.route(
    ({ pathname }) => pathname in files,
    (route) => route.fulfill(files[new URL(route.request().url()).pathname]),
  );
}

const answer = z.object({ user: z.object({ id: z.string() }) });

/** @returns the person's id. */
async function signIn({ request }: BrowserContext, email: string, origin: string): Promise<string> {
  const data = { email, password: DEMO_PASSWORD };
  const signedIn = await request.post('/api/auth/sign-in/email', { data, headers: { origin } });
  return answer.parse(await signedIn.json()).user.id;
}
