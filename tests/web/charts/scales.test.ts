import { describe, expect, it } from 'vitest';
import { domainOf, levelOf, linearScale, shareOf, ticksOf, wholeTicksOf } from '../../../web/charts/scales.ts';

const cases: [string, number[]][] = [
  ['nothing', []],
  ['only NaN', [NaN, NaN]],
  ['one value', [3.7]],
  ['zero alone', [0]],
  ['equal values', [5, 5, 5]],
  ['equal negative values', [-2, -2]],
  ['all negative', [-5, -3, -9]],
  ['NaN among numbers', [1, NaN, 4]],
  ['infinities among numbers', [1, Infinity, -Infinity, 4]],
  ['tiny', [1e-9, 2e-9]],
  ['large', [1e9, 5e9]],
];

describe.each(cases)('domain of %s', (_, values) => {
  it.each([{}, { includeZero: true }])('holds every finite value and has a length, options %o', (options) => {
    const [low, high] = domainOf(values, options);
    expect(low).toBeLessThan(high);
    for (const value of values.filter(Number.isFinite)) {
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThanOrEqual(high);
    }
    if ('includeZero' in options) expect(low <= 0 && high >= 0).toBe(true);
  });

  it('gives ticks inside it and finite places', () => {
    const domain = domainOf(values);
    const scale = linearScale(domain, [0, 200]);
    const ticks = ticksOf(domain, 4);
    expect(ticks.length).toBeGreaterThan(0);
    for (const tick of ticks) {
      expect(scale(tick)).toBeGreaterThanOrEqual(-1e-9);
      expect(scale(tick)).toBeLessThanOrEqual(200 + 1e-9);
    }
  });
});

it('keeps to the limits it is given', () => {
  expect(domainOf([0.2, 0.97], { min: 0, max: 1 })[1]).toBeLessThanOrEqual(1);
  expect(domainOf([-0.1, 3], { min: 0 })[0]).toBe(0);
});

it('counts in whole numbers only', () => {
  expect(wholeTicksOf([1, 3], 8)).toEqual([1, 2, 3]);
  expect(wholeTicksOf([1, 2], 20).every(Number.isInteger)).toBe(true);
  expect(wholeTicksOf([0.2, 0.4], 3)).toEqual([0]);
});

it('shares are in [0, 1], and 0 for 0/0', () => {
  expect(shareOf(0, 0)).toBe(0);
  expect(shareOf(NaN, 3)).toBe(0);
  expect(shareOf(5, 4)).toBe(1);
  expect(shareOf(-1, 4)).toBe(0);
  expect(shareOf(1, 4)).toBe(0.25);
});

it('something never gets the level of nothing', () => {
  expect(levelOf(0, 6)).toBe(0);
  expect(levelOf(NaN, 6)).toBe(0);
  expect(levelOf(1e-9, 6)).toBe(1);
  expect(levelOf(1, 6)).toBe(6);
  expect(levelOf(1.2, 6)).toBe(6);
});
