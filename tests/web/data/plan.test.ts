import { describe, expect, it } from 'vitest';
import { planPhotos, type PhotoPlan } from '../../../web/data/plan.ts';
import type { SkipReason } from '../../../web/shared/data-api.ts';
import { SortlabError } from '../../../web/shared/protocol.ts';

const plan = (paths: readonly string[], atLeast?: number): PhotoPlan =>
  planPhotos(
    'photos.zip',
    paths.map((path) => ({ path, bytes: 10, encrypted: path.includes('secret') })),
    atLeast,
  );
const many = (folder: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${folder}/${String(index).padStart(2, '0')}.jpg`);
const classes = ({ classes: found }: PhotoPlan): string => found.map(({ name, count }) => `${name}:${count}`).join(' ');
const kinds = ({ findings }: PhotoPlan): string[] => findings.map(({ kind }) => kind);
const skips = ({ skipped }: PhotoPlan): [string, SkipReason][] => skipped.map(({ path, reason }) => [path, reason]);

describe('which folders are the classes', () => {
  const glass = many('glass', 12);
  const metal = many('metal', 12);
  const inside = (folder: string, paths: string[]): string[] => paths.map((path) => `${folder}/${path}`);
  it.each<[string, string[], string, string[]]>([
    ['one level', [...glass, ...metal], 'glass:12 metal:12', []],
    ['a nested root', inside('dataset-resized', [...glass, ...metal]), 'glass:12 metal:12', ['nested-root']],
    ['two roots deep', inside('a/b', [...glass, ...metal]), 'glass:12 metal:12', ['nested-root']],
    [
      'train, val and test folders',
      [...inside('train', [...glass, ...metal]), ...inside('val', glass), ...inside('Test', metal)],
      'glass:24 metal:24',
      ['split-folders'],
    ],
    [
      'parts inside a root',
      inside('data', [...inside('train', [...glass, ...metal]), ...inside('test', glass)]),
      'glass:24 metal:12',
      ['nested-root', 'split-folders'],
    ],
    ['only a train folder', inside('train', [...glass, ...metal]), 'glass:12 metal:12', ['split-folders']],
    [
      'deeper folders belong to their class',
      [...inside('glass/monday', many('x', 12)), ...metal],
      'glass:12 metal:12',
      [],
    ],
    ['a class called test among others', [...glass, ...many('test', 12)], 'glass:12 test:12', []],
    ['backslashes', [...glass, ...metal].map((path) => path.replace('/', '\\')), 'glass:12 metal:12', []],
    ['a leading ./', inside('.', [...glass, ...metal]), 'glass:12 metal:12', []],
  ])('%s', (_, paths, expected, findings) => {
    const found = plan(paths);
    expect(classes(found)).toBe(expected);
    expect(kinds(found)).toEqual(findings);
    expect(found.skipped).toEqual([]);
    expect(found.photoCount).toBe(found.photos.length);
    expect(found.totalBytes).toBe(10 * found.photos.length);
  });

  it('sorts photos by path and labels them by their class, whatever the order in the archive', () => {
    const paths = [...many('metal', 11), ...many('glass', 11)];
    const found = plan(paths);
    expect(found.photos.map(({ path }) => path)).toEqual([...paths].sort());
    expect(found.photos.every(({ path, label }) => path.startsWith(found.classes[label]?.name ?? '?'))).toBe(true);
    expect(found.photos.map(({ file }) => paths[file])).toEqual(found.photos.map(({ path }) => path));
  });

  it('joins folders that are equal after NFC and case folding, under the name with the most photos', () => {
    const found = plan([
      ...many('glass', 5),
      ...many('Glass', 8),
      ...many('Mu\u0308ll', 6),
      ...many('müll', 9),
      ...many('x', 9),
    ]);
    expect(classes(found)).toBe('Glass:13 müll:15 x:9');
    expect(kinds(found)).toEqual(['merged-classes', 'merged-classes', 'small-class']);
    expect(found.findings[0]?.message).toContain('“Glass” and “glass”');
  });

  it('takes markup for the name it is, and shows what would hide or reorder text', () => {
    const found = plan([...many('<img onerror=alert(1)>', 10), ...many('a\u202eb', 10)]);
    expect(classes(found)).toBe('<img onerror=alert(1)>:10 a\\u202eb:10');
  });

  it('keeps classes apart that are named like parts of an object', () => {
    expect(classes(plan([...many('__proto__', 10), ...many('constructor', 10)]))).toBe('__proto__:10 constructor:10');
  });
});

describe('what is left out', () => {
  const photos = [...many('a', 10), ...many('b', 10)];
  it.each<[string, SkipReason]>([
    ['__MACOSX/a/._1.jpg', 'junk'],
    ['a/._1.jpg', 'junk'],
    ['a/.DS_Store', 'junk'],
    ['a/Thumbs.db', 'junk'],
    ['desktop.ini', 'junk'],
    ['.git/config.jpg', 'junk'],
    ['a/.ipynb_checkpoints/1-checkpoint.jpg', 'junk'],
    ['a/@eaDir/1.jpg', 'junk'],
    ['README.md', 'not-a-photo'],
    ['a/labels.csv', 'not-a-photo'],
    ['a/movie.mp4', 'not-a-photo'],
    ['a/drawing.svg', 'not-a-photo'],
    ['a/no-ending', 'not-a-photo'],
    ['cover.jpg', 'no-class'],
    ['../outside/1.jpg', 'bad-name'],
    ['a/../../1.jpg', 'bad-name'],
    ['a\\..\\1.jpg', 'bad-name'],
    ['/etc/1.jpg', 'bad-name'],
    ['C:/photos/1.jpg', 'bad-name'],
    ['a/nul\0.jpg', 'bad-name'],
    ['a/secret.jpg', 'encrypted'],
  ])('%j: %s', (path, reason) => {
    const found = plan([...photos, path]);
    expect(found.skipped.map((skipped) => skipped.reason)).toEqual([reason]);
    expect(found.skipped[0]?.detail).toMatch(/^“.+” .+[.;].*\.$/su);
    expect(classes(found)).toBe('a:10 b:10');
  });

  it.each(['jpg', 'JPEG', 'png', 'webp', 'heic', 'HEIF', 'gif', 'bmp', 'avif', 'tif'])('.%s is a photo', (ending) => {
    expect(classes(plan([...photos, `a/x.${ending}`]))).toBe('a:11 b:10');
  });

  it('counts strays at every level', () => {
    const found = plan([...photos.map((path) => `root/${path}`), 'root/stray.jpg', 'top.jpg']);
    expect(skips(found)).toEqual([
      ['top.jpg', 'no-class'],
      ['root/stray.jpg', 'no-class'],
    ]);
  });
});

describe('data that cannot be used is refused in one sentence', () => {
  it.each<[string, string[], string]>([
    ['no files at all', [], '“photos.zip” holds no photos; it needs one folder of photos per class.'],
    ['no photos', ['a/x.txt', 'b/y.txt'], '“photos.zip” holds no photos; it needs one folder of photos per class.'],
    ['only junk', many('__MACOSX', 3), '“photos.zip” holds no photos; it needs one folder of photos per class.'],
    [
      'no folders',
      ['1.jpg', '2.jpg'],
      'The photos in “photos.zip” lie in no class folders; put them into one folder per class.',
    ],
    [
      'parts without classes',
      [...many('train', 3), ...many('test', 3)],
      'The photos in “photos.zip” lie in no class folders; put them into one folder per class.',
    ],
    [
      'one class',
      many('glass', 20),
      '“photos.zip” holds only one class, “glass”; telling things apart needs a folder for at least two.',
    ],
    ['a password', ['a/secret.jpg', 'b/secret.jpg'], '“photos.zip” is protected by a password; pack it without one.'],
  ])('%s', (_, paths, message) => {
    expect(() => plan(paths)).toThrow(new SortlabError('invalid-data', message, 'photos.zip'));
  });

  it('one class is enough to test a model with', () => {
    expect(classes(plan(many('glass', 20), 1))).toBe('glass:20');
    expect(kinds(plan(many('glass', 1), 1)), 'nothing about training').toEqual([]);
  });
});

describe('findings', () => {
  it('a class with one photo, a small one, uneven ones', () => {
    const found = plan([...many('one', 1), ...many('few', 9), ...many('lots', 60)]);
    expect(found.findings.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'small-class: The class “few” has only 9 photos; results for it will be uncertain, twenty or more are better.',
      'small-class: The class “one” has one photo only; training needs at least two, better twenty or more.',
      'uneven-classes: The classes are uneven: “lots” has 60 photos, “one” 1 photo; the small ones are harder to learn.',
    ]);
  });

  it('nothing to say about even data', () => expect(kinds(plan([...many('a', 50), ...many('b', 11)]))).toEqual([]));
});
