const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "5 min ago", "3 h ago", "yesterday", "4 days ago", then the date. `at` and `now` in ms. */
export function relativeTime(at: number, now: number): string {
  const past = now - at;
  // A device's clock may run ahead of the server's: a little future is "just now", too.
  if (past < MINUTE) return past < -DAY ? dateWords(at, now) : 'just now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  if (past < 2 * DAY) return 'yesterday';
  if (past < 7 * DAY) return `${Math.floor(past / DAY)} days ago`;
  return dateWords(at, now);
}

/** The exact moment in words, for hover and screen readers. */
export function exactTime(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** "12 Mar" in this year, "12 Mar 2021" in another. */
function dateWords(at: number, now: number): string {
  const date = new Date(at);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric',
  });
}

export interface DueWords {
  readonly words: string;
  readonly urgency: 'overdue' | 'soon' | 'later';
}

/** A due date beside today, both `YYYY-MM-DD`: "Today", "Tomorrow", "2 days late", "12 Mar". */
export function dueWords(dueOn: string, today: string): DueWords {
  const due = Date.parse(`${dueOn}T00:00:00Z`);
  const days = Math.round((due - Date.parse(`${today}T00:00:00Z`)) / DAY);
  if (days < 0) return { words: days === -1 ? '1 day late' : `${-days} days late`, urgency: 'overdue' };
  if (days === 0) return { words: 'Today', urgency: 'soon' };
  if (days === 1) return { words: 'Tomorrow', urgency: 'soon' };
  return { words: dayWords(dueOn, today), urgency: 'later' };
}

/** A calendar day beside today, both `YYYY-MM-DD`: "12 Mar" in this year, "12 Mar 2021" in another. */
export function dayWords(day: string, today: string): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : 'numeric',
    timeZone: 'UTC',
  });
}

/** The local calendar day as `YYYY-MM-DD`. */
export function calendarDay(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
