import { access, constants } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { unpackLibraries } from './browser-libraries.ts';

/** A browser to try: where it is, and what it needs around it. */
interface Candidate {
  readonly name: string;
  readonly executablePath: string;
  readonly env?: NodeJS.ProcessEnv;
}

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A real, headless Chromium: the one that REJOIN_BROWSER names, or an installed Chromium or Chrome, or the one
 * that came from npm. Throws a sentence that says how to get one when none of them starts.
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: string[] = [];
  for await (const candidate of candidates()) {
    try {
      return await chromium.launch({
        executablePath: candidate.executablePath,
        args: ARGS,
        ...(candidate.env && { env: definedOnly(candidate.env) }),
      });
    } catch (error) {
      failures.push(`${candidate.name} (${candidate.executablePath}): ${firstLines(error)}`);
    }
  }
  throw new Error(
    [
      'No browser starts here, and the browser tests need one.',
      'Install Chromium or Chrome, or set REJOIN_BROWSER to the path of one.',
      ...failures.map((failure) => `Tried ${failure}`),
    ].join('\n'),
  );
}

async function* candidates(): AsyncGenerator<Candidate> {
  const chosen = process.env.REJOIN_BROWSER;
  if (chosen) {
    yield { name: 'REJOIN_BROWSER', executablePath: chosen };
    return;
  }
  for (const executablePath of installedPaths()) {
    if (await isExecutable(executablePath)) yield { name: 'an installed browser', executablePath };
  }
  yield* fromNpm();
}

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'msedge',
];

function installedPaths(): string[] {
  const directories = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  const suffix = os.platform() === 'win32' ? '.exe' : '';
  return [
    ...COMMANDS.flatMap((command) => directories.map((directory) => path.join(directory, command + suffix))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    chromium.executablePath(),
  ];
}

/** Made for Linux servers that have nothing: as it is first, then with the system libraries that it brings. */
async function* fromNpm(): AsyncGenerator<Candidate> {
  if (os.platform() !== 'linux' || os.arch() !== 'x64') return;
  const { default: packed } = await import('@sparticuz/chromium');
  const executablePath = await packed.executablePath();
  yield { name: 'the Chromium from npm', executablePath };
  yield {
    name: 'the Chromium from npm with its own libraries',
    executablePath,
    env: { ...process.env, LD_LIBRARY_PATH: await unpackLibraries() },
  };
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function firstLines(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.split('\n').slice(0, 3).join(' ');
}
