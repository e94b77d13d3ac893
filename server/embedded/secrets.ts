import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const SECRET_BYTES = 32;

/** The secret kept under this name in the data directory; made at the first call, readable only by its owner. */
export async function keptSecret(dataDir: string, name: string): Promise<string> {
  const file = path.join(dataDir, 'secrets', name);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const known = await readSecret(file);
  if (known) return known;
  const fresh = randomBytes(SECRET_BYTES).toString('hex');
  await writeFile(file, fresh, { mode: 0o600 });
  return fresh;
}

/** An empty file is what a crash between create and write leaves; it counts as none. */
async function readSecret(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim() || null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
