// A zip as a source. zip.js reads it by random access, strict about structure (overlaps, disagreeing headers, data outside
// the archive) and tolerant about names, which are judged file by file in plan.ts.
import { BlobReader, ZipReader, configure, type FileEntry } from '@zip.js/zip.js/lib/zip-core-custom.js';
import { dataErrors } from '../shared/messages.ts';
import { SortlabError } from '../shared/protocol.ts';
import { crc32 } from './crc32.ts';
import { SkipError, type ListingHooks, type Source, type SourceLimits } from './source.ts';

// No workers of its own: this already runs in one.
configure({ useWebWorkers: false });

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
    read: async (index) => joined(await readEntry(blob, entries[index], budget, limits.fileBytes)),
    readZip: async (index, stop) => new Blob(await readEntry(blob, entries[index], budget, limits.zipBytes, stop)),
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
  zip: Blob,
  entry: FileEntry | undefined,
  budget: Budget,
  mostBytes: number,
  throwIfCancelled?: () => void,
): Promise<Chunk[]> {
  const path = entry?.filename ?? '';
  if (entry === undefined) throw new SkipError('bad-entry', path);
  if (entry.encrypted) throw new SkipError('encrypted', path);
  let chunks: Chunk[] | null;
  try {
    chunks = await read(await dataOf(zip, entry), entry, (size) => {
      throwIfCancelled?.();
      return budget.isOver(entry, size, mostBytes);
    });
  } catch {
    throwIfCancelled?.();
    throw new SkipError('bad-entry', path);
  }
  if (chunks === null) throw new SkipError('over-limit', path);
  if (sizeOf(chunks) !== entry.uncompressedSize || chunks.reduce(crc32, 0) !== entry.crc32) {
    throw new SkipError('bad-entry', path);
  }
  return chunks;
}

/**
 * What the zip stores of an entry. zip.js compares its headers and looks for overlaps, but does not read it: it would put
 * every photo through a chain of streams, whose remains weigh more than the photos.
 */
async function dataOf(zip: Blob, entry: FileEntry): Promise<Blob> {
  await entry.getData(new WritableStream(), { checkOverlappingEntryOnly: true });
  const { dataOffset } = entry.localDirectory ?? {};
  if (dataOffset === undefined) throw new Error('no local header');
  return zip.slice(dataOffset, dataOffset + entry.compressedSize);
}

/** null: over a limit. */
async function read(data: Blob, entry: FileEntry, isOver: (size: number) => boolean): Promise<Chunk[] | null> {
  switch (entry.compressionMethod) {
    case 0:
      return isOver(data.size) ? null : [new Uint8Array(await data.arrayBuffer())];
    case 8:
      return inflate(data, isOver);
    default:
      throw new Error('an unknown method');
  }
}

/** Ends as soon as it is too much: null. */
async function inflate(data: Blob, isOver: (size: number) => boolean): Promise<Chunk[] | null> {
  const reader = data.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const chunks: Chunk[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return chunks;
      size += value.byteLength;
      if (isOver(size)) return null;
      chunks.push(value);
    }
  } finally {
    void reader.cancel().catch(() => undefined); // nothing where it has come to its end
  }
}

function sizeOf(chunks: Chunk[]): number {
  return chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function joined(chunks: Chunk[]): Chunk {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(sizeOf(chunks));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
