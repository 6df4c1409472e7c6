// Tables that read well in a terminal and are Markdown.
export type Cell = string | number;

/** Four digits, as much as a measurement carries. */
export function digits(value: number, count = 4): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 10 ** count ? String(Math.round(value)) : String(Number(value.toPrecision(count)));
}

/** The first column is left-aligned, the others right-aligned. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? digits(cell) : cell)));
  const widths = head.map((title, column) => Math.max(title.length, ...texts.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...texts.map(line)].join('\n');
}
