// A decode module without pictures: the first byte of a file says what becomes of it.
import type { DecodeModule } from '../../../web/workers/module-types.ts';

const coded = (code: string): Error & { code: string; subject: string } =>
  Object.assign(new Error(`The photo is ${code}.`), { code, subject: '' });

/** J: a JPEG of 20 x 10 on its side; W: unsupported; L: too large, 8000 x 8000; B: too large, a bomb; T: truncated; X: traps. */
export class FakeDecode implements DecodeModule {
  calls = 0;
  #trapped = false;
  inspectImage(bytes: Uint8Array): ReturnType<DecodeModule['inspectImage']> {
    this.#enter(bytes);
    switch (String.fromCharCode(bytes[0] ?? 0)) {
      case 'W':
        return coded('unsupported');
      case 'T':
        return coded('truncated');
      case 'L':
        return { format: 'jpeg', width: 8000, height: 8000, orientation: 1 };
      case 'B':
        return { format: 'png', width: 20_000, height: 20_000, orientation: 1 };
      default:
        return { format: 'jpeg', width: 20, height: 10, orientation: 6 };
    }
  }
  decodeToSquare(bytes: Uint8Array, size: number): ReturnType<DecodeModule['decodeToSquare']> {
    if (size > 1024) return coded('invalid-argument');
    if (bytes[0] === 0x4c || bytes[0] === 0x42) return coded('too-large');
    return new Uint8Array(size * size * 3).fill(bytes[1] ?? 0);
  }
  resizeToSquare(pixels: Uint8Array, _w: number, _h: number, _c: number, size: number): Uint8Array {
    return new Uint8Array(size * size * 3).fill(pixels[0] ?? 0);
  }
  hash(bytes: Uint8Array): string {
    this.#enter(bytes);
    return [...bytes]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
      .slice(0, 16)
      .padStart(16, '0');
  }
  setArenaBytes(): void {}

  #enter(bytes: Uint8Array): void {
    this.calls++;
    if (this.#trapped) throw new Error('used after a trap');
    if (bytes[0] === 0x58) {
      this.#trapped = true;
      throw new WebAssembly.RuntimeError('unreachable');
    }
  }
}
