import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Person } from './support/person.ts';
import { runProduct } from './support/product.ts';

const ADMIN = 'admin@rejoin.test';
const MEMBER = 'member@rejoin.test';
const SECOND = 'second@rejoin.test';
const PATIENCE = { timeout: 30_000 };
const OFFLINE = /This needs the server, and this device is offline/;

const { signIn } = runProduct();

describe('activity', () => {
  it('brings an earlier title back with one click, offline as well, and filters what happened', async () => {
    const jonas = await signIn(MEMBER);
    await newTicket(jonas, 'Boats without covers');
    await jonas.setTitle('Boats without oars');
    await lineOf(jonas, 'changed the title').getByText('Boats without covers').waitFor();

    await jonas.context.setOffline(true);
    await restore(jonas, 'Restore title: “Boats without covers”');
    await jonas.page.getByRole('heading', { name: 'Boats without covers', level: 1 }).waitFor();
    await jonas.context.setOffline(false);
    await jonas.syncSays(/Synced/);
    await restore(jonas, 'Restore title: “Boats without oars”');
    await jonas.page.getByRole('heading', { name: 'Boats without oars', level: 1 }).waitFor();

    await jonas.page.goto('/p/DEMO/activity');
    await jonas.page.getByLabel('Kind of change').selectOption({ label: 'Changes of fields' });
    await expect.poll(() => lineOf(jonas, 'changed the title').count(), PATIENCE).toBe(3);
    await expect.poll(() => lineOf(jonas, 'created this ticket').count(), PATIENCE).toBe(0);
    await jonas.page.getByLabel('Kind of change').selectOption({ label: 'New and deleted tickets' });
    await lineOf(jonas, 'created this ticket').first().waitFor();
    expect(jonas.page.url()).toContain('kind=tickets');
  });

  it('says whose value an edit overwrote, and since when its author was offline', async () => {
    const [jonas, priya] = await Promise.all([signIn(MEMBER), signIn(SECOND)]);
    const path = await newTicket(jonas, 'Which harbour');
    await priya.openTicket(path);
    await editApart(
      priya,
      () => priya.setTitle('The old harbour'),
      jonas,
      () => jonas.setTitle('The new harbour'),
    );
    await priya.page
      .getByText(/Overwrote “The new harbour” of .+: the last edit stands\. Made offline since/)
      .waitFor();
    await restore(priya, 'Restore title: “The new harbour”');
    await jonas.page.getByRole('heading', { name: 'The new harbour', level: 1 }).waitFor();
  });
});

describe('policies', () => {
  it('C10: an admin’s choice settles another person’s next edit, and stands in the activity', async () => {
    const [ann, jonas, priya] = await Promise.all([signIn(ADMIN), signIn(MEMBER), signIn(SECOND)]);
    const path = await newTicket(jonas, 'A question of words');
    await priya.openTicket(path);

    await ann.page.goto('/p/DEMO/settings');
    await ann.page.getByLabel('When edits of title meet').selectOption({ label: 'A person decides' });
    await ann.page.getByText(/^Changed by /).waitFor();
    await editApart(
      priya,
      () => priya.setTitle('Her words'),
      jonas,
      () => jonas.setTitle('His words'),
    );

    await jonas.page.getByRole('heading', { name: 'His words', level: 1 }).waitFor();
    const proposal = lineOf(jonas, 'proposed another value for the title');
    for (const words of ['A question of words', 'His words', 'Her words'])
      await proposal.getByText(words).waitFor();
    await proposal.getByText('It waits for a decision.').waitFor();

    await ann.page.goto('/p/DEMO/activity?kind=project');
    const change = lineOf(ann, 'changed what happens when edits of the title meet');
    await change.getByText('The last edit stands').waitFor();
    await change.getByText('A person decides').waitFor();
    await ann.page.goto('/p/DEMO/settings');
    await ann.page
      .getByLabel('When edits of title meet')
      .selectOption({ label: 'The last edit stands (default)' });
    await ann.page.getByText(/^Set back to the default by /).waitFor();
  });
});

describe('offline locks', () => {
  it('lock delete, settings, members, policies and import, and say why', async () => {
    const ann = await signIn(ADMIN);
    await newTicket(ann, 'Not to be deleted offline');
    await ann.page.goto('/p/DEMO/settings');
    const controls = ['Name of the project', 'E-mail address of the new member', 'When edits of status meet'];
    for (const label of controls)
      await expect.poll(() => ann.page.getByLabel(label).isEnabled(), PATIENCE).toBe(true);

    await ann.context.setOffline(true);
    await ann.page.getByText(OFFLINE).waitFor();
    for (const label of controls) expect(await ann.page.getByLabel(label).isDisabled()).toBe(true);
    expect(
      await ann.page
        .getByRole('button', { name: /^Remove / })
        .first()
        .isDisabled(),
    ).toBe(true);
    await ann.page.getByRole('link', { name: 'Import tickets' }).click();
    await ann.page.getByText(OFFLINE).waitFor();
    expect(await ann.page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);

    // By links: a document that is loaded offline takes the network to be there in an older Chromium's emulation.
    await ann.page.getByRole('link', { name: 'Rejoin demo' }).click();
    await ann.page.getByText('Not to be deleted offline').click();
    await ann.page.getByRole('button', { name: 'Ticket actions' }).click();
    await ann.page.getByText(OFFLINE).waitFor();
    expect(await ann.page.getByRole('menuitem', { name: 'Delete ticket…' }).isDisabled()).toBe(true);
    await ann.context.setOffline(false);
    await expect
      .poll(() => ann.page.getByRole('menuitem', { name: 'Delete ticket…' }).isEnabled(), PATIENCE)
      .toBe(true);
  });

  it('are open to admins only: others read the settings and why they cannot change them', async () => {
    const jonas = await signIn(MEMBER);
    await jonas.page.goto('/p/DEMO/settings');
    await jonas.page.getByText('Only an admin of this project can do this.').waitFor();
    expect(await jonas.page.getByLabel('When edits of title meet').isDisabled()).toBe(true);
  });
});

describe('the trash', () => {
  it('holds deleted tickets with who and when, and gives them back', async () => {
    const [jonas, priya] = await Promise.all([signIn(MEMBER), signIn(SECOND)]);
    const path = await newTicket(jonas, 'Old ropes');
    await priya.openTicket(path);
    await jonas.page.getByRole('button', { name: 'Ticket actions' }).click();
    await jonas.page.getByRole('menuitem', { name: 'Delete ticket…' }).click();
    await jonas.page.getByRole('button', { name: 'Delete', exact: true }).click();

    const note = priya.page.getByRole('region', { name: 'In the trash' });
    await note.getByText(/moved it here/).waitFor();
    await priya.page.goto('/p/DEMO/trash');
    const line = priya.page.getByRole('listitem').filter({ hasText: 'Old ropes' });
    await line.getByText(/^Deleted by /).waitFor();
    await priya.context.setOffline(true);
    await priya.page.getByText(OFFLINE).waitFor();
    expect(await line.getByRole('button', { name: 'Restore Old ropes' }).isDisabled()).toBe(true);
    await priya.context.setOffline(false);
    await line.getByRole('button', { name: 'Restore Old ropes' }).click();
    await line.waitFor({ state: 'detached' });
    await jonas.page.goto(path);
    await jonas.page.getByRole('button', { name: 'Status: To do' }).waitFor();
    await lineOf(jonas, 'took this ticket out of the trash').waitFor();
  });

  it('C11: keeps an edit made apart of a deleted ticket, and says so', async () => {
    const [jonas, priya] = await Promise.all([signIn(MEMBER), signIn(SECOND)]);
    const path = await newTicket(jonas, 'A leaking roof');
    await priya.openTicket(path);
    await priya.context.setOffline(true);
    await priya.choose('Status', 'In progress');
    await jonas.page.getByRole('button', { name: 'Ticket actions' }).click();
    await jonas.page.getByRole('menuitem', { name: 'Delete ticket…' }).click();
    await jonas.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await jonas.page.waitForURL(/\/p\/DEMO$/);
    await priya.context.setOffline(false);

    const note = priya.page.getByRole('region', { name: 'In the trash' });
    await note.getByText(/An edit made apart waits for a decision/).waitFor();
    await priya.page.getByText(/The ticket was in the trash by then\. It waits for a decision\./).waitFor();
  });
});

/** A ticket that the server has: where it is. */
async function newTicket(person: Person, title: string): Promise<string> {
  await person.page.goto('/p/DEMO');
  await person.createTicket({ title, description: 'As the title says.' });
  await person.syncSays(/Synced/);
  await lineOf(person, 'created this ticket').waitFor();
  return new URL(person.page.url()).pathname;
}

/** One edits without a network while the other does with one; then they meet. */
async function editApart(
  away: Person,
  awayEdits: () => Promise<void>,
  here: Person,
  hereEdits: () => Promise<void>,
): Promise<void> {
  await away.context.setOffline(true);
  await awayEdits();
  await hereEdits();
  await here.syncSays(/Synced/);
  await lineOf(here, 'changed the title').waitFor();
  await away.context.setOffline(false);
  await away.syncSays(/Synced/);
}

const lineOf = ({ page }: Person, text: string): Locator =>
  page.getByRole('listitem').filter({ hasText: text });

async function restore({ page }: Person, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
}
