import type { OpenLab } from './device.ts';
import { DEVICE_KEYS } from './device.ts';
import { createHands } from './hands.ts';
import type { Pace } from './pace.ts';
import { prepare, release } from './prepare.ts';
import { inTime, lookAtBoth, type Run, watchesOf } from './run.ts';
import type { Scenario } from './scenario.ts';

export type Play =
  | { readonly kind: 'none' }
  | { readonly kind: 'preparing'; readonly scenario: Scenario }
  /** `step` is under way, or, where `asks`, waits for the person to go on. */
  | { readonly kind: 'playing'; readonly scenario: Scenario; readonly step: number; readonly asks: boolean }
  | { readonly kind: 'looking'; readonly scenario: Scenario }
  | { readonly kind: 'over'; readonly scenario: Scenario; readonly findings: readonly Finding[] }
  | { readonly kind: 'broken'; readonly scenario: Scenario; readonly reason: string };

/** What became of an expectation; `seen` is what there was instead. */
export interface Finding {
  readonly words: string;
  readonly seen: string | null;
}

export interface RunnerState {
  readonly play: Play;
  /** What the devices show: the ticket of the last run, and those its steps made. */
  readonly shown: { readonly ticketId: string; readonly made: readonly string[] } | null;
  /** By scenario id: whether the last telling came out as promised. */
  readonly verdicts: ReadonlyMap<string, boolean>;
}

/** `by-hand`: every step waits for the person. */
export type Manner = 'by-itself' | 'by-hand';

/** Tells scenarios on the two devices, one at a time. */
export interface Runner {
  current(): RunnerState;
  subscribe(listener: () => void): () => void;
  play(scenario: Scenario, manner: Manner): void;
  /** Goes on, where a step waits for it. */
  next(): void;
  /** Ends the telling; both devices are connected again. */
  stop(): void;
  /** Gives everything back. */
  close(): void;
}

export function createRunner(lab: OpenLab, pace: Pace): Runner {
  const listeners = new Set<() => void>();
  let state: RunnerState = { play: { kind: 'none' }, shown: null, verdicts: new Map() };
  let stopping = new AbortController();
  let run: Run | undefined;
  let goOn = () => {};

  const become = (change: Partial<RunnerState>) => {
    state = { ...state, ...change };
    for (const listener of [...listeners]) listener();
  };
  const giveBack = () => {
    stopping.abort();
    if (run) release(run);
    run = undefined;
  };
  const person = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      goOn = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const playSteps = async (playing: Run, scenario: Scenario, manner: Manner) => {
    const hands = createHands(playing, pace);
    for (const [step, { run: act }] of scenario.steps.entries()) {
      const asks = manner === 'by-hand';
      become({ play: { kind: 'playing', scenario, step, asks } });
      await (asks ? person(playing.signal) : pace.betweenSteps(playing.signal));
      become({ play: { kind: 'playing', scenario, step, asks: false } });
      await act(hands);
      playing.signal.throwIfAborted();
      become({ shown: { ticketId: playing.ticketId, made: [...playing.made] } });
    }
  };
  const tell = async (scenario: Scenario, manner: Manner, signal: AbortSignal) => {
    become({ play: { kind: 'preparing', scenario }, shown: null });
    const prepared = await prepare(lab, scenario.start, signal);
    if (signal.aborted) return release(prepared);
    run = prepared;
    become({ shown: { ticketId: run.ticketId, made: [] } });
    await playSteps(prepared, scenario, manner);
    become({ play: { kind: 'looking', scenario } });
    const findings = await findingsOf(prepared, scenario);
    signal.throwIfAborted();
    const verdicts = new Map(state.verdicts);
    if (findings.length > 0)
      verdicts.set(
        scenario.id,
        findings.every(({ seen }) => seen === null),
      );
    become({ play: { kind: 'over', scenario, findings }, verdicts });
  };

  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    play: (scenario, manner) => {
      giveBack();
      stopping = new AbortController();
      const { signal } = stopping;
      tell(scenario, manner, signal).catch((error: unknown) => {
        if (signal.aborted) return;
        const verdicts = new Map(state.verdicts).set(scenario.id, false);
        become({ play: { kind: 'broken', scenario, reason: wordsOf(error) }, verdicts });
      });
    },
    next: () => goOn(),
    stop: () => {
      giveBack();
      for (const key of DEVICE_KEYS) lab.devices[key].data.connectivity.setWorkOffline(false);
      become({ play: { kind: 'none' } });
    },
    close: giveBack,
  };
}

/** Waits until all is as expected; what is not after a while is told as it is. */
async function findingsOf(run: Run, { expectations }: Scenario): Promise<readonly Finding[]> {
  const look = async () => {
    const looks = await lookAtBoth(run);
    return expectations.map(({ words, seen }) => ({ words, seen: seen(looks) }));
  };
  const isAsExpected = async () => (await look()).every(({ seen }) => seen === null);
  try {
    await inTime('What was expected', isAsExpected, watchesOf(run), run.signal);
  } catch {
    run.signal.throwIfAborted();
  }
  return look();
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
