import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { MESSAGE, SYNC } from '../../shared/protocol/collab.ts';
import { expectSameDescription, type Person, textOf } from './support/person.ts';
import { runProduct } from './support/product.ts';

const PATIENCE = { timeout: 30_000 };
const AN_HOUR_MS = 60 * 60 * 1000;

const product = runProduct();
let jonas: Person;
/** Behind the cable. */
let priya: Person;

beforeEach(async () => {
  [jonas, priya] = await Promise.all([
    product.signIn('member@rejoin.test'),
    product.signIn('second@rejoin.test', { isBehindCable: true }),
  ]);
});

describe('a description that two people changed apart', () => {
  it('D11, D12: asks about one paragraph that both changed, shows all four texts, and is settled offline', async () => {
    await bothWrite('Overlapping words', 'The ferry leaves at nine.');
    await apart(
      () => goOn(jonas, ' Jonas: from pier two.'),
      () => goOn(priya, ' Priya: bring a coat.'),
    );
    const question = await openQuestion(priya, 'Overlapping words');
    await question.getByText(/You, offline, and Jonas Lind changed a block/).waitFor();
    await shows(question, 'Before', 'The ferry leaves at nine.');
    await shows(question, 'Theirs', 'The ferry leaves at nine. Jonas: from pier two.');
    await shows(question, 'Yours', 'The ferry leaves at nine. Priya: bring a coat.');
    expect(await question.locator('ins').allInnerTexts()).not.toEqual([]);
    const merged = question.getByRole('textbox', { name: 'Merged block' });
    await expect.poll(() => merged.innerText(), PATIENCE).toMatch(/pier two.*coat|coat.*pier two/);
    expect(await wordsOf(merged, 'theirs')).toBe('Jonas: from pier two.');
    expect(await wordsOf(merged, 'yours')).toBe('Priya: bring a coat.');

    product.cable.cut();
    await merged.click();
    await priya.page.keyboard.press('Control+A');
    await priya.page.keyboard.type('Ferry at nine from pier two; bring a coat.');
    await question.getByRole('button', { name: 'Settle' }).click();
    await question.waitFor({ state: 'detached' });
    product.cable.mend();

    await expectSameDescription([jonas], ['Ferry at nine from pier two; bring a coat.']);
    expect(await textOf(jonas)).toBe('Ferry at nine from pier two; bring a coat.');
    await jonas.page.getByRole('link', { name: /^Review/ }).click();
    await jonas.page.getByText('Nothing to review').waitFor(PATIENCE);
    await jonas.page.getByRole('button', { name: /^Resolved/ }).click();
    await jonas.page.getByText('Priya Raman wrote it anew from both.').waitFor(PATIENCE);
  });

  it('D11: asks nothing where they changed different paragraphs, nor after a break of a second', async () => {
    await bothWrite('Words side by side', 'First paragraph.\nSecond paragraph.');
    await apart(
      () => goOn(jonas, ' Jonas, live.'),
      () => goOn(priya, ' Priya, live.'),
      { breakMs: 1_000 },
    );
    await expectSameDescription([jonas, priya], ['Jonas, live.', 'Priya, live.']);
    await apart(
      () => jonas.writeAtStart('By Jonas at the start.'),
      () => priya.writeAtEnd('By Priya at the end.'),
    );
    await expectSameDescription([jonas, priya], ['By Jonas at the start.', 'By Priya at the end.']);
    await priya.syncSays(/Synced/);
    await priya.page.getByRole('link', { name: /^Review/ }).click();
    await priya.page.getByText('Nothing to review').waitFor(PATIENCE);
  });

  it('D9, D11: asks as well when more was written offline than a frame can carry', async () => {
    await bothWrite('More than a frame', 'The ferry leaves at nine.');
    await apart(
      () => goOn(jonas, ' Jonas: from pier two.'),
      async () => {
        await goOn(priya, ' Priya: bring a coat.\n');
        await paste(priya, '0123456789abcdef'.repeat(80_000));
      },
    );
    const question = await openQuestion(priya, 'More than a frame');
    await shows(question, 'Theirs', 'The ferry leaves at nine. Jonas: from pier two.');
    await shows(question, 'Yours', 'The ferry leaves at nine. Priya: bring a coat.');
  });

  it.each([
    ['breaks between theirs and yours', async () => undefined],
    ['breaks there and the page is reloaded', async () => void (await priya.page.reload())],
  ])('D11: asks as well when the first connection %s', async (title, whenBroken) => {
    const line = await layBadLine(priya, 'bring a coat');
    await bothWrite(title, 'The ferry leaves at nine.');
    await apart(
      () => goOn(jonas, ' Jonas: from pier two.'),
      () => goOn(priya, ' Priya: bring a coat.'),
      {
        async onceBack() {
          await line.broken;
          await whenBroken();
          line.letThrough();
        },
      },
    );
    const question = await openQuestion(priya, title);
    await shows(question, 'Before', 'The ferry leaves at nine.');
    await shows(question, 'Theirs', 'The ferry leaves at nine. Jonas: from pier two.');
    await shows(question, 'Yours', 'The ferry leaves at nine. Priya: bring a coat.');
  });
});

/** A ticket that both have open, with these words in it. */
async function bothWrite(title: string, words: string): Promise<void> {
  await jonas.createTicket({ title, description: words });
  await jonas.descriptionIs('Saved');
  await expect.poll(() => jonas.page.url(), PATIENCE).toMatch(/DEMO\/\d+$|\/t\//);
  await priya.openTicket(new URL(jonas.page.url()).pathname);
  await expectSameDescription([jonas, priya], words.split('\n'));
  await priya.descriptionIs('Saved');
}

interface Apart {
  /** By Priya's clock. */
  readonly breakMs?: number;
  /** What happens once the cable is whole again. */
  onceBack?(): Promise<void>;
}

/** Priya is cut off while both write; then they meet again, so much later by her clock. */
async function apart(
  one: () => Promise<void>,
  other: () => Promise<void>,
  { breakMs = AN_HOUR_MS, onceBack = async () => undefined }: Apart = {},
): Promise<void> {
  const start = Date.now();
  await priya.page.clock.setFixedTime(start);
  product.cable.cut();
  await other();
  await priya.descriptionIs('Saved on this device');
  await one();
  await jonas.descriptionIs('Saved');
  await priya.page.clock.setFixedTime(start + breakMs);
  product.cable.mend();
  await onceBack();
  await priya.descriptionIs('Saved');
}

/** Until it is let through, a frame with these words is lost, and the connection breaks once theirs have come. */
async function layBadLine({ page }: Person, words: string) {
  let isBad = true;
  let onBroken = () => {};
  const broken = new Promise<void>((resolve) => {
    onBroken = resolve;
  });
  await page.routeWebSocket(/\/collab\//, (near) => {
    const far = near.connectToServer();
    let hasLost = false;
    let hasTheirs = false;
    // On a slow machine theirs may be here before yours leaves.
    const breakAfterBoth = () => {
      if (!hasLost || !hasTheirs) return;
      onBroken();
      void near.close();
    };
    near.onMessage((frame) => {
      if (isBad && Buffer.from(frame).includes(words)) hasLost = true;
      else far.send(frame);
      breakAfterBoth();
    });
    far.onMessage((frame) => {
      near.send(frame);
      hasTheirs ||= kindOf(frame) === SYNC.step2;
      breakAfterBoth();
    });
  });
  return {
    broken,
    letThrough() {
      isBad = false;
    },
  };
}

const kindOf = (frame: string | Buffer): number | undefined =>
  typeof frame === 'string' || frame[0] !== MESSAGE.sync ? undefined : frame[1];

async function openQuestion(person: Person, title: string): Promise<Locator> {
  await person.page
    .getByRole('region', { name: 'Description' })
    .getByRole('link', { name: 'Needs review' })
    .click(PATIENCE);
  const question = person.page.getByRole('article', { name: `Description of ${title}` });
  await question.waitFor(PATIENCE);
  return question;
}

async function shows(question: Locator, side: string, words: string): Promise<void> {
  const version = question.getByRole('region', { name: new RegExp(`^${side}:`) }).getByRole('document');
  await expect.poll(() => version.innerText(), PATIENCE).toBe(words);
}

/** What the merge marks as words of one side. */
async function wordsOf(merged: Locator, side: string): Promise<string> {
  return (await merged.locator(`[data-origin="${side}"]`).allInnerTexts()).join('').trim();
}

/** Writes on in the last paragraph. */
async function goOn({ page, description }: Person, words: string): Promise<void> {
  await description.click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(words);
}

/** Pastes where the caret is. */
async function paste({ description }: Person, text: string): Promise<void> {
  await description.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}
