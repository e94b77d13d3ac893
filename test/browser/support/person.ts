import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export const DEMO_PASSWORD = 'rejoin-demo';
const PATIENCE = { timeout: 30_000 };

/** Somebody at a browser of their own, and what they do with it, in the words they would use. */
export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors that the page's own code did not handle. */
  readonly pageErrors: readonly Error[];
  signIn(email: string): Promise<void>;
  openTicket(path: string): Promise<void>;
  /** The description's text as it stands on screen. */
  readonly description: Locator;
  writeAtStart(text: string): Promise<void>;
  writeAtEnd(text: string): Promise<void>;
  choose(field: 'Status' | 'Priority' | 'Assignee', value: string): Promise<void>;
  setEstimate(value: string): Promise<void>;
  setTitle(value: string): Promise<void>;
  comment(text: string): Promise<void>;
  createTicket(ticket: { title: string; description: string }): Promise<void>;
  /** Waits until the chip says so. */
  syncSays(words: RegExp): Promise<void>;
  descriptionIs(words: 'Saved' | 'Saved on this device'): Promise<void>;
}

export async function openBrowserFor(
  browser: Browser,
  baseURL: string,
  viewport = { width: 1440, height: 900 },
): Promise<Person> {
  const context = await browser.newContext({ baseURL, viewport });
  const page = await context.newPage();
  const pageErrors: Error[] = [];
  page.on('pageerror', (error) => pageErrors.push(error));
  const description = page.getByRole('textbox', { name: 'Description' });

  const write = async (where: 'Control+Home' | 'Control+End', text: string) => {
    await description.click();
    await page.keyboard.press(where);
    if (where === 'Control+End') await page.keyboard.press('Enter');
    await page.keyboard.type(text, { delay: 4 });
    if (where === 'Control+Home') await page.keyboard.press('Enter');
  };

  return {
    page,
    context,
    pageErrors,
    description,
    async signIn(email) {
      await page.goto('/');
      await page.getByLabel('E-mail').fill(email);
      await page.getByRole('textbox', { name: 'Password' }).fill(DEMO_PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('button', { name: 'Sync: Synced' }).waitFor(PATIENCE);
    },
    async openTicket(path) {
      await page.goto(path);
      await description.waitFor(PATIENCE);
    },
    writeAtStart: (text) => write('Control+Home', text),
    writeAtEnd: (text) => write('Control+End', text),
    async choose(field, value) {
      await page.getByRole('button', { name: new RegExp(`^${field}:`) }).click();
      await page.getByRole('option', { name: value, exact: true }).click();
      await page.getByRole('button', { name: `${field}: ${value}` }).waitFor();
    },
    async setEstimate(value) {
      const field = page.getByRole('textbox', { name: 'Estimate', exact: true });
      await field.fill(value);
      await field.press('Enter');
    },
    async setTitle(value) {
      const field = page.getByRole('textbox', { name: 'Title', exact: true });
      await field.fill(value);
      await field.press('Enter');
    },
    async comment(text) {
      await page.getByLabel('New comment').fill(text);
      await page.getByRole('button', { name: 'Comment', exact: true }).click();
      await page.getByRole('region', { name: 'Comments' }).getByText(text).first().waitFor();
    },
    async createTicket({ title, description: text }) {
      await page
        .getByRole('button', { name: /^New ticket/ })
        .first()
        .click();
      const dialog = page.getByRole('dialog', { name: 'New ticket' });
      await dialog.getByLabel('Title').fill(title);
      await dialog.getByLabel('Description').fill(text);
      await dialog.getByRole('button', { name: 'Create ticket' }).click();
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    },
    syncSays: (words) =>
      page.getByRole('button', { name: new RegExp(`^Sync: ${words.source}`) }).waitFor(PATIENCE),
    descriptionIs: (words) =>
      page.locator('.description-save-state').getByText(words, { exact: true }).waitFor(PATIENCE),
  };
}

/** Waits until both show the same description and it holds every one of `texts` exactly once. */
export async function expectSameDescription(
  people: readonly Person[],
  texts: readonly string[],
): Promise<void> {
  await expect
    .poll(async () => Promise.all(people.map((person) => missingFrom(person, texts))), PATIENCE)
    .toEqual(people.map(() => []));
  const [first, ...others] = await Promise.all(people.map((person) => textOf(person)));
  for (const other of others) expect(other).toBe(first);
}

async function missingFrom(person: Person, texts: readonly string[]): Promise<string[]> {
  const shown = await textOf(person);
  return texts.filter((text) => shown.split(text).length !== 2);
}

/** The document's blocks without what the editor draws into it: others' carets and their names. */
export async function textOf({ description }: Pick<Person, 'description'>): Promise<string> {
  return description.evaluate((editor) => {
    const copy = editor.cloneNode(true);
    if (!(copy instanceof Element)) return '';
    for (const drawn of copy.querySelectorAll('[class*="caret"]')) drawn.remove();
    return [...copy.children]
      .map((block) => block.textContent ?? '')
      .join('\n')
      .replaceAll('\u2060', '');
  });
}
