// Calls a decode worker answers. It holds nothing but the decode module.
import type { SkipReason } from '../shared/data-api.ts';
import type { Call } from '../shared/protocol.ts';
import type { Fit } from '../shared/engine-types.ts';

export interface DecodedSquare {
  ok: true;
  pixels: Uint8Array<ArrayBuffer>; // (size, size, 3)
  hash: string; // FNV-1a-64 of the file's bytes, 16 hexadecimal digits
  width: number; // of the photo, turned upright
  height: number;
  byBrowser: boolean; // not decoded by our decoder
}
export interface NotDecoded {
  ok: false;
  reason: SkipReason;
}

export interface Inspected {
  ok: true;
  width: number;
  height: number;
  hash: string;
}

export type DecodeApi = {
  start: Call<{ wasmUrl: string }, void>;
  /** `into`: (size, size, 3), handed over, filled and handed back as the pixels. */
  square: Call<
    { bytes: Uint8Array<ArrayBuffer>; size: number; fit: Fit; into?: Uint8Array<ArrayBuffer> | undefined },
    DecodedSquare | NotDecoded
  >;
  /** Size and soundness without decoding the pixels. */
  inspect: Call<{ bytes: Uint8Array<ArrayBuffer> }, Inspected | NotDecoded>;
};
