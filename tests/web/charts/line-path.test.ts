import { expect, it } from 'vitest';
import { classColor } from '../../../web/charts/class-colors.ts';
import { linePath } from '../../../web/charts/line-path.ts';
import { largestIndex } from '../../../web/charts/probability-bars.tsx';

const same = (value: number) => value;

it('draws nothing for no points and for NaN alone', () => {
  expect(linePath([], same, same)).toBe('');
  expect(linePath([{ x: 1, y: NaN }], same, same)).toBe('');
});

it('breaks at NaN instead of drawing to it', () => {
  const points = [1, 2, NaN, 4, 5].map((y, x) => ({ x, y }));
  const path = linePath(points, same, same);
  expect(path).toBe('M0,1L1,2M3,4L4,5');
  expect(path).not.toContain('NaN');
});

it('the largest of nothing is -1, and NaN never wins', () => {
  expect(largestIndex([])).toBe(-1);
  expect(largestIndex([NaN, NaN])).toBe(-1);
  expect(largestIndex([NaN, 0.1, 0.7])).toBe(2);
  expect(largestIndex([0.5, 0.5])).toBe(0);
});

it('every class has a colour, and the first sixteen differ', () => {
  const colors = Array.from({ length: 16 }, (_, index) => classColor(index));
  expect(new Set(colors).size).toBe(16);
  expect(classColor(16)).toBe(classColor(0));
  expect(classColor(NaN)).toContain('class-color-');
});
