import { describe, expect, it } from 'vitest';
import { serve } from '../../../web/shared/call.ts';
import { eventPort } from '../../../web/shared/ports.ts';
import type { DecodeApi } from '../../../web/workers/decode-api.ts';
import { DecodePool } from '../../../web/workers/decode-pool.ts';
import { PhotoDecoder } from '../../../web/workers/photo-decoder.ts';
import type { WorkerLink } from '../../../web/workers/worker-link.ts';
import { FakeDecode } from './fake-decode.ts';

const file = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));

/** Decoders in this thread; a file that starts with K kills its decoder, one with S never ends. */
function decoders(options: { failsToStart?: boolean; hangsAtStart?: boolean } = {}) {
  const counts = { started: 0, ended: 0, busy: 0, mostBusy: 0 };
  const start = (): WorkerLink => {
    counts.started++;
    const { port1, port2 } = new MessageChannel();
    const deaths: (() => void)[] = [];
    const die = (): void => deaths.forEach((death) => death());
    const decoder = new PhotoDecoder(async () => new FakeDecode());
    const handlers = decoder.handlers();
    serve<DecodeApi>(eventPort(port2), {
      start: async () => {
        if (options.failsToStart === true) {
          die();
          await new Promise(() => undefined);
        }
        if (options.hangsAtStart === true) await new Promise(() => undefined);
      },
      ...handlers,
      square: async (params, context) => {
        counts.mostBusy = Math.max(counts.mostBusy, ++counts.busy);
        if (params.bytes[0] === 0x4b) {
          die();
          counts.busy--;
          return new Promise(() => undefined);
        }
        if (params.bytes[0] === 0x53) return new Promise(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, 2));
        counts.busy--;
        return handlers.square(params, context);
      },
    });
    return {
      port: eventPort(port1),
      onDeath: (listener) => deaths.push(listener),
      terminate: () => {
        counts.ended++;
        port1.close();
      },
    };
  };
  return { counts, start };
}

describe('DecodePool', () => {
  it('runs at most its size at once, and ends all of them', async () => {
    const { counts, start } = decoders();
    const pool = new DecodePool(start, 'wasm/', 3);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => pool.square(file(`J${String.fromCharCode(index)}`), 2, 'crop')),
    );
    expect(results.map((result) => (result.ok ? result.pixels[0] : 'none'))).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(counts).toEqual({ started: 3, ended: 0, busy: 0, mostBusy: 3 });
    pool.end();
    expect(counts.ended).toBe(3);
    expect(await pool.square(file('J'), 2, 'crop'), 'starts again').toMatchObject({ ok: true });
    expect(counts.started).toBe(4);
    pool.end();
  });

  it('reports the photo whose decoder died as damaged, and goes on with another', async () => {
    const { counts, start } = decoders();
    const pool = new DecodePool(start, 'wasm/', 1);
    const results = await Promise.all(['J', 'K', 'J'].map((text) => pool.square(file(text), 2, 'crop')));
    expect(results.map((result) => (result.ok ? 'ok' : result.reason))).toEqual(['ok', 'damaged', 'ok']);
    expect(counts.started).toBe(2);
    pool.end();
  });

  it('skips the photo a decoder is stuck on, and goes on with another', async () => {
    const { counts, start } = decoders();
    const pool = new DecodePool(start, 'wasm/', 1, 10);
    const results = await Promise.all(['J', 'S', 'J'].map((text) => pool.square(file(text), 2, 'crop')));
    expect(results.map((result) => (result.ok ? 'ok' : result.reason))).toEqual(['ok', 'too-slow', 'ok']);
    expect([counts.started, counts.ended]).toEqual([2, 1]);
    pool.end();
  });

  it('fails when decoders never finish starting', async () => {
    const pool = new DecodePool(decoders({ hangsAtStart: true }).start, 'wasm/', 2, 10);
    await expect(pool.square(file('J'), 2, 'crop')).rejects.toThrow('it did not start');
    pool.end();
  });

  it('fails when decoders do not even start', async () => {
    const pool = new DecodePool(decoders({ failsToStart: true }).start, 'wasm/', 2);
    await expect(pool.square(file('J'), 2, 'crop')).rejects.toThrow('could not be loaded');
    pool.end();
  });

  it('rejects what is under way and waiting when it ends', async () => {
    const pool = new DecodePool(decoders().start, 'wasm/', 1);
    const jobs = ['S', 'J'].map((text) => pool.square(file(text), 2, 'crop'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    pool.end();
    for (const job of jobs) await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  });
});
