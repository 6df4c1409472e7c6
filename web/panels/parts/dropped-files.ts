import type { PickedFile } from '../../state/picked-files.ts';

const MAX_FILES = 50_000;
const MAX_DEPTH = 12;

/** What was dropped, folders walked through. The entries must be taken before the first await: the browser clears them. */
export async function droppedFiles(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain.map((file) => ({ path: file.name, file }));
  const files: PickedFile[] = [];
  for (const entry of entries) if (entry) await walk(entry, '', 0, files);
  return files;
}

async function walk(entry: FileSystemEntry, folder: string, depth: number, files: PickedFile[]): Promise<void> {
  if (files.length >= MAX_FILES || depth > MAX_DEPTH) return;
  const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    if (file) files.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  // readEntries gives at most a hundred at a time, and an empty list at the end.
  for (;;) {
    const some = await entriesOf(reader);
    if (some.length === 0) return;
    for (const child of some) await walk(child, path, depth + 1, files);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File | undefined> {
  return new Promise((resolve) => entry.file(resolve, () => resolve(undefined)));
}

function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
}
