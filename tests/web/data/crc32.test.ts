import { crc32 as nodeCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../../../web/data/crc32.ts';

describe('crc32', () => {
  it('gives the check value of its specification', () => {
    expect(crc32(0, new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(0, new Uint8Array(0))).toBe(0);
  });

  it.each([1, 7, 64, 1001])('agrees with another implementation over %i bytes, in one piece and in two', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 151 + (index >> 3)) % 256);
    expect(crc32(0, bytes)).toBe(nodeCrc32(bytes));
    expect(crc32(crc32(0, bytes.subarray(0, 5)), bytes.subarray(5))).toBe(nodeCrc32(bytes));
  });
});
