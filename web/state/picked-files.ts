import type { DataSource } from '../shared/data-api.ts';
import { leftOutSentence } from '../shared/messages.ts';
import { showName } from '../shared/names.ts';

/** A file as it was picked or dropped. `path` has folders where they are known: "glass/1.jpg", else just the name. */
export interface PickedFile {
  path: string;
  file: File;
}

export type Picked =
  | { kind: 'source'; source: DataSource }
  | { kind: 'photos'; files: PickedFile[]; leftOut: string } // no folder says what they show: the person does
  | { kind: 'model'; file: File }
  | { kind: 'refused'; message: string };

const photoEndings = /\.(jpe?g|jfif|png|webp|gif|bmp|avif|heic|heif|tiff?)$/i;

// Files that systems put among the photos unasked: nobody misses them, so that nothing is said of them.
const systemFiles = /^(?:\..*|thumbs\.db|desktop\.ini)$/i;

function looksLikePhoto(file: File): boolean {
  return file.type.startsWith('image/') || photoEndings.test(file.name);
}

/** The photos by name and type, and one sentence that names the other files, or ''. */
export function photosAmong(picked: readonly PickedFile[]): { photos: PickedFile[]; leftOut: string } {
  const photos = picked.filter(({ file }) => looksLikePhoto(file));
  const others = picked.filter(({ file }) => !looksLikePhoto(file) && !systemFiles.test(file.name));
  return { photos, leftOut: leftOutSentence(others.map(({ file }) => file.name)) };
}

/** What the person meant by these files. Looks at names only; the data worker judges the contents. */
export function sortPicked(picked: PickedFile[]): Picked {
  const [first] = picked;
  if (!first)
    return refuse('Nothing arrived; drop a zip, a folder with one folder of photos for each class, or photos.');
  const folders = picked.filter(({ path }) => path.includes('/'));
  if (folders.length > 0) {
    const files = picked.map(({ path, file }) => ({ path, file }));
    return { kind: 'source', source: { kind: 'files', name: rootOf(folders), files } };
  }
  const zips = picked.filter(({ file }) => isZip(file));
  if (zips.length > 0 && zips.length < picked.length) {
    return refuse('A zip and other files came together; drop the zip alone, or the photos alone.');
  }
  if (zips.length > 1) {
    // One zip per class: each stands for a folder of its name.
    return { kind: 'source', source: { kind: 'files', name: `${zips.length} zips`, files: picked } };
  }
  if (zips.length === 1) return { kind: 'source', source: { kind: 'zip', name: first.file.name, file: first.file } };
  if (picked.length === 1 && /\.safetensors$/i.test(first.file.name)) return { kind: 'model', file: first.file };
  const { photos, leftOut } = photosAmong(picked);
  if (photos.length > 0) return { kind: 'photos', files: photos, leftOut };
  return refuse(
    `“${showName(first.file.name)}” is no zip, folder or photo; drop a zip with one folder of photos for each class.`,
  );
}

function isZip(file: File): boolean {
  return /\.zip$/i.test(file.name) || /^application\/(x-)?zip(-compressed)?$/.test(file.type);
}

/** "photos" for photos/glass/1.jpg, photos/paper/2.jpg; several roots are named by the first. */
function rootOf(files: PickedFile[]): string {
  const roots = new Set(files.map(({ path }) => path.replace(/^\/+/, '').split('/')[0] ?? ''));
  const [root = 'folder'] = roots;
  return roots.size > 1 ? `${root} and ${roots.size - 1} more` : root;
}

function refuse(message: string): Picked {
  return { kind: 'refused', message };
}
