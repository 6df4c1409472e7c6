// What the commands give, as JSON and as text.
import type { EvaluationResult } from '../shared/engine-types.ts';
import type { Skipped, SkipReason } from '../shared/data-api.ts';
import { skipTitles } from '../shared/messages.ts';

export interface TestResult {
  count: number;
  accuracy: number;
  accuracy_interval: [number, number]; // Wilson, 95 %
  loss: number;
  macro_f1: number;
  weighted_f1: number;
  per_class: { class: string; precision: number; recall: number; f1: number; support: number }[];
  confusion: number[][]; // true classes as rows
}

/** Named on the command line and not there: a data set has no such files. */
export type LeftOut = Omit<Skipped, 'reason'> & { reason: SkipReason | 'unreachable' };

export function testResult(evaluation: EvaluationResult): TestResult {
  return {
    count: evaluation.count,
    accuracy: evaluation.accuracy,
    accuracy_interval: [evaluation.accuracyLow, evaluation.accuracyHigh],
    loss: evaluation.loss,
    macro_f1: evaluation.macro.f1,
    weighted_f1: evaluation.weighted.f1,
    per_class: evaluation.classes.map((name, label) => {
      const { precision = 0, recall = 0, f1 = 0, support = 0 } = evaluation.perClass[label] ?? {};
      return { class: name, precision, recall, f1, support };
    }),
    confusion: evaluation.confusion,
  };
}

export function skippedResult(skipped: readonly LeftOut[]): { path: string; reason: string }[] {
  return skipped.map(({ path, reason }) => ({ path, reason }));
}

/** Columns as wide as their widest cell; numbers, that is all but the first column, to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, [...cell].length)));
  }
  const pad = (cell: string, column: number): string => {
    const space = ' '.repeat((widths[column] ?? 0) - [...cell].length);
    return column === 0 ? cell + space : space + cell;
  };
  return rows.map((row) => row.map(pad).join('  ').trimEnd() + '\n').join('');
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

export function testText(test: TestResult): string {
  const [low, high] = test.accuracy_interval;
  const scores = test.per_class.map((score) => [
    score.class,
    percent(score.precision),
    percent(score.recall),
    percent(score.f1),
    String(score.support),
  ]);
  const confusion = test.confusion.map((row, label) => [test.per_class[label]?.class ?? '', ...row.map(String)]);
  return (
    `Test on ${test.count} photos: ${percent(test.accuracy)} right (95 % interval ${percent(low)} to ${percent(high)}), ` +
    `macro F1 ${percent(test.macro_f1)}, weighted F1 ${percent(test.weighted_f1)}\n\n` +
    table([['class', 'precision', 'recall', 'F1', 'support'], ...scores]) +
    '\nConfusion: rows are true classes, columns what the model said\n' +
    table([['', ...test.per_class.map((score) => score.class)], ...confusion])
  );
}

/** One line per file, for an import that failed: its path, and why it was left out. */
export function skippedLines(skipped: readonly Skipped[]): string {
  return skipped.map(({ path, reason }) => `  ${path}: ${skipTitles[reason]}\n`).join('');
}

/** One line per reason, with the sentences of a few files. */
export function skippedText(skipped: readonly LeftOut[]): string {
  if (skipped.length === 0) return '';
  const shown = skipped.filter(({ reason }) => reason !== 'junk');
  const byReason = new Map<string, number>();
  for (const { reason } of skipped) {
    const title = reason === 'unreachable' ? 'not found or not allowed to be read' : skipTitles[reason];
    byReason.set(title, (byReason.get(title) ?? 0) + 1);
  }
  const counts = [...byReason].map(([title, count]) => `${count} ${title}`).join(', ');
  const details = shown.slice(0, 10).map(({ detail }) => `  ${detail}\n`);
  const more = shown.length > 10 ? `  … and ${shown.length - 10} more (--json lists all)\n` : '';
  return `\nLeft out: ${counts}\n${details.join('')}${more}`;
}
