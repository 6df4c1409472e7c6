import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatLoss,
  formatNumberOf,
  formatPercent,
  formatRate,
  formatTimeLeft,
} from '../../../web/charts/format.ts';

/** The unit is joined by a no-break space, so that a figure never ends a line alone. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('formatPercent', () => {
  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.5, '50 %'],
    [0.876, '88 %'],
    [0.0004, '< 0.1 %'],
    [0.004, '0.4 %'],
    [0.996, '99.6 %'],
    [0.99999, '> 99.9 %'],
    [NaN, '–'],
    [Infinity, '–'],
  ])('%s is %s', (share, text) => expect(plain(formatPercent(share))).toBe(text));

  it('never says all or nothing of what is not', () => {
    const shares = Array.from({ length: 2700 }, (_, index) => 0.0001 + index * 0.00037);
    const lies = shares.filter((share) => ['0 %', '0.0 %', '100 %', '100.0 %'].includes(plain(formatPercent(share))));
    expect(lies).toEqual([]);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [0.4, 'under 1 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [3599.7, '1 h'],
    [4320, '1 h 12 min'],
    [NaN, '–'],
    [-1, '–'],
  ])('%s s is %s', (seconds, text) => expect(plain(formatDuration(seconds))).toBe(text));

  it.each([
    [Infinity, 'working out the time left'],
    [NaN, 'working out the time left'],
    [0, 'a few seconds left'],
    [31, 'about 35 s left'],
    [61, 'about 1 min 15 s left'],
    [1201, 'about 21 min left'],
  ])('%s s left is "%s"', (seconds, text) => expect(plain(formatTimeLeft(seconds))).toBe(text));
});

it('formats the rest, and a dash for what is no number', () => {
  expect(plain(formatBytes(0))).toBe('0 bytes');
  expect(plain(formatBytes(52_400_000))).toBe('52 MB');
  expect(plain(formatBytes(1_200_000))).toBe('1.2 MB');
  expect(formatBytes(NaN)).toBe('–');
  expect(formatCount(2022)).toBe('2,022');
  expect(formatCount(NaN)).toBe('–');
  expect(formatNumberOf(1, 'photo')).toBe('1 photo');
  expect(formatNumberOf(0, 'class', 'classes')).toBe('0 classes');
  expect(formatLoss(1.7918)).toBe('1.79');
  expect(formatLoss(12.3)).toBe('12');
  expect(formatLoss(NaN)).toBe('–');
  expect(formatRate(0)).toBe('–');
  expect(formatRate(3.14)).toBe('3.1');
});
