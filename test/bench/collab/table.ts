/** One line of the result. `values` in the order of the servers; null where a server has no such thing. */
export interface Row {
  readonly figure: string;
  readonly condition: string;
  readonly values: readonly (number | string | null)[];
  readonly unit: string;
  readonly target: string;
  /** Null where nothing is promised. */
  readonly isReached: boolean | null;
}

/** A Markdown table; ratios are Rejoin against each of the others, in the direction of the figure. */
export function formatTable(names: readonly string[], rows: readonly Row[]): string {
  const header = [
    'figure',
    'condition',
    ...names,
    ...names.slice(1).map((name) => `Rejoin : ${name}`),
    'target',
    'reached',
  ];
  const lines = rows.map((row) => [
    row.figure,
    row.condition,
    ...row.values.map((value) => formatValue(value, row.unit)),
    ...row.values.slice(1).map((value) => ratio(row.values[0] ?? null, value)),
    row.target,
    row.isReached === null ? '' : row.isReached ? 'yes' : 'no',
  ]);
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A figure as soon as it is known. */
export const formatLine = ({ figure, values, unit }: Row): string =>
  `${figure}: ${values.map((value) => formatValue(value, unit)).join(', ')}`;

function formatValue(value: number | string | null, unit: string): string {
  if (value === null) return '–';
  return typeof value === 'string' ? value : `${formatNumber(value)}${unit === '' ? '' : ` ${unit}`}`;
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-GB');
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const ratio = (ours: number | string | null, theirs: number | string | null): string =>
  typeof ours === 'number' && typeof theirs === 'number' && theirs !== 0 ? (ours / theirs).toFixed(2) : '–';
