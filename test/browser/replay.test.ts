import { randomInt } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { documentToText } from '../../shared/description/text.ts';
import { updateToDocument } from '../../shared/description/yjs.ts';
import { createRandom } from '../simulation/random.ts';
import { launchBrowser } from '../support/browser.ts';
import { documentOf, paragraph } from '../support/meetings.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { readTwoAuthorTrace, relive, type TraceStep } from '../support/trace.ts';
import { typeInto } from '../support/typed-document.ts';
import { bundlePage } from './replay/bundle.ts';
import type { ReplayScript } from './replay/script.ts';
import { planSeparations, type Separation, STEPS_APART } from './replay/separations.ts';
import { seatTypist, type Typist } from './replay/typist.ts';
import { type Api, apiOf, createTicket } from './support/api.ts';
import { textOf } from './support/person.ts';

const MEMBER = 'member@rejoin.test';
const PEOPLE = [MEMBER, 'second@rejoin.test'];
/** Letters that both put in one place stand in the order of these, and the trace's end has those of the first author first. */
const CLIENT_IDS = [1, 2];
const KEPT = 'Saved on this device';
const PATIENCE = { timeout: 30_000 };

const trace = readTwoAuthorTrace();
if (!trace) say('Skipped: the two-author trace friendsforever.json.gz is not beside this repository.');

let server: TestServer;
let browser: Browser;
let typists: readonly Typist[] = [];

describe.skipIf(!trace)('an hour of what two people really typed, in compressed time', () => {
  const { steps, endContent } = trace ?? { steps: [], endContent: '' };
  const script = scriptOf(steps);

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    const files = { code: await bundlePage(), script: JSON.stringify(script) };
    typists = await Promise.all(
      PEOPLE.map((email, author) => seatTypist(browser, server.url, { email, author, files })),
    );
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(typists.map(({ cable }) => cable.close()));
    await server?.stop();
  });

  it('D1, D2, D3, D4: with lost connections, reloads and a killed server ends with one document, everywhere', async () => {
    const plan = planSeparations(script, createRandom(seedOfThisRun()));
    const api = await apiOf(server.url, MEMBER);
    const ticketId = await createTicket(api, 'DEMO', 'Friends forever');
    await Promise.all(typists.map((typist) => typist.open(ticketId)));
    for (const [index, separation] of plan.entries()) {
      await together(script, separation);
      await apart(script, separation, plan[index + 1]?.at ?? script.length);
    }
    await together(script, { at: script.length, shocks: [[], []] });

    const ends = await Promise.all(typists.map((typist) => typist.shows({ outbox: '0' })));
    expect(ends.map(({ words }) => words)).toEqual([endContent, endContent]);
    await expectStored(api, ticketId, endContent);
    for (const { page } of typists) await expectOnScreen(page, ticketId, endContent);
    say(`The separations led to ${await reviewsShownTo(typists[0])} description reviews (D11).`);
    expect(typists.flatMap(({ pageErrors }) => pageErrors)).toEqual([]);
  });
});

/** Both go on to a place of the script, while connections break off for a moment now and then. */
async function together(
  script: ReplayScript,
  { at, shocks }: Pick<Separation, 'at' | 'shocks'>,
): Promise<void> {
  const goOn = async (typist: Typist, author: number) => {
    await typist.writeUntil(at);
    for (const place of shocks[author] ?? []) {
      await typist.hasWritten(stepsBefore(place, script, author));
      typist.cable.cut();
      typist.cable.mend();
    }
    await typist.hasWritten(stepsBefore(at, script, author));
    await typist.shows({ state: 'arrived', saved: 'Saved' });
  };
  await Promise.all(typists.map(goOn));
}

/** Cut off from each other, both write all that they can write alone; who is cut off reloads the page as well. */
async function apart(script: ReplayScript, { at, alone, way }: Separation, next: number): Promise<void> {
  const cut = typists.filter((_, author) => way === 'server' || author === alone);
  const mend = await breakOff(cut, way);
  await Promise.all(typists.map((typist) => typist.writeUntil(next)));
  for (const [author, typist] of typists.entries())
    await typist.hasWritten(stepsBefore(at, script, author) + STEPS_APART);
  for (const typist of cut) {
    await typist.shows({ state: 'waiting', saved: KEPT });
    const { words, written } = await typist.shows({ outbox: '1' });
    await typist.page.reload();
    expect(await typist.shows({ saved: KEPT, outbox: '1' })).toMatchObject({ words, written });
    await typist.writeUntil(next);
  }
  await mend();
}

/** @returns what puts it right again. */
async function breakOff(cut: readonly Typist[], way: Separation['way']): Promise<() => Promise<unknown>> {
  const setOffline = (isOffline: boolean) =>
    Promise.all(cut.map(({ context }) => context.setOffline(isOffline)));
  switch (way) {
    case 'cable':
      for (const { cable } of cut) cable.cut();
      return async () => cut.map(({ cable }) => cable.mend());
    case 'offline':
      await setOffline(true);
      return () => setOffline(false);
    case 'server':
      await server.kill();
      return () => server.restart();
  }
}

/** So many of an author's own steps come before a place of the script. */
const stepsBefore = (place: number, script: ReplayScript, author: number): number =>
  script.slice(0, place).filter((step) => step.author === author).length;

function scriptOf(steps: readonly TraceStep[]): ReplayScript {
  const copies = CLIENT_IDS.map((clientID) => Object.assign(new Y.Doc(), { clientID }));
  const type = (copy: Y.Doc, { patches }: TraceStep) => {
    for (const patch of patches) typeInto(copy, patch);
  };
  return [...relive(steps, copies, type)].map(({ agent, seen, update }) => ({
    author: agent,
    seen,
    update: Buffer.from(update).toString('base64'),
  }));
}

/** What Postgres holds. */
async function expectStored(api: Api, ticketId: string, endContent: string): Promise<void> {
  const address = `/api/tickets/${ticketId}/description?format=`;
  const expected = documentOf(...endContent.split('\n').map(paragraph));
  const update = await (await api.request(`${address}update`)).arrayBuffer();
  expect(updateToDocument(new Uint8Array(update))).toEqual(expected);
  expect(await api.text(`${address}text`)).toBe(documentToText(expected));
}

/** In the product's own page, with what this browser has kept. */
async function expectOnScreen(page: Page, ticketId: string, endContent: string): Promise<void> {
  await page.goto(`/t/${ticketId}`);
  const description = page.getByRole('textbox', { name: 'Description' });
  await description.waitFor(PATIENCE);
  await expect.poll(() => textOf({ description }), PATIENCE).toBe(endContent);
}

/** As the badge beside "Review" counts them. These two hardly ever write in one paragraph at once: mostly no badge. */
async function reviewsShownTo(typist: Typist | undefined): Promise<string> {
  if (!typist) return 'no';
  await typist.page.getByRole('button', { name: 'Sync: Synced' }).waitFor(PATIENCE);
  const words = await typist.page.getByRole('link', { name: /^Review/ }).innerText();
  return /\d+/.exec(words)?.[0] ?? 'no';
}

function seedOfThisRun(): number {
  const seed = Number(process.env.REJOIN_REPLAY_SEED ?? randomInt(2 ** 31));
  say(
    `The replay's seed is ${seed}; REJOIN_REPLAY_SEED=${seed} cuts the connections at the same places again.`,
  );
  return seed;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
