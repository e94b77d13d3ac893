import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectSameDescription, type Person, textOf } from './support/person.ts';
import { runProduct } from './support/product.ts';

const PATIENCE = { timeout: 30_000 };

const { signIn } = runProduct();

describe('the history of a description (D13)', () => {
  it('says who wrote, compares versions, restores one as a new edit, and takes that back', async () => {
    const [jonas, priya] = await Promise.all([signIn('member@rejoin.test'), signIn('second@rejoin.test')]);
    await priya.openTicket(await newTicket(jonas, 'The first words.'));
    await priya.writeAtEnd('Added by Priya.');
    await expectSameDescription([jonas, priya], ['The first words.', 'Added by Priya.']);

    let history = await openHistory(jonas);
    const first = versionsOf(history).first();
    await first.getByText('Jonas Lind, Priya Raman').waitFor(PATIENCE);
    await compareWith(history, 'Nothing: as it was');
    await history.getByRole('document').getByText('Added by Priya.').waitFor(PATIENCE);
    // Restoring what stands changes no word, and keeps a version that the next words come after.
    await restore(history);
    await close(history);

    await jonas.writeAtStart('Rewritten by Jonas.');
    await jonas.descriptionIs('Saved');
    await expectSameDescription([jonas, priya], ['Rewritten by Jonas.', 'Added by Priya.']);

    history = await openHistory(jonas);
    await expect.poll(() => versionsOf(history).count(), PATIENCE).toBe(3);
    await history.getByRole('document').locator('ins', { hasText: 'Jonas' }).waitFor(PATIENCE);
    expect(await history.getByRole('document').innerText()).toContain('Added by Priya.');
    // Only Jonas wrote since: what he wrote is marked in his colour, and named.
    await history.getByRole('status').getByText('Jonas Lind').waitFor(PATIENCE);
    expect(await history.getByRole('status').getByText('Priya Raman').count()).toBe(0);
    const colourOf = (place: Locator, property: string) =>
      place.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    expect(await colourOf(history.locator('ins').first(), 'text-decoration-color')).toBe(
      await colourOf(history.getByRole('status').getByText('JL', { exact: true }), 'background-color'),
    );
    await versionsOf(history).nth(2).click();
    await compareWith(history, 'What stands now');
    await history.getByText('3 words added, 0 words removed').waitFor(PATIENCE);
    await restore(history);

    for (const person of [jonas, priya]) {
      await expect.poll(() => textOf(person), PATIENCE).toBe('The first words.\nAdded by Priya.');
    }
    await jonas.page.getByRole('alert').last().getByRole('button', { name: 'Undo' }).click();
    await expectSameDescription([jonas, priya], ['Rewritten by Jonas.', 'Added by Priya.']);
  });

  it('says so of a version that cannot be shown, shows the others, and restores nothing of it', async () => {
    const words = 'A version from before the history was kept cannot be shown.';
    const refusal = { status: 409, json: { error: { code: 'version_incomplete', message: words } } };
    let refused = '';
    const jonas = await signIn('member@rejoin.test');
    await newTicket(jonas, 'The first words.');
    let history = await openHistory(jonas);
    await compareWith(history, 'Nothing: as it was');
    // What is written after a restore is a version of its own.
    await restore(history);
    await close(history);
    await jonas.writeAtEnd('Written later.');
    await jonas.descriptionIs('Saved');
    await jonas.page.route('**/versions/*', (route) => {
      refused ||= route.request().url();
      return route.request().url() === refused ? route.fulfill(refusal) : route.continue();
    });
    const before = await textOf(jonas);
    history = await openHistory(jonas);
    await history.getByRole('alert').getByText(words).waitFor(PATIENCE);
    await history.getByRole('button', { name: 'Restore this version' }).click();
    const ask = jonas.page.getByRole('dialog', { name: 'Restore this version?' });
    await ask.getByRole('button', { name: 'Restore', exact: true }).click();
    await ask.getByRole('alert').getByText(words).waitFor(PATIENCE);
    await ask.getByRole('button', { name: 'Cancel' }).click();
    await versionsOf(history).last().click();
    await history.getByRole('document').getByText('The first words.').waitFor(PATIENCE);
    await compareWithNewest(history);
    await history.getByRole('alert').getByText('There is nothing to compare with.').waitFor(PATIENCE);
    await history.getByRole('document').getByText('The first words.').waitFor(PATIENCE);
    await close(history);
    expect(await textOf(jonas)).toBe(before);
  });

  it('restores nothing over words that the server does not have, for no version would hold them', async () => {
    const [jonas, nora] = await Promise.all([signIn('member@rejoin.test'), signIn('member@rejoin.test')]);
    await nora.page.routeWebSocket('**/collab/**', (socket) => void socket.close());
    await nora.openTicket(await newTicket(jonas, 'On both devices.'));
    await nora.writeAtEnd('On this device only.');
    await nora.descriptionIs('Saved on this device');
    const history = await openHistory(nora);
    await versionsOf(history).last().click();
    await history.getByRole('button', { name: 'Restore this version' }).click();
    const ask = nora.page.getByRole('dialog', { name: 'Restore this version?' });
    await ask.getByRole('button', { name: 'Restore', exact: true }).click();
    await ask.getByRole('alert').getByText('has not reached the server yet').waitFor(PATIENCE);
    expect(await textOf(nora)).toContain('On this device only.');
  });

  it('lets who may only read look, and says why they cannot restore', async () => {
    const [jonas, vera] = await Promise.all([
      signIn('member@rejoin.test'),
      signIn('viewer@rejoin.test', { viewport: { width: 390, height: 844 } }),
    ]);
    await vera.openTicket(await newTicket(jonas, 'For all to read.'));
    const history = await openHistory(vera);
    await history.getByRole('document').first().waitFor(PATIENCE);
    const button = history.getByRole('button', { name: 'Restore this version' });
    expect(await button.isDisabled()).toBe(true);
    expect(await button.getAttribute('title')).toContain('viewer');
  });
});

/** Makes a ticket and gives back its address. */
async function newTicket(author: Person, description: string): Promise<string> {
  await author.createTicket({ title: 'Words with a past', description });
  await author.descriptionIs('Saved');
  await expect.poll(() => author.page.url(), PATIENCE).toMatch(/DEMO\/\d+$|\/t\//);
  return new URL(author.page.url()).pathname;
}

async function openHistory({ page }: Person): Promise<Locator> {
  await page.getByRole('button', { name: 'History', exact: true }).click();
  const history = page.getByRole('dialog', { name: 'History of the description' });
  await versionsOf(history).first().waitFor(PATIENCE);
  return history;
}

async function close(history: Locator): Promise<void> {
  await history.page().keyboard.press('Escape');
  await history.waitFor({ state: 'detached' });
}

const versionsOf = (history: Locator): Locator =>
  history.getByRole('list', { name: 'Versions' }).getByRole('button');

/** The newest other version stands third, after now and nothing. */
async function compareWithNewest(history: Locator): Promise<void> {
  await history.getByRole('combobox', { name: 'Compare with' }).click();
  await history.page().getByRole('option').nth(2).click();
}

async function compareWith(history: Locator, words: string): Promise<void> {
  await history.getByRole('combobox', { name: 'Compare with' }).click();
  await history.page().getByRole('option', { name: words }).click();
}

async function restore(history: Locator): Promise<void> {
  await history.getByRole('button', { name: 'Restore this version' }).click();
  const ask = history.page().getByRole('dialog', { name: 'Restore this version?' });
  await ask.getByRole('button', { name: 'Restore', exact: true }).click();
  await ask.waitFor({ state: 'detached' });
}
