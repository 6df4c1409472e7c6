// Where photos come from: a zip or dropped files. A source lists its files without reading them, and reads one at a time;
// the originals stay where they are.
import type { SkipReason } from '../shared/data-api.ts';
import { skipSentence } from '../shared/messages.ts';

export interface SourceFile {
  path: string; // as stored, any characters; "/" between folders
  bytes: number; // as declared
  encrypted: boolean;
  /** Why it is left out whatever it is: an inner zip that cannot be opened. */
  skip?: SkipReason;
}

export interface Source {
  name: string;
  files: SourceFile[];
  /** The bytes of one file; fails with SkipError, and only that. */
  read(index: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Gives back the memory that reading took; a later read takes it again. */
  rest?(): void;
}

/** Why one file is left out. */
export class SkipError extends Error {
  readonly reason: SkipReason;
  constructor(reason: SkipReason, path: string) {
    super(skipSentence(reason, path));
    this.name = 'SkipError';
    this.reason = reason;
  }
}

/** What the source may hold; counted while reading, never taken from what a file declares. */
export interface SourceLimits {
  files: number;
  fileBytes: number;
  zipBytes: number; // a zip inside; it is held while the photos in it are needed
  totalBytes: number;
  ratio: number; // inflated to stored bytes, once over freeBytes
  freeBytes: number;
}

export const sourceLimits: SourceLimits = {
  files: 50_000,
  fileBytes: 64 * 2 ** 20,
  zipBytes: 512 * 2 ** 20,
  totalBytes: 8 * 2 ** 30,
  ratio: 200,
  freeBytes: 2 ** 20,
};

/** For listing a source: progress, and a way out. */
export interface ListingHooks {
  onProgress?: (done: number, total: number) => void;
  throwIfCancelled?: () => void;
}
