import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from './support/person.ts';
import { runProduct } from './support/product.ts';

const product = runProduct('test');
let person: Person;

beforeEach(async () => {
  person = await product.signIn('member@rejoin.test');
  await person.page.getByRole('link', { name: 'Laboratory' }).click();
  await isReady(person.page);
});

const PATIENCE = { timeout: 60_000 };

describe('the laboratory', () => {
  it('plays every scenario, and each comes out as promised (C6 to C9, C11)', async () => {
    const { page } = person;
    const [first, ...others] = SCENARIOS;
    expect(await outcomeOf(page, first, playByItself)).toEqual(AS_PROMISED);
    for (const title of others) expect(await outcomeOf(page, title, playByHand)).toEqual(AS_PROMISED);
    expect(await scenarios(page).getByRole('img', { name: 'As promised' }).count()).toBe(SCENARIOS.length);
  }, 360_000);

  it('keeps edits of a device that a person took offline, until it comes back', async () => {
    const { page } = person;
    const { laptop, phone } = devicesOf(page);
    await takeFreshTicket(page);
    await offline(laptop, true);
    await choose(page, laptop, 'Status', 'Done');
    await choose(page, phone, 'Priority', 'High');
    await laptop.getByRole('img', { name: 'Not sent yet' }).waitFor();
    await laptop.getByRole('button', { name: /^Sync: Offline · 1 kept on this device/ }).waitFor();
    await phone.getByRole('button', { name: /^Sync: Synced/ }).waitFor(PATIENCE);
    await phone.getByRole('button', { name: 'Status: To do' }).waitFor();
    await laptop.getByRole('button', { name: 'Priority: No priority' }).waitFor();

    await offline(laptop, false);
    for (const device of [laptop, phone]) {
      await device.getByRole('button', { name: 'Status: Done' }).waitFor(PATIENCE);
      await device.getByRole('button', { name: 'Priority: High' }).waitFor(PATIENCE);
    }
  });

  it('leads to Review, and is there again for those who return', async () => {
    const { page } = person;
    await outcomeOf(page, 'Same field: a person decides', playByHand);
    const project = await keyOnScreen(page);
    await page.getByRole('link', { name: 'Decide in Review' }).click();
    await page.getByText('Inspect the crane').first().waitFor(PATIENCE);

    await page.getByRole('link', { name: 'Laboratory' }).last().click();
    await isReady(page);
    await takeFreshTicket(page);
    expect(await keyOnScreen(page)).toBe(project);
  });
});

const SCENARIOS = [
  'New tickets on both sides',
  'Different fields',
  'Same field: the last edit stands',
  'Same field: a rule decides',
  'Same field: a person decides',
  'Same field: labels',
  'A finished ticket, an older edit',
  'An edit against a deletion',
  'A description on both sides',
] as const;

/** What is said in the end: the heading, and the findings that are not so. */
const AS_PROMISED = { heading: 'It came out as promised', notSo: [] };

async function outcomeOf(page: Page, title: string, play: (page: Page) => Promise<void>) {
  await scenarios(page).getByRole('button', { name: title }).click();
  await play(page);
  const heading = page.getByRole('heading', { name: /as promised$/ });
  await heading.or(page.getByRole('alert')).first().waitFor(PATIENCE);
  if ((await heading.count()) === 0) return { heading: await page.getByRole('alert').innerText(), notSo: [] };
  const findings = page.getByRole('region', { name: /as promised$/ }).getByRole('listitem');
  return {
    heading: await heading.innerText(),
    notSo: await findings.filter({ has: page.getByRole('img', { name: 'Not so:' }) }).allInnerTexts(),
  };
}

const playByItself = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Play', exact: true }).click();

async function playByHand(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Step by step' }).click();
  const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
  const underWay = page.locator('[aria-current="step"]');
  for (const step of await steps.all()) {
    await step.and(underWay).waitFor(PATIENCE);
    await page.getByRole('button', { name: 'Next step' }).click(PATIENCE);
  }
}

async function takeFreshTicket(page: Page): Promise<void> {
  await scenarios(page).getByRole('button', { name: 'Play freely' }).click();
  await page.getByRole('button', { name: 'Take a fresh ticket' }).click();
  await page.getByRole('button', { name: 'Take another ticket' }).waitFor(PATIENCE);
}

const scenarios = (page: Page): Locator => page.getByRole('navigation', { name: 'Scenarios' });

const devicesOf = (page: Page) => ({
  laptop: page.getByRole('region', { name: 'Your laptop' }),
  phone: page.getByRole('region', { name: 'Your phone' }),
});

/** The switch itself is drawn over by its label. */
const offline = (device: Locator, on: boolean): Promise<void> =>
  device.getByRole('switch', { name: /offline$/ }).setChecked(on, { force: true });

/** Lists open above the page, outside of the device. */
async function choose(page: Page, device: Locator, field: string, value: string): Promise<void> {
  await device.getByRole('button', { name: new RegExp(`^${field}:`) }).click();
  await page.getByRole('option', { name: value, exact: true }).click();
  await device.getByRole('button', { name: `${field}: ${value}` }).waitFor();
}

/** `LAB1234` of the ticket that the laptop shows. */
async function keyOnScreen(page: Page): Promise<string | undefined> {
  const key = await devicesOf(page)
    .laptop.getByText(/^LAB\d{4}-\d+$/)
    .innerText();
  return key.split('-')[0];
}

const isReady = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: 'Laboratory', level: 1 }).waitFor(PATIENCE);
