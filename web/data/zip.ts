// A zip as a source. zip.js reads it by random access, strict about structure (overlaps, disagreeing headers, data outside
// the archive) and tolerant about names, which are judged file by file in plan.ts.
import { BlobReader, ZipReader, configure, type FileEntry } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { dataErrors } from '../shared/messages.ts';
import { SkipError, sourceLimits, type Source, type SourceLimits } from './source.ts';

// No workers of its own (this already runs in one), and the platform's inflate.
configure({ useWebWorkers: false, useCompressionStream: true });

const localHeader = 0x04034b50;
const endOfDirectory = 0x06054b50;

export interface ZipProgress {
  onProgress?: (done: number, total: number) => void;
  throwIfCancelled?: () => void;
}

/** Reads the directory only. Errors: not a zip, damaged, empty, too many files. */
export async function openZip(
  blob: Blob,
  name: string,
  { onProgress, throwIfCancelled }: ZipProgress = {},
  limits: SourceLimits = sourceLimits,
): Promise<Source> {
  await refuseOtherFiles(blob, name);
  const reader = new ZipReader(new BlobReader(blob), {
    strictness: 'strict',
    filenameValidation: 'tolerant',
    checkCrc32: true,
    checkOverlappingEntry: true,
  });
  const entries: FileEntry[] = [];
  let listed = 0;
  try {
    for await (const entry of reader.getEntriesGenerator({
      onprogress: async (done, total) => onProgress?.(done, total),
    })) {
      throwIfCancelled?.();
      if (++listed > limits.files) throw dataErrors.tooManyFiles(name, limits.files);
      if (!entry.directory) entries.push(entry);
    }
  } catch (error) {
    throw error instanceof Error && 'code' in error && typeof error.code === 'string' && error.name === 'SortlabError'
      ? error
      : dataErrors.damagedZip(name);
  }
  if (entries.length === 0) throw dataErrors.emptyZip(name);

  const budget = new Budget(limits);
  return {
    name,
    files: entries.map((entry) => ({
      path: entry.filename,
      bytes: entry.uncompressedSize,
      encrypted: entry.encrypted,
    })),
    read: (index) => readEntry(entries[index], budget),
  };
}

/** A zip starts with a local header (or, empty, with the end record); everything else is told apart before parsing. */
async function refuseOtherFiles(blob: Blob, name: string): Promise<void> {
  let start: ArrayBuffer;
  try {
    start = await blob.slice(0, 4).arrayBuffer();
  } catch {
    throw dataErrors.unreadable(name);
  }
  const signature = start.byteLength < 4 ? 0 : new DataView(start).getUint32(0, true);
  if (signature === endOfDirectory && blob.size <= 22) throw dataErrors.emptyZip(name);
  if (signature !== localHeader) throw dataErrors.notAZip(name);
}

/** Bytes inflated, of all files; a file that is read again (shown, decoded at another size) counts once. */
class Budget {
  readonly limits: SourceLimits;
  readonly #counted = new Map<FileEntry, number>();
  #used = 0;
  constructor(limits: SourceLimits) {
    this.limits = limits;
  }
  /** Whether `size` bytes of an entry, inflated from what it stores, are over a limit. */
  isOver(entry: FileEntry, size: number): boolean {
    const before = this.#counted.get(entry) ?? 0;
    if (size > before) {
      this.#counted.set(entry, size);
      this.#used += size - before;
    }
    return (
      size > this.limits.fileBytes ||
      this.#used > this.limits.totalBytes ||
      (size > this.limits.freeBytes && size > entry.compressedSize * this.limits.ratio)
    );
  }
}

async function readEntry(entry: FileEntry | undefined, budget: Budget): Promise<Uint8Array<ArrayBuffer>> {
  const path = entry?.filename ?? '';
  if (entry === undefined) throw new SkipError('bad-entry', path);
  if (entry.encrypted) throw new SkipError('encrypted', path);
  const chunks: Uint8Array[] = [];
  let size = 0;
  let overLimit = false;
  const collect = new WritableStream<Uint8Array>({
    write(chunk) {
      size += chunk.byteLength;
      overLimit = budget.isOver(entry, size);
      if (overLimit) throw new Error('over the limit');
      chunks.push(chunk);
    },
  });
  try {
    await entry.getData(collect);
  } catch {
    throw new SkipError(overLimit ? 'over-limit' : 'bad-entry', path);
  }
  return joined(chunks, size);
}

function joined(chunks: Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
