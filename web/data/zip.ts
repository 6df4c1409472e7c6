// A zip as a source. zip.js reads it by random access, strict about structure (overlaps, disagreeing headers, data outside
// the archive) and tolerant about names, which are judged file by file in plan.ts.
import { BlobReader, ZipReader, configure, type FileEntry } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { dataErrors } from '../shared/messages.ts';
import { SortlabError } from '../shared/protocol.ts';
import { SkipError, type ListingHooks, type Source, type SourceLimits } from './source.ts';

// No workers of its own (this already runs in one), and the platform's inflate.
configure({ useWebWorkers: false, useCompressionStream: true });

const localHeader = 0x04034b50;
const endOfDirectory = 0x06054b50;

/** A zip, listed. */
export interface ZipSource extends Source {
  /** The bytes of one file that is itself a zip; fails with SkipError, or as `throwIfCancelled` does. */
  readZip(index: number, throwIfCancelled?: () => void): Promise<Blob>;
}

/** Reads the directory only. Errors: not a zip, damaged, too many files. An empty zip is a source without files. */
export async function listZip(blob: Blob, name: string, hooks: ListingHooks, budget: Budget): Promise<ZipSource> {
  const { limits } = budget;
  const entries = (await isEmptyZip(blob, name)) ? [] : await listEntries(blob, name, hooks, limits);
  return {
    name,
    files: entries.map((entry) => ({
      path: entry.filename,
      bytes: entry.uncompressedSize,
      encrypted: entry.encrypted,
    })),
    read: async (index) => joined(await readEntry(entries[index], budget, limits.fileBytes)),
    readZip: async (index, stop) => new Blob(await readEntry(entries[index], budget, limits.zipBytes, stop)),
  };
}

async function listEntries(
  blob: Blob,
  name: string,
  { onProgress, throwIfCancelled }: ListingHooks,
  limits: SourceLimits,
): Promise<FileEntry[]> {
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
    throw error instanceof SortlabError ? error : dataErrors.damagedZip(name);
  }
  return entries;
}

/** A zip starts with a local header (or, empty, with the end record); everything else is refused before parsing. */
async function isEmptyZip(blob: Blob, name: string): Promise<boolean> {
  let start: ArrayBuffer;
  try {
    start = await blob.slice(0, 4).arrayBuffer();
  } catch {
    throw dataErrors.unreadable(name);
  }
  const signature = start.byteLength < 4 ? 0 : new DataView(start).getUint32(0, true);
  if (signature === endOfDirectory && blob.size <= 22) return true;
  if (signature !== localHeader) throw dataErrors.notAZip(name);
  return false;
}

/** Bytes inflated, of all files; a file that is read again (shown, decoded at another size) counts once. */
export class Budget {
  readonly limits: SourceLimits;
  readonly #counted = new Map<FileEntry, number>();
  #used = 0;
  constructor(limits: SourceLimits) {
    this.limits = limits;
  }
  /** Whether `size` bytes of an entry, inflated from what it stores, are over a limit. */
  isOver(entry: FileEntry, size: number, mostBytes: number): boolean {
    const before = this.#counted.get(entry) ?? 0;
    if (size > before) {
      this.#counted.set(entry, size);
      this.#used += size - before;
    }
    return (
      size > mostBytes ||
      this.#used > this.limits.totalBytes ||
      (size > this.limits.freeBytes && size > entry.compressedSize * this.limits.ratio)
    );
  }
}

type Chunk = Uint8Array<ArrayBuffer>;

/** The bytes of an entry as they come. */
async function readEntry(
  entry: FileEntry | undefined,
  budget: Budget,
  mostBytes: number,
  throwIfCancelled?: () => void,
): Promise<Chunk[]> {
  const path = entry?.filename ?? '';
  if (entry === undefined) throw new SkipError('bad-entry', path);
  if (entry.encrypted) throw new SkipError('encrypted', path);
  const chunks: Chunk[] = [];
  let size = 0;
  let overLimit = false;
  const collect = new WritableStream<Chunk>({
    write(chunk) {
      throwIfCancelled?.();
      size += chunk.byteLength;
      overLimit = budget.isOver(entry, size, mostBytes);
      if (overLimit) throw new Error('over the limit');
      chunks.push(chunk);
    },
  });
  try {
    await entry.getData(collect);
  } catch {
    throwIfCancelled?.();
    throw new SkipError(overLimit ? 'over-limit' : 'bad-entry', path);
  }
  return chunks;
}

function joined(chunks: Chunk[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
