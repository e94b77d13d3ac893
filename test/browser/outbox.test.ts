import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Person } from './support/person.ts';
import { runProduct } from './support/product.ts';

const OFFLINE = /Cannot reach|Offline/;
const PATIENCE = { timeout: 30_000 };

const product = runProduct();
/** Behind the cable. */
let jonas: Person;

beforeEach(async () => {
  jonas = await product.signIn('member@rejoin.test', { isBehindCable: true });
});

describe('the outbox', () => {
  it('keeps what waits over a reload without a network, then says what became of it', async () => {
    await openNewTicket(jonas, 'Oil the winch');
    product.cable.cut();
    await jonas.choose('Status', 'In progress');
    await jonas.page.getByRole('img', { name: 'Status: not sent yet' }).waitFor();
    await jonas.syncSays(OFFLINE);
    await jonas.page.reload();
    await openOutbox(jonas);
    const waiting = section(jonas, 'Not sent yet');
    await waiting.getByText(/^Status of DEMO-\d+: To do → In progress$/).waitFor(PATIENCE);

    product.cable.mend();
    await jonas.syncSays(/Synced/);
    const answered = section(jonas, 'Answered').getByRole('listitem');
    await answered.filter({ hasText: 'To do → In progress' }).getByText('Taken up').waitFor(PATIENCE);
    await waiting.waitFor({ state: 'detached' });
    await jonas.page.reload();
    await answered.filter({ hasText: 'To do → In progress' }).waitFor(PATIENCE);
  });

  it('discards what has not left, with what builds on it, and goes on syncing', async () => {
    const address = await openNewTicket(jonas, 'Count the oars');
    product.cable.cut();
    await jonas.syncSays(OFFLINE);
    await jonas.choose('Priority', 'Urgent');
    await jonas.createTicket({ title: 'Never meant to be', description: 'Words that go with it.' });
    await jonas.comment('Nobody will read this.');
    await openOutbox(jonas);
    await discard(jonas, /^Actions: New ticket: Never meant to be/, /^Discard 2 changes$/);
    await discard(jonas, /^Actions: Priority of DEMO-\d+/, /^Discard$/);
    await jonas.page
      .getByText('Everything you wrote on this device has reached the server.')
      .waitFor(PATIENCE);

    product.cable.mend();
    await jonas.syncSays(/Synced/);
    // The queue was emptied by hand, not by the server: what others do must arrive all the same.
    const priya = await product.signIn('second@rejoin.test');
    await priya.page.goto(address);
    await priya.choose('Status', 'In review');
    await jonas.page.goto(address);
    await jonas.page.getByRole('button', { name: 'Status: In review' }).waitFor(PATIENCE);
    await jonas.page.getByRole('button', { name: 'Priority: No priority' }).waitFor();
    await jonas.page.goto('/p/DEMO');
    await jonas.page.getByText('Count the oars').waitFor(PATIENCE);
    expect(await jonas.page.getByText('Never meant to be').count()).toBe(0);
  });
});

describe('signing out', () => {
  it('says what is on this device only, keeps it for its author, and shows another account nothing of it', async () => {
    const address = await openNewTicket(jonas, 'Paint the boathouse');
    product.cable.cut();
    await jonas.syncSays(OFFLINE);
    await jonas.setTitle('Paint the old boathouse');
    await jonas.writeAtEnd('In green, says Jonas.');
    await jonas.descriptionIs('Saved on this device');
    await askToSignOut(jonas.page);
    const guard = jonas.page.getByRole('dialog', { name: 'Sign out' });
    await guard.getByText('2 changes are only on this device.').waitFor();
    await guard.getByText(/→ Paint the old boathouse$/).waitFor();
    await guard.getByText(/^Words in the description of DEMO-\d+$/).waitFor();
    const download = jonas.page.waitForEvent('download');
    await guard.getByRole('button', { name: 'Export them' }).click();
    const file = await readFile(await (await download).path(), 'utf8');
    expect(file).toContain('→ Paint the old boathouse');
    expect(file).toContain('In green, says Jonas.');

    await guard.getByRole('button', { name: 'Sign out, keep on this device' }).click();
    product.cable.mend();
    await jonas.page.reload();
    await jonas.signIn('admin@rejoin.test');
    await openOutbox(jonas);
    await jonas.page.getByText('Nothing waits on this device').waitFor(PATIENCE);
    await jonas.page.goto(address);
    await jonas.page.getByRole('heading', { name: 'Paint the boathouse', level: 1 }).waitFor(PATIENCE);
    expect(await jonas.description.innerText()).not.toContain('In green');

    await askToSignOut(jonas.page);
    await jonas.page.getByRole('button', { name: 'Sign out, keep on this device' }).click();
    await jonas.signIn('member@rejoin.test');
    await jonas.page.goto(address);
    await jonas.page.getByRole('heading', { name: 'Paint the old boathouse', level: 1 }).waitFor(PATIENCE);
    const mira = await product.signIn('admin@rejoin.test');
    await mira.page.goto(address);
    await mira.page.getByRole('heading', { name: 'Paint the old boathouse', level: 1 }).waitFor(PATIENCE);
    await expect.poll(() => mira.description.innerText(), PATIENCE).toContain('In green, says Jonas.');
  });

  it('loses nothing without a second word, and then deletes what was confirmed', async () => {
    const address = await openNewTicket(jonas, 'Air the sails');
    product.cable.cut();
    await jonas.syncSays(OFFLINE);
    await jonas.choose('Priority', 'High');
    await askToSignOut(jonas.page);
    await jonas.page.getByRole('button', { name: 'Delete them…' }).click();
    const confirm = jonas.page.getByRole('dialog', { name: 'Delete from this device?' });
    await confirm.getByText('1 change will be lost for good').waitFor();
    await confirm.getByRole('button', { name: 'Back' }).click();
    await jonas.page.getByRole('button', { name: 'Delete them…' }).click();
    await confirm.getByRole('button', { name: 'Sign out and lose 1 change' }).click();
    await jonas.page.getByLabel('E-mail').waitFor(PATIENCE);
    product.cable.mend();
    await jonas.signIn('member@rejoin.test');
    await jonas.page.goto(address);
    await jonas.page.getByRole('button', { name: 'Priority: No priority' }).waitFor(PATIENCE);
    await openOutbox(jonas);
    await jonas.page.getByText('Nothing waits on this device').waitFor(PATIENCE);
  });
});

describe('notices', () => {
  it('tell of a mention, and are read on all devices of a person once they are read on one', async () => {
    const [phone, laptop] = await Promise.all([
      product.signIn('second@rejoin.test'),
      product.signIn('second@rejoin.test'),
    ]);
    await openNewTicket(jonas, 'Rig the dinghy');
    await jonas.page.getByLabel('New comment').fill('Could you look, @pri');
    await jonas.page.getByRole('option', { name: 'Priya Raman' }).waitFor();
    await jonas.page.keyboard.press('Enter');
    await jonas.page.getByRole('button', { name: 'Comment', exact: true }).click();

    const words = /Jonas Lind mentioned you: “Could you look, @Priya Raman/;
    for (const { page } of [phone, laptop]) {
      await page.getByRole('link', { name: /^Notices/ }).click();
      await page.getByText(words).waitFor(PATIENCE);
      await page.getByRole('button', { name: /^Mark as read: Jonas Lind mentioned you/ }).waitFor();
    }
    await phone.page.getByRole('button', { name: /^Mark as read: Jonas Lind mentioned you/ }).click();
    await laptop.page
      .getByRole('button', { name: /^Mark as read: Jonas Lind mentioned you/ })
      .waitFor({ state: 'detached', ...PATIENCE });
    await laptop.page.getByText(words).waitFor();
  });
});

/** A ticket of this test's own, on the server; the address is the one that also works offline. */
async function openNewTicket(person: Person, title: string): Promise<string> {
  await person.createTicket({ title, description: 'Before the season.' });
  await person.syncSays(/Synced/);
  const address = new URL(person.page.url()).pathname;
  await person.openTicket(address);
  await person.descriptionIs('Saved');
  // The description's word comes over a connection of its own, and may come before the ticket's number does.
  await person.page
    .getByRole('navigation', { name: 'Breadcrumb' })
    .getByText(/^DEMO-\d+$/)
    .waitFor(PATIENCE);
  return address;
}

async function openOutbox({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: /^Sync:/ }).click();
  await page.getByRole('link', { name: /^Outbox/ }).click();
  await page.getByRole('heading', { name: 'Outbox', level: 1 }).waitFor();
}

const section = ({ page }: Person, name: string) => page.getByRole('region', { name });

async function discard({ page }: Person, actions: RegExp, confirm: RegExp): Promise<void> {
  await page.getByRole('button', { name: actions }).click();
  await page.getByRole('menuitem', { name: 'Discard…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard this change?' });
  await dialog.getByRole('button', { name: confirm }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function askToSignOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}
