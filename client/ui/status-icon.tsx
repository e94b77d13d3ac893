/** The words beside each status icon; a status is never told by colour or shape alone. */
export const STATUS_WORDS = {
  backlog: 'Backlog',
  todo: 'To do',
  in_progress: 'In progress',
  in_review: 'In review',
  done: 'Done',
  cancelled: 'Cancelled',
} as const;

export type StatusName = keyof typeof STATUS_WORDS;

/** How far the ring is filled, and in which colour. */
const RINGS: Record<StatusName, { filled: number; colour: string }> = {
  backlog: { filled: 0, colour: 'var(--status-idle)' },
  todo: { filled: 0, colour: 'var(--status-idle)' },
  in_progress: { filled: 0.5, colour: 'var(--status-active)' },
  in_review: { filled: 0.75, colour: 'var(--status-review)' },
  done: { filled: 1, colour: 'var(--status-done)' },
  cancelled: { filled: 1, colour: 'var(--status-cancelled)' },
};

const PIE_RADIUS = 2;
const PIE_LENGTH = 2 * Math.PI * PIE_RADIUS;

/** A ring that fills as work progresses. Decorative unless `labelled`: the word usually stands beside it. */
export function StatusIcon({ status, labelled = false }: { status: StatusName; labelled?: boolean }) {
  const { filled, colour } = RINGS[status];
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      style={{ color: colour, flex: 'none' }}
      role="img"
      aria-label={STATUS_WORDS[status]}
      aria-hidden={!labelled}
    >
      {filled === 1 ? (
        <Terminal mark={status === 'done' ? 'M5 8.2l2.1 2.1L11 6.2' : 'M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4'} />
      ) : (
        <>
          <circle
            cx="8"
            cy="8"
            r="6"
            stroke="currentColor"
            strokeWidth="1.6"
            strokeDasharray={status === 'backlog' ? '2 1.77' : undefined}
          />
          {filled > 0 && (
            <circle
              cx="8"
              cy="8"
              r={PIE_RADIUS}
              stroke="currentColor"
              strokeWidth={PIE_RADIUS * 2}
              strokeDasharray={`${PIE_LENGTH * filled} ${PIE_LENGTH}`}
              transform="rotate(-90 8 8)"
            />
          )}
        </>
      )}
    </svg>
  );
}

function Terminal({ mark }: { mark: string }) {
  return (
    <>
      <circle cx="8" cy="8" r="6.8" fill="currentColor" />
      <path d={mark} stroke="var(--surface)" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </>
  );
}
