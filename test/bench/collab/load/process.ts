import { crash, read } from './crash.ts';
import { fanOut } from './fan-out.ts';
import { hold } from './hold.ts';
import { hostile } from './hostile.ts';
import { type LoadJob, loadJob } from './job.ts';
import { open } from './open.ts';
import { sustained } from './sustained.ts';

/** The load generator: takes one job over IPC, and ends when it is disconnected. */
let leave: () => void = () => undefined;
const left = new Promise<void>((resolve) => {
  leave = resolve;
});
const ready = (): void => {
  process.send?.({ kind: 'ready' });
};

process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message === 'leave') return leave();
  run(loadJob.parse(message)).then(
    (result) => process.send?.({ kind: 'done', result }),
    (error: unknown) => process.send?.({ kind: 'failed', error: String(error) }),
  );
});

function run(job: LoadJob): Promise<object> {
  switch (job.kind) {
    case 'fanOut':
      return fanOut(job, ready);
    case 'sustained':
      return sustained(job, ready);
    case 'hold':
      return hold(job, ready, left);
    case 'open':
      return open(job);
    case 'crash':
      return crash(job, ready);
    case 'read':
      return read(job);
    case 'hostile':
      return hostile(job);
  }
}
