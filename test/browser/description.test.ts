import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { z } from 'zod';
import { FRAGMENT } from '../../shared/description/fragment.ts';
import { SCHEMA_VERSION } from '../../shared/description/schema-version.ts';
import { SCHEMA_PARAMETER } from '../../shared/protocol/collab.ts';
import { launchBrowser } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/server.ts';

const PATIENCE = { timeout: 20_000 };
const PASSWORD = 'a long enough password';
/** Somewhere in the app that opens no description. */
const ELSEWHERE = '/notices';

let server: TestServer;
let browser: Browser;
let team: Team;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ env: { REJOIN_DEMO: '0' } }), launchBrowser()]);
  team = await createTeam();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('a description', () => {
  it('D2: is written by two people at once, each sees the other, and both are told when it is saved', async () => {
    const path = await createTicket();
    const [ada, grace] = [await open(team.ada, path), await open(team.grace, path)];
    await write(ada, 'Ada begins.\nGrace goes on.');
    await expect.poll(() => text(grace), PATIENCE).toContain('Grace goes on.');
    await expect.poll(() => people(ada), PATIENCE).toEqual(['Grace Hopper, here now']);

    await Promise.all([typeInto(ada, 0, ' Words of Ada.'), typeInto(grace, 1, ' Words of Grace.')]);
    for (const page of [ada, grace]) {
      await expect
        .poll(() => text(page), PATIENCE)
        .toBe('Ada begins. Words of Ada.\nGrace goes on. Words of Grace.');
      await expect.poll(() => saveState(page), PATIENCE).toBe('Saved');
    }
    expect(await stored(path)).toContain('Grace goes on. Words of Grace.');

    // Ada wrote how Grace's line begins.
    await undoUntil(ada, 'Words of Grace.');
    await expect.poll(() => text(grace), PATIENCE).toBe(await text(ada));
    await closeAll(ada, grace);
  });

  it('D2: keeps the caret where a person puts it while another one types', async () => {
    const path = await createTicket();
    const [ada, grace] = [await open(team.ada, path), await open(team.grace, path)];
    await write(ada, 'First.\nMiddle.\nLast.');
    await expect.poll(() => text(grace), PATIENCE).toContain('Last.');
    await editor(grace).locator('p').nth(1).click();
    const typing = grace.keyboard.type('Grace goes on and on and on. '.repeat(20), { delay: 1 });
    expect(await missedClicks(ada, 150)).toBe(0);
    await typing;
    await closeAll(ada, grace);
  });

  it('D4: written without a network is kept on the device and leaves it although nobody opens it again', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await write(ada, 'Before.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    await ada.context().setOffline(true);
    await typeInto(ada, 0, ' Written on a train.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved on this device');

    const later = await ada.context().newPage();
    await ada.close();
    await ada.context().setOffline(false);
    await later.goto(server.url + ELSEWHERE);
    await expect.poll(() => stored(path), PATIENCE).toContain('Before. Written on a train.');
    await closeAll(later);
  });

  it('D5, D6: is there without a network though it was never opened, and stands there once when that is over', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, ELSEWHERE, 'main');
    const grace = await open(team.grace, path);
    await write(grace, 'Grace wrote this.');
    await expect.poll(() => saveState(grace), PATIENCE).toBe('Saved');
    await closeAll(grace);
    await expect.poll(() => textWithoutNetwork(ada, path), PATIENCE).toBe('Grace wrote this.');

    await typeInto(ada, 0, ' Ada added this.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved on this device');
    await ada.context().setOffline(false);
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    expect(await text(ada)).toBe('Grace wrote this. Ada added this.');
    expect(await stored(path)).toBe('Grace wrote this. Ada added this.');
    await closeAll(ada);
  });

  it('D6: is not changed by those who open it', async () => {
    const path = await createTicket();
    const [ada, grace] = [await open(team.ada, path), await open(team.grace, path)];
    await expect.poll(() => people(ada), PATIENCE).toEqual(['Grace Hopper, here now']);
    for (const page of [ada, grace]) {
      await editor(page).click();
      await expect.poll(() => saveState(page), PATIENCE).toBe('Saved');
    }
    const update = await team.api.request.get(`/api/tickets/${path.slice(3)}/description?format=update`);
    expect([...(await update.body())]).toEqual([0, 0]);
    await closeAll(ada, grace);
  });

  it('is not taken for an empty one, and written in front of, while its words are on their way', async () => {
    const path = await createTicket();
    const [ada, grace] = [await open(team.ada, path), await open(team.grace, path)];
    await grace.goto(ELSEWHERE);
    // She has the ticket, and the synced copy of its words does not come.
    await grace.route('**/powersync/**', (route) => route.abort());
    await write(ada, 'Ada was here first.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    let answer = () => {};
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let attempts = 0;
    await grace.routeWebSocket('**/collab/**', (socket) => {
      attempts += 1;
      if (attempts === 1) return void socket.close();
      const toServer = socket.connectToServer();
      toServer.onMessage((message) => void mayAnswer.then(() => socket.send(message)));
    });
    await grace.goto(path);
    await grace.getByText('Getting the description…').waitFor(PATIENCE);
    // A connection that broke is no answer either.
    await expect.poll(() => attempts, PATIENCE).toBe(2);
    expect(await editor(grace).count()).toBe(0);
    answer();
    await editor(grace).click(PATIENCE);
    await grace.keyboard.press('Control+End');
    await grace.keyboard.type(' Grace goes on.');
    await expect.poll(() => text(ada), PATIENCE).toBe('Ada was here first. Grace goes on.');
    await closeAll(ada, grace);
  });

  it('D2: is not called saved while the server is down, and survives its kill', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await write(ada, 'Durable words.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    await server.kill();
    await typeInto(ada, 0, ' More words.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved on this device');
    await server.restart();
    await expect.poll(() => saveState(ada), { timeout: 40_000 }).toBe('Saved');
    expect(await stored(path)).toContain('Durable words. More words.');
    await closeAll(ada);
  });

  it('D8: can be read by a viewer, who is told why it cannot be changed', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await write(ada, 'For all to read.');
    const vera = await open(team.vera, path);
    await expect.poll(() => text(vera), PATIENCE).toContain('For all to read.');
    expect(await editor(vera).getAttribute('contenteditable')).toBe('false');
    expect(await vera.getByText(/viewer: you can read/).count()).toBeGreaterThan(0);

    await closeAll(ada);
    await addToDocument(path, (fragment) => fragment.push([listWithoutParagraph('Half a list.')]));
    await vera.getByText('left a part of this description incomplete').waitFor(PATIENCE);
    await vera.getByRole('document', { name: 'Description' }).getByText('Half a list.').waitFor(PATIENCE);
    const incomplete = await stored(path, 'json');
    const grace = await open(team.grace, path);
    await editor(vera).getByText('Half a list.').waitFor(PATIENCE);
    expect(await stored(path, 'json')).not.toBe(incomplete);
    await closeAll(grace, vera);
  });

  it('can be read, and says to reload, where the editor was lost to an update of Rejoin', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await write(ada, 'Words before the update.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    const openWithout = (account: Account, part: string) =>
      open(account, path, '.description-words', (page) =>
        page.route(`**/assets/${part}-*.js`, (route) => route.abort()),
      );
    const [grace, vera] = await Promise.all([
      openWithout(team.grace, 'surface'),
      openWithout(team.vera, 'schema'),
    ]);
    for (const page of [grace, vera]) {
      await page.getByText('Rejoin was updated. Reload to go on editing.').waitFor(PATIENCE);
      await page.getByText('Words before the update.').waitFor(PATIENCE);
    }
    await grace.unrouteAll();
    await grace.getByRole('button', { name: 'Reload' }).click();
    await expect.poll(() => text(grace), PATIENCE).toBe('Words before the update.');
    await closeAll(ada, grace, vera);
  });

  it('takes pasted Markdown as what it describes', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await pasteText(ada, '## Steps\n\n- [x] open it\n\n| a | b |\n| - | - |\n| 1 | 2 |\n');
    await expect.poll(() => editor(ada).locator('h2').allInnerTexts(), PATIENCE).toEqual(['Steps']);
    expect(await editor(ada).locator('input[type=checkbox]').isChecked()).toBe(true);
    expect(await editor(ada).locator('td').allInnerTexts()).toEqual(['1', '2']);
    await closeAll(ada);
  });

  it('puts in by the keyboard alone: a heading, a task, a mentioned person and a mentioned ticket', async () => {
    const [path, mentioned] = [await createTicket(), await createTicket('A ticket to mention')];
    const ada = await open(team.ada, path);
    await editor(ada).click();
    await ada.keyboard.press('Alt+F10');
    await ada.keyboard.press('ArrowRight');
    await expect.poll(() => focused(ada), PATIENCE).toMatch(/^Italic/);
    await ada.keyboard.press('Escape');
    await expect.poll(() => focused(ada), PATIENCE).toBe('Description');
    await choose(ada, '/head', 'Insert', 'Heading');
    await ada.keyboard.type('Plan');
    await ada.keyboard.press('Enter');
    await ada.keyboard.type('- [ ] Ask ');
    await choose(ada, '@grace', 'People', 'Grace Hopper');
    await ada.keyboard.type('about ');
    await choose(ada, '#to mention', 'Tickets', /^A ticket to mention/);
    const key = await editor(ada).locator('a.mention').innerText();
    expect(key).toMatch(/^TEAM-\d+$/);
    await expect.poll(() => stored(path), PATIENCE).toBe(`Plan\nAsk @Grace Hopper about ${key}`);
    expect(await stored(path, 'markdown')).toContain(`[${key}](${mentioned})`);
    await editor(ada).locator('a.mention').click();
    await expect.poll(() => new URL(ada.url()).pathname, PATIENCE).toBe(mentioned);
    await ada.goBack();
    await editor(ada).locator('a.mention').waitFor(PATIENCE);
    await editor(ada).focus();
    // Over the space, onto the mention; again where the editor has not heard yet of the step before.
    const stepOnto = async () => {
      for (const key of ['Control+End', 'ArrowLeft', 'ArrowLeft']) await ada.keyboard.press(key);
      return editor(ada).locator('.mention.ProseMirror-selectednode').count();
    };
    await expect.poll(stepOnto, PATIENCE).toBe(1);
    await ada.getByRole('toolbar', { name: 'Mentioned ticket' }).getByText(`Open ${key}`).waitFor(PATIENCE);
    await ada.keyboard.press('Enter');
    await expect.poll(() => new URL(ada.url()).pathname, PATIENCE).toBe(mentioned);

    const grace = await open(team.grace, '/notices', 'h1');
    const notice = grace.getByRole('listitem').filter({ hasText: 'mentioned you' });
    await notice.getByText(/Ada Lovelace mentioned you in the description: “Ask @Grace/).waitFor(PATIENCE);
    await notice.getByRole('link').click();
    await expect.poll(() => text(grace), PATIENCE).toContain('Ask @Grace Hopper');
    await closeAll(ada, grace);
  });

  it('colours code in the language that is chosen for it', async () => {
    const ada = await open(team.ada, await createTicket());
    await editor(ada).click();
    await choose(ada, '/code', 'Insert', 'Code block');
    await ada.keyboard.type('const answer = 42;');
    await ada.getByLabel('Language of the code').selectOption('typescript');
    await expect
      .poll(() => editor(ada).locator('.hljs-keyword').allInnerTexts(), PATIENCE)
      .toEqual(['const']);
    await closeAll(ada);
  });

  it('D4: an image pasted without a network is shown, survives the tab, and reaches the others later', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await ada.context().setOffline(true);
    await pasteImage(ada);
    await ada.getByText('Kept on this device. It is sent when you are online.').waitFor(PATIENCE);
    await expect.poll(() => shownImages(ada), PATIENCE).toEqual([true]);
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved on this device');

    const later = await ada.context().newPage();
    await ada.close();
    await later.context().setOffline(false);
    await later.goto(server.url + ELSEWHERE);
    const grace = await open(team.grace, path);
    await expect.poll(() => shownImages(grace), { timeout: 40_000 }).toEqual([true]);
    await closeAll(later, grace);
  });

  it('D7: with a node this editor does not know is read-only, says why, and loses nothing', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await write(ada, 'Known words.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    await addToDocument(path, (fragment) => {
      const diagram = new Y.XmlElement('diagram');
      diagram.insert(0, [new Y.XmlText('Words in a diagram.')]);
      fragment.push([diagram]);
    });

    const grace = await open(team.grace, path, '.description-words');
    // Ada had it open while it came, Grace opens it later.
    for (const page of [ada, grace]) {
      await page.getByText('needs a newer Rejoin').waitFor(PATIENCE);
      await page.locator('.description-words-text').getByText('Words in a diagram.').waitFor(PATIENCE);
      expect(await editor(page).count()).toBe(0);
    }
    await closeAll(ada, grace);
    expect(await stored(path, 'json')).toContain('"diagram"');
    expect(await stored(path)).toContain('Known words.');
  });

  it('D9: more than a frame can carry, written without a network, is sent in one piece', async () => {
    const path = await createTicket();
    const ada = await open(team.ada, path);
    await write(ada, 'Before.');
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved');
    await ada.context().setOffline(true);
    await pasteText(ada, `A very long log. ${'0123456789abcdef'.repeat(80_000)} The end of the log.`);
    await expect.poll(() => saveState(ada), PATIENCE).toBe('Saved on this device');
    await ada.context().setOffline(false);
    await expect.poll(() => saveState(ada), { timeout: 60_000 }).toBe('Saved');
    expect(await stored(path)).toContain('The end of the log.');
    await closeAll(ada);
  });
});

interface Account {
  readonly email: string;
}

interface Team {
  readonly ada: Account;
  readonly grace: Account;
  readonly vera: Account;
  readonly projectId: string;
  /** Ada's session, for calls without a page. */
  readonly api: BrowserContext;
}

async function createTeam(): Promise<Team> {
  const [ada, grace, vera] = [
    { email: 'ada@team.test' },
    { email: 'grace@team.test' },
    { email: 'vera@team.test' },
  ];
  const names = new Map([
    [ada, 'Ada Lovelace'],
    [grace, 'Grace Hopper'],
    [vera, 'Vera Rubin'],
  ]);
  const api = await browser.newContext({ baseURL: server.url });
  for (const [{ email }, name] of names) {
    await post(api, '/api/auth/sign-up/email', { email, name, password: PASSWORD });
  }
  await signIn(api, ada);
  const project = z
    .object({ id: z.string() })
    .parse(await post(api, '/api/projects', { key: 'TEAM', name: 'Team' }));
  const members = `/api/projects/${project.id}/members`;
  await post(api, members, { email: grace.email, role: 'member' });
  await post(api, members, { email: vera.email, role: 'viewer' });
  return { ada, grace, vera, projectId: project.id, api };
}

/** The address of a new ticket's page. */
async function createTicket(title = 'A ticket'): Promise<string> {
  const id = randomUUID();
  const data = { project_id: team.projectId, title, status: 'todo', priority: 'none', rank: '' };
  const ops = [{ op_id: 1, op: 'PUT', type: 'tickets', id, data }];
  const answer = await post(team.api, '/api/upload', {
    device_id: randomUUID(),
    transactions: [{ tx_id: 1, ops }],
  });
  const { outcomes } = z.object({ outcomes: z.array(z.object({ outcome: z.string() })) }).parse(answer);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['applied']);
  return `/t/${id}`;
}

async function open(
  account: Account,
  path: string,
  shown = '.ProseMirror',
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url });
  await signIn(context, account);
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(path);
  await page.locator(shown).waitFor(PATIENCE);
  return page;
}

const signIn = (context: BrowserContext, { email }: Account) =>
  post(context, '/api/auth/sign-in/email', { email, password: PASSWORD });

async function post(context: BrowserContext, path: string, data: unknown): Promise<unknown> {
  const response = await context.request.post(server.url + path, { data, headers: { origin: server.url } });
  if (!response.ok()) throw new Error(`POST ${path} answered ${response.status()}: ${await response.text()}`);
  return response.json();
}

const editor = (page: Page): Locator => page.locator('.ProseMirror');
const saveState = (page: Page): Promise<string | null> =>
  page.locator('.description-save-state').textContent();

/** The words of each block, without the carets of others. */
const text = (page: Page): Promise<string> =>
  editor(page).evaluate((element) =>
    [...element.children]
      .map((block) => {
        const copy = document.createElement('div');
        copy.append(...[...block.childNodes].map((node) => node.cloneNode(true)));
        for (const caret of copy.querySelectorAll('.description-caret')) caret.remove();
        return (copy.textContent ?? '').replaceAll('\u2060', '');
      })
      .join('\n'),
  );

const people = (page: Page): Promise<(string | null)[]> =>
  page
    .getByRole('list', { name: 'Also here' })
    .getByRole('img')
    .evaluateAll((images) => images.map((image) => image.getAttribute('aria-label')));

async function write(page: Page, words: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.type(words);
}

/** Goes on at the end of a paragraph. */
async function typeInto(page: Page, index: number, words: string): Promise<void> {
  await editor(page).locator('p').nth(index).click();
  await page.keyboard.press('End');
  await page.keyboard.type(words, { delay: 10 });
}

/** What a page that has synced shows of a description which it opens without a network. */
async function textWithoutNetwork(page: Page, path: string): Promise<string> {
  await page.context().setOffline(false);
  await page.goto(ELSEWHERE);
  await page.getByRole('button', { name: 'Sync: Synced' }).waitFor(PATIENCE);
  await page.context().setOffline(true);
  await page.goto(path);
  await editor(page).waitFor(PATIENCE);
  return text(page);
}

/** Takes back for as long as that changes anything: all that is one's own, and nothing of others'. */
async function undoUntil(page: Page, left: string): Promise<void> {
  await expect
    .poll(async () => {
      await page.keyboard.press('Control+z');
      return (await text(page)).trim();
    }, PATIENCE)
    .toBe(left);
}

/** Puts the caret into the first and the last paragraph in turn; counts where it is not kept by the next change. */
const missedClicks = (page: Page, times: number): Promise<number> =>
  editor(page).evaluate(async (element, count) => {
    const selection = document.getSelection();
    let missed = 0;
    for (let turn = 0; turn < count; turn += 1) {
      const paragraph = element.querySelectorAll('p')[turn % 2 === 0 ? 0 : 2];
      await new Promise<void>((resolve) => {
        const drawn = new MutationObserver(() => {
          drawn.disconnect();
          resolve();
        });
        drawn.observe(element, { childList: true, subtree: true, characterData: true });
        selection?.selectAllChildren(paragraph ?? element);
        selection?.collapseToEnd();
        setTimeout(resolve, 200);
      });
      const kept = element.querySelectorAll('p')[turn % 2 === 0 ? 0 : 2];
      if (!kept?.contains(selection?.anchorNode ?? null)) missed += 1;
    }
    return missed;
  }, times);

/** Types what opens a menu, waits for the choice, and takes it. */
async function choose(page: Page, typed: string, menu: string, choice: string | RegExp): Promise<void> {
  await page.keyboard.type(typed, { delay: 10 });
  const option = page.getByRole('listbox', { name: menu }).getByRole('option', { selected: true });
  await option.filter({ hasText: choice }).waitFor(PATIENCE);
  await page.keyboard.press('Enter');
}

const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);

async function pasteText(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await editor(page).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

async function pasteImage(page: Page): Promise<void> {
  await editor(page).click();
  await editor(page).evaluate(async (element) => {
    const canvas = new OffscreenCanvas(40, 30);
    canvas.getContext('2d')?.fillRect(0, 0, 20, 30);
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([await canvas.convertToBlob()], 'image.png', { type: 'image/png' }));
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
}

/** For each image of the description, whether its picture is there. */
const shownImages = (page: Page): Promise<boolean[]> =>
  editor(page)
    .locator('.description-image img')
    .evaluateAll((images) =>
      images.map((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
    );

/** As a merge can leave it: an item whose paragraph one person deleted while another nested a list in it. */
function listWithoutParagraph(words: string): Y.XmlElement {
  const nest = (name: string, child: Y.XmlElement | Y.XmlText): Y.XmlElement => {
    const element = new Y.XmlElement(name);
    element.insert(0, [child]);
    return element;
  };
  const inner = nest('bulletList', nest('listItem', nest('paragraph', new Y.XmlText(words))));
  return nest('bulletList', nest('listItem', inner));
}

/** A change by some other program that knows more than this editor. */
async function addToDocument(path: string, change: (fragment: Y.XmlFragment) => void): Promise<void> {
  const address = `${server.url}/api/tickets/${path.slice('/t/'.length)}/description`;
  const before = await team.api.request.get(`${address}?format=update`);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, await before.body());
  change(doc.getXmlFragment(FRAGMENT));
  const answer = await team.api.request.post(`${address}?${SCHEMA_PARAMETER}=${SCHEMA_VERSION}`, {
    data: Buffer.from(Y.encodeStateAsUpdate(doc)),
    headers: { origin: server.url, 'content-type': 'application/octet-stream' },
  });
  expect(answer.status()).toBe(200);
}

async function stored(path: string, format = 'text'): Promise<string> {
  const id = path.slice('/t/'.length);
  const response = await team.api.request.get(`${server.url}/api/tickets/${id}/description?format=${format}`);
  return response.text();
}

async function closeAll(...pages: Page[]): Promise<void> {
  await Promise.all(pages.map((page) => page.context().close()));
}
