// Dropped files or a folder as a source.
import { dataErrors } from '../shared/messages.ts';
import { SkipError, sourceLimits, type Source, type SourceLimits } from './source.ts';

export function openFiles(
  files: readonly { path: string; file: Blob }[],
  name: string,
  limits: SourceLimits = sourceLimits,
): Source {
  if (files.length > limits.files) throw dataErrors.tooManyFiles(name, limits.files);
  return {
    name,
    files: files.map(({ path, file }) => ({ path, bytes: file.size, encrypted: false })),
    read: async (index) => {
      const entry = files[index];
      if (entry === undefined) throw new SkipError('bad-entry', '');
      if (entry.file.size > limits.fileBytes) throw new SkipError('over-limit', entry.path);
      try {
        return new Uint8Array(await entry.file.arrayBuffer());
      } catch {
        throw new SkipError('damaged', entry.path); // moved or changed since it was dropped
      }
    },
  };
}
