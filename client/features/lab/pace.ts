/** How fast a scenario plays: slow enough to follow. */
export interface Pace {
  /** Between two steps. */
  betweenSteps(signal: AbortSignal): Promise<void>;
  /** Between two letters; none where the person asked for less motion. */
  betweenLetters(signal: AbortSignal): Promise<void>;
}

const STEP_MS = 1_300;
const LETTER_MS = 30;

export const createPace = (wantsLessMotion: () => boolean): Pace => ({
  betweenSteps: (signal) => pause(STEP_MS, signal),
  betweenLetters: async (signal) => {
    if (!wantsLessMotion()) await pause(LETTER_MS, signal);
  },
});

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const give = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', give);
      resolve();
    }, ms);
    signal.addEventListener('abort', give, { once: true });
  });
}
