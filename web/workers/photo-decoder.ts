// One photo's bytes to a square of RGB: our decoder first, the browser's for what ours does not read, our resize for both.
// The bytes are untrusted: a photo that makes the module trap is reported as damaged, and the module is replaced.
import type { SkipReason } from '../shared/data-api.ts';
import type { Fit } from '../shared/engine-types.ts';
import { toWireError } from '../shared/call.ts';
import type { DecodedSquare, DecodeApi, Inspected, NotDecoded } from './decode-api.ts';
import type { DecodeModule, Fallible } from './module-types.ts';
import { ownBytes } from './own-bytes.ts';
import { SortlabError, type Handlers } from '../shared/protocol.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** RGBA bytes as the browser decodes them, upright; null: it cannot. */
export type BrowserDecode = (
  bytes: Uint8Array<ArrayBuffer>,
) => Promise<{ width: number; height: number; pixels: Uint8Array } | null>;

/** Over this nobody is asked: a small file may claim any size. */
const pixelLimit = 64_000_000;

export class PhotoDecoder {
  readonly #load: () => Promise<DecodeModule>;
  readonly #browserDecode: BrowserDecode | null;
  #module: DecodeModule | null = null;

  constructor(load: () => Promise<DecodeModule>, browserDecode: BrowserDecode | null = null) {
    this.#load = load;
    this.#browserDecode = browserDecode;
  }

  async start(): Promise<void> {
    this.#module ??= await this.#load();
  }

  /** `into`: a buffer for the pixels, where it is of their size. */
  async square(bytes: Bytes, size: number, fit: Fit, into?: Bytes): Promise<DecodedSquare | NotDecoded> {
    if (bytes.byteLength === 0) return { ok: false, reason: 'empty' };
    return this.#guarded(async (module) => {
      const hash = module.hash(bytes);
      const header = module.inspectImage(bytes);
      const pixels = header instanceof Error ? header : module.decodeToSquare(bytes, size, fit);
      if (!(header instanceof Error) && !(pixels instanceof Error)) {
        return { ok: true, pixels: owned(pixels, into), hash, ...upright(header), byBrowser: false };
      }
      const reason = reasonOf(pixels);
      const mayAsk = reason === 'unsupported' || (reason === 'too-large' && !isBomb(header));
      const seen = mayAsk ? await this.#browserDecode?.(bytes) : null;
      if (seen === null || seen === undefined) return { ok: false, reason };
      const square = module.resizeToSquare(seen.pixels, seen.width, seen.height, 4, size, fit);
      if (square instanceof Error) return { ok: false, reason: reasonOf(square) };
      return { ok: true, pixels: owned(square, into), hash, width: seen.width, height: seen.height, byBrowser: true };
    });
  }

  async inspect(bytes: Uint8Array<ArrayBuffer>): Promise<Inspected | NotDecoded> {
    if (bytes.byteLength === 0) return { ok: false, reason: 'empty' };
    return this.#guarded(async (module) => {
      const header = module.inspectImage(bytes);
      if (header instanceof Error) return { ok: false, reason: reasonOf(header) };
      if (isBomb(header)) return { ok: false, reason: 'too-large' as const };
      return { ok: true, hash: module.hash(bytes), ...upright(header) };
    });
  }

  async #guarded<T>(work: (module: DecodeModule) => Promise<T>): Promise<T | NotDecoded> {
    this.#module ??= await this.#load();
    try {
      return await work(this.#module);
    } catch (error) {
      if (error instanceof SortlabError) throw error;
      this.#module = null; // a trap: nothing in that memory can be trusted
      return { ok: false, reason: 'damaged' };
    }
  }

  handlers(): Omit<Handlers<DecodeApi>, 'start'> {
    return {
      square: async ({ bytes, size, fit, into }, context) => {
        const result = await this.square(bytes, size, fit, into);
        if (result.ok) context.transfer(result.pixels.buffer);
        return result;
      },
      inspect: ({ bytes }) => this.inspect(bytes),
    };
  }
}

function upright({ width, height, orientation }: { width: number; height: number; orientation: number }): {
  width: number;
  height: number;
} {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

function isBomb(header: Fallible<{ width: number; height: number }>): boolean {
  return header instanceof Error || header.width * header.height > pixelLimit;
}

/** Pixels that can be handed over: in `into` where that fits, a copy where the module gave a view. */
function owned(pixels: Uint8Array, into?: Bytes): Bytes {
  if (into?.byteLength === pixels.byteLength) {
    into.set(pixels);
    return into;
  }
  return ownBytes(pixels);
}

/** A wrong setting is no fault of the photo: it is thrown. */
function reasonOf(error: unknown): SkipReason {
  const { code, message, subject } = toWireError(error);
  switch (code) {
    case 'invalid-argument':
      throw new SortlabError(code, message, subject);
    case 'truncated':
      return 'truncated';
    case 'unsupported':
      return 'unsupported';
    case 'too-large':
    case 'out-of-memory':
      return 'too-large';
    default:
      return 'damaged';
  }
}
