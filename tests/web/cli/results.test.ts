import { describe, expect, it } from 'vitest';
import { skippedLines, skippedText, table, testResult, testText } from '../../../web/cli/results.ts';

const score = { precision: 0.5, recall: 0.25, f1: 1 / 3, support: 4 };
const evaluation = {
  classes: ['a', 'b'],
  count: 8,
  loss: 0.7,
  accuracy: 0.625,
  accuracyLow: 0.3,
  accuracyHigh: 0.86,
  perClass: [score, { ...score, support: 4 }],
  macro: { ...score, f1: 0.4 },
  weighted: { ...score, f1: 0.45 },
  confusion: [
    [1, 3],
    [0, 4],
  ],
  indices: [],
  probs: new Float32Array(0),
  seenInTraining: 0,
};

describe('results', () => {
  it('list every file of an import that failed', () => {
    const skipped = Array.from({ length: 30 }, (_, n) => ({
      path: `a/${n}.jpg`,
      reason: 'damaged' as const,
      detail: '',
    }));
    const lines = skippedLines(skipped).trimEnd().split('\n');
    expect(lines).toHaveLength(30);
    expect(lines[29]).toMatch(/^ {2}a\/29\.jpg: .*damaged/i);
    expect(skippedLines([])).toBe('');
  });
  it('name the fields in snake case', () => {
    expect(testResult(evaluation)).toEqual({
      count: 8,
      accuracy: 0.625,
      accuracy_interval: [0.3, 0.86],
      loss: 0.7,
      macro_f1: 0.4,
      weighted_f1: 0.45,
      per_class: [
        { class: 'a', ...score },
        { class: 'b', ...score },
      ],
      confusion: [
        [1, 3],
        [0, 4],
      ],
    });
  });

  it('read well as text', () => {
    expect(testText(testResult(evaluation))).toBe(
      `Test on 8 photos: 62.5 % right (95 % interval 30.0 % to 86.0 %), macro F1 40.0 %, weighted F1 45.0 %

class  precision  recall      F1  support
a         50.0 %  25.0 %  33.3 %        4
b         50.0 %  25.0 %  33.3 %        4

Confusion: rows are true classes, columns what the model said
   a  b
a  1  3
b  0  4
`,
    );
  });

  it('align by characters, not code units', () => {
    expect(
      table([
        ['👋', '1'],
        ['ab', '22'],
      ]),
    ).toBe('👋    1\nab  22\n');
  });

  it('count what was left out, junk without its sentences', () => {
    const skipped = [
      { path: 'x', reason: 'junk', detail: 'a system file' },
      { path: 'y', reason: 'truncated', detail: 'y is cut off.' },
      { path: 'z', reason: 'truncated', detail: 'z is cut off.' },
    ] as const;
    expect(skippedText(skipped)).toBe('\nLeft out: 1 system files, 2 cut off\n  y is cut off.\n  z is cut off.\n');
    expect(skippedText([])).toBe('');
  });
});
