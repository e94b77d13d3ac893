import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { whenEnded } from './processes.ts';

/**
 * Unpacks the system libraries that the Chromium from npm carries for machines without them (NSS above all).
 * The package does so itself only on the platform that it was made for. Returns their directory.
 */
export async function unpackLibraries(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  // …/build/cjs/index.cjs
  const archive = path.join(path.dirname(entry), '..', '..', 'bin', 'al2023.tar.br');
  const target = await mkdtemp(path.join(os.tmpdir(), 'rejoin-browser-libraries-'));
  const tar = spawn('tar', ['-x', '-C', target], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = whenEnded(tar);
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin);
  if ((await ended) !== 0) throw new Error(`The browser's libraries could not be unpacked to ${target}.`);
  return path.join(target, 'lib');
}
