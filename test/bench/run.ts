import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run bench -- <name> [options]`: measures one part on this machine. Prints figures; asserts nothing. */
const BENCHES: Readonly<Record<string, { readonly file: string; readonly what: string }>> = {
  upload: {
    file: 'upload.ts',
    what: '1,000 queued ops in one upload, beside one request and transaction each',
  },
  sync: { file: 'sync.ts', what: 'first sync, latency and memory of the sync engine [rows]' },
  collab: { file: 'collab/main.ts', what: 'keystrokes through the description service' },
};

const [name = '', ...args] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench) {
  const file = fileURLToPath(new URL(bench.file, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { stdio: 'inherit' });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  const lines = Object.entries(BENCHES).map(([known, { what }]) => `  ${known.padEnd(8)} ${what}`);
  process.stderr.write(`npm run bench -- <name>, one of:\n${lines.join('\n')}\n`);
  process.exitCode = 2;
}
