import { describe, expect, it, vi } from 'vitest';
import { PhotoDecoder, type BrowserDecode } from '../../../web/workers/photo-decoder.ts';
import { FakeDecode } from './fake-decode.ts';

const file = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
const browser: BrowserDecode = async () => ({ width: 300, height: 200, pixels: new Uint8Array([77, 0, 0, 255]) });

function decoder(browserDecode: BrowserDecode | null = null) {
  const load = vi.fn(async () => new FakeDecode());
  return { load, decoder: new PhotoDecoder(load, browserDecode) };
}

describe('PhotoDecoder', () => {
  it('gives pixels, hash and the upright size', async () => {
    const result = await decoder().decoder.square(file('J\x07'), 4, 'crop');
    expect(result).toEqual({
      ok: true,
      pixels: new Uint8Array(48).fill(7),
      hash: '0000000000004a07',
      width: 10,
      height: 20,
      byBrowser: false,
    });
  });

  it.each([
    ['', 'empty'],
    ['T', 'truncated'],
    ['W', 'unsupported'],
    ['L', 'too-large'],
    ['B', 'too-large'],
    ['X', 'damaged'],
  ])('%j without a browser: %s', async (text, reason) => {
    expect(await decoder().decoder.square(file(text), 4, 'crop')).toEqual({ ok: false, reason });
  });

  it.each(['W', 'L'])('asks the browser for %j', async (text) => {
    const result = await decoder(browser).decoder.square(file(text), 4, 'crop');
    expect(result).toMatchObject({
      ok: true,
      byBrowser: true,
      width: 300,
      height: 200,
      pixels: new Uint8Array(48).fill(77),
    });
  });

  it.each([
    ['B', 'too-large'],
    ['T', 'truncated'],
  ])('never asks the browser for %j', async (text, reason) => {
    const asked = vi.fn(browser);
    expect(await decoder(asked).decoder.square(file(text), 4, 'crop')).toEqual({ ok: false, reason });
    expect(asked).not.toHaveBeenCalled();
  });

  it('does not blame the photo for a wrong setting', async () => {
    await expect(decoder(browser).decoder.square(file('J'), 4000, 'crop')).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('keeps the reason when the browser cannot either', async () => {
    expect(await decoder(async () => null).decoder.square(file('W'), 4, 'crop')).toEqual({
      ok: false,
      reason: 'unsupported',
    });
  });

  it('replaces the module after a trap, once', async () => {
    const { load, decoder: photos } = decoder();
    expect(await photos.square(file('X'), 4, 'crop')).toEqual({ ok: false, reason: 'damaged' });
    expect(await photos.square(file('J'), 4, 'crop')).toMatchObject({ ok: true });
    expect(await photos.inspect(file('J'))).toMatchObject({ ok: true, width: 10, height: 20 });
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('inspects headers: soundness, and sizes that nothing could decode', async () => {
    const { decoder: photos } = decoder();
    expect(await photos.inspect(file('T'))).toEqual({ ok: false, reason: 'truncated' });
    expect(await photos.inspect(file('B'))).toEqual({ ok: false, reason: 'too-large' });
    expect(await photos.inspect(file('L'))).toMatchObject({ ok: true, width: 8000 });
  });
});
