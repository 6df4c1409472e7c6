// Any source, with the zips inside it opened in place: teachers pack one zip per class, and then all of them into one. A zip
// inside stands for a folder of its name. One level deep, under limits that hold for all of it together; a zip that cannot
// be opened is one skipped file.
import type { DataSource, SkipReason } from '../shared/data-api.ts';
import { dataErrors } from '../shared/messages.ts';
import { SortlabError } from '../shared/protocol.ts';
import { openFiles } from './files.ts';
import { isJunkPath } from './plan.ts';
import {
  SkipError,
  sourceLimits,
  type ListingHooks,
  type Source,
  type SourceFile,
  type SourceLimits,
} from './source.ts';
import { Budget, listZip } from './zip.ts';

/** Names and sizes only, but for zips inside, which are inflated. Errors: not a zip, damaged, empty, too many files. */
export async function openSource(
  source: DataSource,
  hooks: ListingHooks = {},
  limits: SourceLimits = sourceLimits,
): Promise<Source> {
  const budget = new Budget(limits);
  if (source.kind === 'zip') {
    const zip = await listZip(source.file as Blob, source.name, hooks, budget);
    if (zip.files.length === 0) throw dataErrors.emptyZip(source.name);
    return withInnerZips(zip, (index) => zip.readZip(index, hooks.throwIfCancelled), { hooks, limits, budget });
  }
  const files = source.files as { path: string; file: Blob }[];
  const blobOf = (index: number): Promise<Blob> => {
    const { path, file } = files[index] ?? { path: '', file: new Blob() };
    return file.size > limits.zipBytes ? Promise.reject(new SkipError('over-limit', path)) : Promise.resolve(file);
  };
  return withInnerZips(openFiles(files, source.name, limits), blobOf, { hooks, limits, budget });
}

interface Listing {
  hooks: ListingHooks;
  limits: SourceLimits;
  budget: Budget;
}

async function withInnerZips(
  outer: Source,
  blobOf: (index: number) => Promise<Blob>,
  { hooks, limits, budget }: Listing,
): Promise<Source> {
  const files: SourceFile[] = [];
  const readers: (() => ReturnType<Source['read']>)[] = [];
  const add = (file: SourceFile, read: () => ReturnType<Source['read']>): void => {
    if (files.length >= limits.files) throw dataErrors.tooManyFiles(outer.name, limits.files);
    files.push(file);
    readers.push(read);
  };
  for (const [index, file] of outer.files.entries()) {
    if (!isZipName(file.path) || isJunkPath(file.path)) {
      add(file, () => outer.read(index));
      continue;
    }
    hooks.throwIfCancelled?.();
    const inner = await openInner(file, () => blobOf(index), { hooks, budget });
    if (typeof inner === 'string') {
      add({ ...file, skip: inner }, () => Promise.reject(new SkipError(inner, file.path)));
      continue;
    }
    const folder = file.path.slice(0, -'.zip'.length);
    inner.files.forEach((found, place) => add({ ...found, path: `${folder}/${found.path}` }, () => inner.read(place)));
  }
  return {
    name: outer.name,
    files,
    read: (index) => readers[index]?.() ?? Promise.reject(new SkipError('bad-entry', '')),
  };
}

/** The zip, or why it is left out. */
async function openInner(
  file: SourceFile,
  blob: () => Promise<Blob>,
  { hooks, budget }: Pick<Listing, 'hooks' | 'budget'>,
): Promise<Source | SkipReason> {
  if (file.encrypted) return 'encrypted';
  try {
    const zip = await listZip(await blob(), file.path, hooks, budget);
    return zip.files.length === 0 ? 'empty' : zip;
  } catch (error) {
    if (error instanceof SkipError) return error.reason;
    if (!(error instanceof SortlabError)) return 'bad-entry';
    if (error.code === 'cancelled') throw error;
    return error.code === 'too-large' ? 'over-limit' : 'bad-entry';
  }
}

function isZipName(path: string): boolean {
  return /\.zip$/iu.test(path);
}
