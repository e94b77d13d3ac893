/** The words beside each priority icon. */
export const PRIORITY_WORDS = {
  none: 'No priority',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  urgent: 'Urgent',
} as const;

export type PriorityName = keyof typeof PRIORITY_WORDS;

const BARS: Record<Exclude<PriorityName, 'none' | 'urgent'>, number> = { low: 1, medium: 2, high: 3 };

/** Bars that rise with the priority; urgent is a filled sign, so that it stands out without its colour too. */
export function PriorityIcon({ priority, labelled = false }: { priority: PriorityName; labelled?: boolean }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      style={{ color: 'var(--text-muted)', flex: 'none' }}
      role="img"
      aria-label={PRIORITY_WORDS[priority]}
      aria-hidden={!labelled}
    >
      {drawingOf(priority)}
    </svg>
  );
}

function drawingOf(priority: PriorityName) {
  if (priority === 'none')
    return <path d="M2.5 8.75h2.4M6.8 8.75h2.4M11.1 8.75h2.4" stroke="currentColor" strokeWidth="1.5" />;
  if (priority === 'urgent') {
    return (
      <>
        <rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="var(--priority-urgent)" />
        <path d="M8 4.4v4.2" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
        <circle cx="8" cy="11.4" r="1.05" fill="var(--surface)" />
      </>
    );
  }
  return [0, 1, 2].map((bar) => (
    <rect
      key={bar}
      x={2 + bar * 4.5}
      y={9 - bar * 3}
      width="3"
      height={5 + bar * 3}
      rx="1"
      fill="currentColor"
      opacity={bar < BARS[priority] ? 1 : 0.3}
    />
  ));
}
