// Every sentence people read about data and runs that fail, in one place: plain words, the file's name, what to do.
// Names are passed as they came; they are made safe to show here.
import type { SkipReason, Skipped } from './data-api.ts';
import { showName, showPath } from './names.ts';
import { SortlabError, type ErrorCode } from './protocol.ts';

const quoted = (name: string): string => `“${showName(name)}”`;
const quotedPath = (path: string): string => `“${showPath(path)}”`;
const photos = (count: number): string => (count === 1 ? '1 photo' : `${count.toLocaleString('en')} photos`);
const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, 4).map(quoted);
  return names.length > 4 ? `${shown.join(', ')} and ${names.length - 4} more` : shown.join(' and ');
};

/** Short names of the reasons, for a list of counts. */
export const skipTitles: { readonly [reason in SkipReason]: string } = {
  junk: 'system files',
  'not-a-photo': 'not a photo',
  'no-class': 'in no class folder',
  'bad-name': 'a name that cannot be used',
  encrypted: 'protected by a password',
  'bad-entry': 'damaged in the zip',
  'over-limit': 'over the size limit',
  truncated: 'cut off',
  damaged: 'damaged',
  unsupported: 'a format that cannot be read here',
  'too-large': 'too large for this device',
  'too-slow': 'took too long to read',
  empty: 'empty',
};

/** Of a run that the engine gave up after its first epoch. */
export const divergedSentence =
  'It ended early, because its loss did not stay a number; a lower learning rate can go further.';

/** One sentence that names the file and says what to do. */
export function skipSentence(reason: SkipReason, path: string): string {
  const file = quotedPath(path);
  if (/\.zip$/iu.test(path) && reason !== 'junk' && reason !== 'bad-name') return innerZipSentence(reason, file);
  switch (reason) {
    case 'junk':
      return `${file} is a system file and was left out; nothing needs to be done.`;
    case 'not-a-photo':
      return `${file} is not a photo and was left out; photos end in .jpg, .png or the like.`;
    case 'no-class':
      return `${file} lies in no class folder; put it into a folder named after its class.`;
    case 'bad-name':
      return `${file} has a name that points outside its folder; rename it and pack it again.`;
    case 'encrypted':
      return `${file} is protected by a password; pack the photos without one.`;
    case 'bad-entry':
      return `${file} is damaged inside the zip; pack it again from the original.`;
    case 'over-limit':
      return `${file} is over the limit of 64 MB a file; make the photo smaller.`;
    case 'truncated':
      return `${file} is cut off before its end; copy the photo again from where it came from.`;
    case 'damaged':
      return `${file} is damaged and cannot be read; copy the photo again from where it came from.`;
    case 'unsupported':
      return /\.hei[cf]$/iu.test(path)
        ? `${file} is a HEIC photo, which cannot be read here; export it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).`
        : `${file} is of a kind that cannot be read here; save it as JPEG or PNG.`;
    case 'too-large':
      return `${file} has too many pixels for this device; make the photo smaller.`;
    case 'too-slow':
      return `${file} took longer than 30 seconds to read and was left out; open it in a picture editor and save it anew.`;
    case 'empty':
      return `${file} is empty; copy the photo again from where it came from.`;
  }
}

/** A zip inside the data stands for a folder; it is opened one level deep. */
function innerZipSentence(reason: SkipReason, file: string): string {
  const instead = 'unpack it and pack the folder of photos in its place.';
  switch (reason) {
    case 'encrypted':
      return `The zip ${file} inside is protected by a password; ${instead}`;
    case 'over-limit':
      return `The zip ${file} inside is over the limit of 512 MB, or swells suspiciously when it is unpacked; ${instead}`;
    case 'empty':
      return `The zip ${file} inside is empty; nothing was taken from it.`;
    case 'not-a-photo':
      return `The zip ${file} lies in a zip inside a zip, which is one too many; ${instead}`;
    default:
      return `The zip ${file} inside is damaged or no zip at all; pack it again from the original photos.`;
  }
}

/** Files that were picked among photos and are none; '' where there are no such files. */
export function leftOutSentence(names: readonly string[]): string {
  const [first] = names;
  if (first === undefined) return '';
  if (names.length === 1) return `${quoted(first)} was left out: not a photo.`;
  return `${names.length.toLocaleString('en')} files were left out: ${listed(names)} are not photos.`;
}

const aboutTheFile: ReadonlySet<ErrorCode> = new Set(['invalid-data', 'unsupported', 'truncated', 'too-large']);

/** The engine's error about a model file with the file's name, and what to do where the engine does not say it. */
export function modelFileError(error: SortlabError, path: string): SortlabError {
  const { code, message } = error;
  if (!aboutTheFile.has(code) || message.includes(quotedPath(path))) return error;
  const reason = message.charAt(0).toLowerCase() + message.slice(1);
  const advised = reason.includes('; ') ? reason : `${reason.replace(/\.$/u, '')}; ${modelAdvice}`;
  return new SortlabError(code, `${quotedPath(path)} cannot be opened as a model: ${advised}`, path);
}

export const modelAdvice = 'give the .safetensors file that “Save the model” or train --out wrote.';

export const dataErrors = {
  notAZip: (name: string) =>
    new SortlabError(
      'invalid-data',
      `${quoted(name)} is not a zip file; choose a .zip or a folder with one folder of photos per class.`,
      name,
    ),
  damagedZip: (name: string) =>
    new SortlabError('invalid-data', `The zip file ${quoted(name)} is damaged or ambiguous; pack it again.`, name),
  emptyZip: (name: string) =>
    new SortlabError('invalid-data', `${quoted(name)} is empty; pack one folder of photos per class.`, name),
  innerZips: (name: string) =>
    new SortlabError(
      'invalid-data',
      `The zips inside ${quoted(name)} cannot be opened; unpack them and pack one folder of photos per class.`,
      name,
    ),
  encryptedZip: (name: string) =>
    new SortlabError('invalid-data', `${quoted(name)} is protected by a password; pack it without one.`, name),
  tooManyFiles: (name: string, limit: number) =>
    new SortlabError(
      'too-large',
      `${quoted(name)} holds more than ${limit.toLocaleString('en')} files; split it into smaller parts.`,
      name,
    ),
  unreadable: (name: string) =>
    new SortlabError('invalid-data', `${quoted(name)} cannot be read any more; choose it again.`, name),
  noPhotos: (name: string) =>
    new SortlabError('invalid-data', `${quoted(name)} holds no photos; it needs one folder of photos per class.`, name),
  noClasses: (name: string) =>
    new SortlabError(
      'invalid-data',
      `The photos in ${quoted(name)} lie in no class folders; put them into one folder per class.`,
      name,
    ),
  oneClass: (name: string, className: string) =>
    new SortlabError(
      'invalid-data',
      `${quoted(name)} holds only one class, ${quoted(className)}; telling things apart needs a folder for at least two.`,
      name,
    ),
  nothingOpen: () => new SortlabError('invalid-argument', 'No data is open; choose a zip file or a folder first.'),
  noneDecoded: (name: string, skipped: readonly Skipped[]) =>
    new SortlabError(
      'invalid-data',
      `None of the photos in ${quoted(name)} can be read; see the list of skipped files for the reasons.`,
      name,
      skipped,
    ),
  otherClasses: (name: string, extra: readonly string[], known: readonly string[]) =>
    new SortlabError(
      'invalid-data',
      `${quoted(name)} has the class ${listed(extra)}, which the model does not know; its classes are ${listed(known)}.`,
      name,
    ),
  importRunning: () =>
    new SortlabError('invalid-argument', 'Photos are being read already; wait for the end or cancel.'),
};

export const findings = {
  nestedRoot: (folder: string) => `The class folders lie inside ${quotedPath(folder)}; that folder was passed over.`,
  splitFolders: (names: readonly string[]) =>
    `The data comes in parts (${listed(names)}); they were put together, and Sortlab splits them anew.`,
  merged: (names: readonly string[], kept: string) =>
    `The folders ${listed(names)} have the same name but for case or accents; they were taken as one class, ${quoted(kept)}.`,
  smallClass: (name: string, count: number) =>
    count < 2
      ? `The class ${quoted(name)} has ${count === 0 ? 'no photo that can be read' : 'one photo only'}; training needs at least two, better twenty or more.`
      : `The class ${quoted(name)} has only ${photos(count)}; results for it will be uncertain, twenty or more are better.`,
  uneven: (large: string, largeCount: number, small: string, smallCount: number) =>
    `The classes are uneven: ${quoted(large)} has ${photos(largeCount)}, ${quoted(small)} ${photos(smallCount)}; the small ones are harder to learn.`,
  duplicates: (count: number, example: string, other: string) =>
    `${photos(count)} ${count === 1 ? 'is a copy' : 'are copies'} of another one, such as ${quotedPath(example)} of ${quotedPath(other)}; copies stay in the same part when the data is split.`,
  contradictions: (count: number, example: string, other: string) =>
    `${photos(count)} ${count === 1 ? 'lies' : 'lie'} in two classes, such as ${quotedPath(example)} and ${quotedPath(other)}, which are the same photo; remove the wrong one.`,
};

export const engineErrors = {
  notLoaded: () => new SortlabError('invalid-argument', 'The engine is not loaded yet.'),
  loadFailed: (file: string, reason: string) =>
    new SortlabError('internal', `The engine file ${quoted(file)} could not be loaded (${reason}); try again.`, file),
  busy: () => new SortlabError('invalid-argument', 'Training is under way; stop it or wait for its end.'),
  noModel: () => new SortlabError('invalid-argument', 'There is no model yet; train one or open a model file first.'),
  noPhotos: () => new SortlabError('invalid-argument', 'There are no photos yet; choose some first.'),
  noTestPart: () =>
    new SortlabError(
      'invalid-argument',
      'No photos were kept for the test; train with a test share, or test with other photos.',
    ),
  noMemory: (bytes: number) =>
    new SortlabError(
      'out-of-memory',
      `This needs ${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MB of memory, more than this device gives; choose a smaller image size or batch size.`,
    ),
  trapped: () =>
    new SortlabError(
      'worker-stopped',
      'The engine stopped unexpectedly; try again, with a smaller image size if it happens twice.',
    ),
  badPicture: () => new SortlabError('invalid-argument', 'A picture does not have the size it claims.'),
};

export const threadNotes = {
  notIsolated: 'One thread: this page is not cross-origin isolated (the host sends no COOP and COEP headers).',
  ios: 'One thread: threads are off on iPhone and iPad, where they run out of memory.',
  oneCore: 'One thread: this device has one core.',
  notStarted: 'One thread: the browser would not start more.',
};

export const workerStopped = {
  engine: 'The engine stopped unexpectedly and was started again; read the photos again to go on.',
  data: 'Reading photos stopped unexpectedly and was started again; choose the data again.',
  again: 'The engine keeps stopping; reload the page and choose a smaller image size.',
  closed: 'Sortlab was closed.',
};

/** Shown with a button that starts the worker again. */
export const workerSilent = {
  engine: 'The engine has not answered for some seconds: wait if this device is slow, or start it again.',
  data: 'Reading photos has not answered for some seconds: wait if this device is slow, or start it again.',
};
