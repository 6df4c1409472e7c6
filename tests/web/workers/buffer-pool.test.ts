import { describe, expect, it } from 'vitest';
import { BufferPool } from '../../../web/workers/buffer-pool.ts';

describe('BufferPool', () => {
  it('hands out what was given back before it makes another', () => {
    const pool = new BufferPool(12);
    const first = pool.take();
    expect(first.byteLength).toBe(12);
    pool.give(first);
    expect(pool.take().buffer).toBe(first.buffer);
    expect(pool.take().buffer).not.toBe(first.buffer);
  });

  it('takes a part of a buffer back as the whole', () => {
    const pool = new BufferPool(12);
    const part = pool.take().subarray(0, 4);
    pool.give(part);
    const whole = pool.take();
    expect(whole.buffer).toBe(part.buffer);
    expect(whole.byteLength).toBe(12);
  });

  it('keeps nothing that was lost on its way or is of another size', () => {
    const pool = new BufferPool(12);
    const lost = pool.take();
    structuredClone(lost, { transfer: [lost.buffer] });
    pool.give(lost);
    pool.give(new Uint8Array(13));
    expect(pool.take().byteLength).toBe(12);
  });
});
