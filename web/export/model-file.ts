// The model as a file on the person's own disk.
import { showName } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';

export const modelEnding = '.safetensors';
const MAX_BYTES = 512 * 1024 * 1024;
const MIN_BYTES = 16;

/** Reads a file somebody chose. The engine judges what is inside; here only what would be hopeless is refused. */
export async function readModelFile(file: File): Promise<{ bytes: Uint8Array; name: string }> {
  if (!file.name.toLowerCase().endsWith(modelEnding)) {
    throw new SortlabError(
      'invalid-data',
      `“${showName(file.name)}” is no model file; choose one that ends in ${modelEnding}.`,
    );
  }
  if (file.size < MIN_BYTES)
    throw new SortlabError('invalid-data', `“${showName(file.name)}” is empty; choose another model file.`);
  if (file.size > MAX_BYTES)
    throw new SortlabError('invalid-data', `“${showName(file.name)}” is larger than any model made here (512 MB).`);
  return { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name };
}

/** "glass-paper-metal-compact.safetensors": says what is inside without opening it. */
export function modelFileName(classes: string[], architecture: string): string {
  const words = [...classes.slice(0, 3), ...(classes.length > 3 ? [`${classes.length}-classes`] : []), architecture];
  const safe = words
    .map((word) =>
      word
        .normalize('NFKD')
        .replace(/[^A-Za-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 24)
        .toLowerCase(),
    )
    .filter((word) => word !== '');
  return `${safe.length > 0 ? safe.join('-') : 'model'}${modelEnding}`;
}

/** Gives the bytes to the browser's own download. */
export function downloadBytes(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun once the click returns, but some browsers read the URL a little later.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
