// Calls a reading worker answers. It holds one source.
import type { DataSource, SkipReason } from '../shared/data-api.ts';
import type { Call } from '../shared/protocol.ts';
import type { SourceFile } from '../data/source.ts';

export type SourceReaderApi = {
  /** Lists the source. Errors as openSource. */
  open: Call<{ source: DataSource }, SourceFile[], { done: number; total: number }>;
  read: Call<{ index: number }, { ok: true; bytes: Uint8Array<ArrayBuffer> } | { ok: false; reason: SkipReason }>;
};
