import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';

/** Makes the data directory, or throws a sentence that says why it cannot be used. */
export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(path.join(dataDir, 'secrets'), { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(
      `the data directory ${dataDir} cannot be used (${reason}). Make it readable and writable, or set REJOIN_DATA_DIR to another one.`,
    );
  }
}
