// Files and folders of the command line's user.
import { openAsBlob } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { DataSource } from '../shared/data-api.ts';
import { dataErrors, modelAdvice } from '../shared/messages.ts';
import { showPath } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';
import { sourceLimits } from '../data/source.ts';

const modelBytesLimit = 2 ** 30;

function unreachable(path: string, error: unknown): SortlabError {
  const { code } = error as { code?: string };
  const why = code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : 'cannot be read';
  return new SortlabError('invalid-argument', `“${showPath(path)}” ${why}; check the path.`, path);
}

function folderGiven(path: string, advice: string): SortlabError {
  return new SortlabError('invalid-argument', `“${showPath(path)}” is a folder; ${advice}`, path);
}

/** A zip, or a folder with one folder per class. */
export async function openInput(path: string): Promise<DataSource> {
  const name = basename(resolve(path));
  try {
    const found = await stat(path);
    if (found.isDirectory()) return { kind: 'files', name, files: await filesBelow(path, name) };
    return { kind: 'zip', name, file: await openAsBlob(path) };
  } catch (error) {
    throw error instanceof SortlabError ? error : unreachable(path, error);
  }
}

/** Links to files are followed, links to folders are not: they may lead in circles. */
async function filesBelow(root: string, name: string): Promise<{ path: string; file: Blob }[]> {
  const files: { path: string; file: Blob }[] = [];
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await walk(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(root, path))))) {
        if (files.length >= sourceLimits.files) throw dataErrors.tooManyFiles(name, sourceLimits.files);
        files.push({ path, file: await openAsBlob(join(root, path)) });
      }
    }
  };
  await walk('');
  return files;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

export async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw folderGiven(path, modelAdvice);
    if (found.size > modelBytesLimit) {
      throw new SortlabError('too-large', `“${showPath(path)}” is too large to be a model file.`, path);
    }
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw error instanceof SortlabError ? error : unreachable(path, error);
  }
}

/** The file, or why it cannot be opened, in a sentence. */
export async function openImage(path: string): Promise<Blob | string> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw folderGiven(path, `name the photos in it, such as ${showPath(path)}/*.jpg.`);
    if (!found.isFile()) throw new Error('not a file');
    return await openAsBlob(path);
  } catch (error) {
    return (error instanceof SortlabError ? error : unreachable(path, error)).message;
  }
}
