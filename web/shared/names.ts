// Names from outside: of files, classes and models. They may hold anything; here they become safe to show and to compare.

/** Longest class name and path that are shown; longer ones are cut with an ellipsis. */
export const maxClassNameLength = 80;
export const maxPathLength = 200;

// Control characters, bidirectional marks and overrides, zero-width and line separators, lone surrogates: what can hide
// or reorder the rest of a sentence.
const unsafeCharacters =
  // eslint-disable-next-line no-control-regex -- control characters are the point
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udfff]/gu;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Control and bidirectional characters written as \u202e and the like, cut to `maxLength` characters. */
export function showName(name: string, maxLength = maxClassNameLength): string {
  const characters = [...name.slice(0, maxLength * 2 + 2)];
  const cut = characters.length > maxLength ? [...characters.slice(0, maxLength - 1), '…'] : characters;
  return cut.join('').replace(unsafeCharacters, escapeCharacter);
}

/** The same for paths, which are cut at their front: the end tells files apart. */
export function showPath(path: string): string {
  const characters = [...path.slice(-(maxPathLength * 2 + 2))];
  const cut = characters.length > maxPathLength ? ['…', ...characters.slice(1 - maxPathLength)] : characters;
  return cut.join('').replace(unsafeCharacters, escapeCharacter);
}

/** A folder's name as the class it stands for: composed (NFC), trimmed, safe to show. */
export function className(folder: string): string {
  const name = showName(folder.normalize('NFC').replace(/\s+/gu, ' ').trim());
  return name === '' ? '(no name)' : name;
}

/** Equal for names that people take for the same: NFC and case folded (upper then lower, so that ß equals ss). */
export function classKey(name: string): string {
  return className(name).toUpperCase().toLowerCase().normalize('NFC');
}

/** By code units: the same order on every device and in every language. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
