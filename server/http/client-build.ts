import { spawn } from 'node:child_process';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What the built client is made of; a change in any of them makes the build stale. */
const SOURCES = ['client', 'shared', 'vite.config.ts', 'package-lock.json'];

export const clientDirectory = (root: string): string => path.join(root, 'dist', 'client');

/** Builds the client unless its build is there and newer than its sources. `root`: the repository. */
export async function ensureClient(root: string, say: (sentence: string) => void): Promise<void> {
  if (await isFresh(root)) return;
  say('Building the client; this takes a moment, the first time only.');
  const target = clientDirectory(root);
  const unfinished = `${target}.${process.pid}`;
  try {
    await build(root, unfinished);
    // In one step: a start that was killed leaves the old build or the new one, never half of one.
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function isFresh(root: string): Promise<boolean> {
  const built = await modifiedAt(path.join(clientDirectory(root), 'index.html'));
  if (built === null) return false;
  for (const source of SOURCES) {
    if ((await newest(path.join(root, source))) > built) return false;
  }
  return true;
}

async function newest(file: string): Promise<number> {
  const own = (await modifiedAt(file)) ?? 0;
  const entries = await readdir(file, { withFileTypes: true }).catch(() => []);
  const below = await Promise.all(
    entries.map((entry) => {
      const inside = path.join(file, entry.name);
      return entry.isDirectory() ? newest(inside) : modifiedAt(inside);
    }),
  );
  return Math.max(own, ...below.map((time) => time ?? 0));
}

async function modifiedAt(file: string): Promise<number | null> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

/** In a process of its own, so that what a build needs of memory is given back. */
function build(root: string, outDir: string): Promise<void> {
  const vite = path.join(
    path.dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  );
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
      {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let words = '';
    const listen = (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4000);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The client does not build (vite ended with code ${code}): ${words.trim()}`));
    });
  });
}
