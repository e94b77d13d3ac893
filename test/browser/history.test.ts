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
    await jonas.page.keyboard.press('Escape');
    await history.waitFor({ state: 'detached' });

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

const versionsOf = (history: Locator): Locator =>
  history.getByRole('list', { name: 'Versions' }).getByRole('button');

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
