import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ensureClient } from '../server/http/client-build.ts';
import { whenEnded } from './support/processes.ts';

/** `npm test`: every stage in turn, up to the first that fails; the last line counts what passed. */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROJECTS = ['architecture', 'unit', 'integration', 'browser'];

interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Names of the tests that did not run, with their reason where they gave one. */
  readonly skipped: readonly string[];
}

const NOTHING: Counts = { passed: 0, failed: 0, skipped: [] };

async function main(): Promise<number> {
  const startedAt = Date.now();
  let total = NOTHING;
  for (const { name, run } of stages()) {
    heading(name);
    const counts = await run();
    total = sum(total, counts);
    if (counts.failed > 0) {
      print(`\nStopped: ${name} failed.`);
      break;
    }
  }
  for (const skipped of total.skipped) print(`Skipped: ${skipped}`);
  print(`\nTook ${Math.round((Date.now() - startedAt) / 1000)} s.`);
  print(closingLine(total));
  return total.failed > 0 ? 1 : 0;
}

interface Stage {
  readonly name: string;
  run(): Promise<Counts>;
}

function stages(): Stage[] {
  return [
    { name: 'types', run: () => check('tsc', ['--noEmit']) },
    { name: 'lint', run: () => check('biome', ['ci', ...colours(), '.']) },
    ...PROJECTS.filter((project) => project !== 'browser').map(testStage),
    { name: 'client build', run: buildClient },
    testStage('browser'),
  ];
}

/** A tool that passes or fails as a whole counts as one. */
async function check(tool: string, args: readonly string[]): Promise<Counts> {
  return one((await runTool(tool, args)) === 0);
}

/** Once, before the tests that open it: servers that start at the same time would each build it. */
async function buildClient(): Promise<Counts> {
  try {
    await ensureClient(ROOT, print);
    return one(true);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return one(false);
  }
}

const testStage = (project: string): Stage => ({ name: project, run: () => runTests(project) });

async function runTests(project: string): Promise<Counts> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'rejoin-test-report-'));
  const report = path.join(directory, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runTool('vitest', ['run', '--project', project, ...reporters]);
    const counts = await readReport(report);
    // A file that does not load, or an error outside of any test, fails the run without a failed test.
    return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

async function readReport(file: string): Promise<Counts> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return { ...NOTHING, failed: 1 };
  const tests = vitestReport
    .parse(JSON.parse(text))
    .testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map((test) => ({ ...test, file: path.relative(ROOT, name) })),
    );
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: tests.filter(({ status }) => status === 'failed').length,
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ file, fullName }) => `${file}: ${fullName}`),
  };
}

/** Biome colours letter by letter, which a log cannot be read with. */
const colours = (): string[] => (process.stdout.isTTY ? [] : ['--colors=off']);

async function runTool(tool: string, args: readonly string[]): Promise<number> {
  const program = path.join(ROOT, 'node_modules', '.bin', tool);
  const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  return (await whenEnded(child)) ?? 1;
}

const one = (passed: boolean): Counts => ({ ...NOTHING, [passed ? 'passed' : 'failed']: 1 });

const sum = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: [...a.skipped, ...b.skipped],
});

function closingLine({ passed, failed, skipped }: Counts): string {
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  return `${passed} passed, ${failed} failed${tail}`;
}

const heading = (name: string): void => print(`\n== ${name} ==`);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main();
