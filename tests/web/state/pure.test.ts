import { describe, expect, it } from 'vitest';
import type { EpochResult } from '../../../web/shared/engine-types.ts';
import { Collection } from '../../../web/state/collection.ts';
import { handful, indicesOfClass } from '../../../web/state/dataset.ts';
import { launchOptions } from '../../../web/state/launch-options.ts';
import { photosAmong, sortPicked } from '../../../web/state/picked-files.ts';
import { defaultSettings, settingProblems, settingsFrom, splitPreview } from '../../../web/state/settings.ts';
import { stepFromHash } from '../../../web/state/steps.ts';
import { aboveChance, verdictOf } from '../../../web/state/verdict.ts';
import { modelFileName, readModelFile } from '../../../web/export/model-file.ts';

const file = (name: string, type = '') => new File(['x'], name, { type });
const picked = (...paths: string[]) => paths.map((path) => ({ path, file: file(path.split('/').at(-1) ?? '') }));

describe('what was dropped', () => {
  it('one zip is a source', () => {
    expect(sortPicked(picked('a.zip'))).toMatchObject({ kind: 'source', source: { kind: 'zip', name: 'a.zip' } });
    expect(sortPicked([{ path: 'a', file: file('a', 'application/zip') }]).kind).toBe('source');
  });
  it('several zips are one source, each a folder of its name', () => {
    const answer = sortPicked(picked('a.zip', 'b.zip'));
    expect(answer).toMatchObject({ kind: 'source', source: { kind: 'files', name: '2 zips' } });
    const paths = answer.kind === 'source' && answer.source.kind === 'files' ? answer.source.files : [];
    expect(paths.map(({ path }) => path)).toEqual(['a.zip', 'b.zip']);
  });
  it.each([[[]], [['notes.txt']], [['a.zip', '1.jpg']]])('%j is refused in one sentence', (paths) => {
    expect(sortPicked(picked(...paths))).toMatchObject({ kind: 'refused', message: expect.stringMatching(/\.$/) });
  });
  it('a folder is a source, named by its root', () => {
    expect(sortPicked(picked('things/glass/1.jpg', 'things/paper/2.jpg'))).toMatchObject({
      kind: 'source',
      source: {
        kind: 'files',
        name: 'things',
        files: [{ path: 'things/glass/1.jpg' }, { path: 'things/paper/2.jpg' }],
      },
    });
    expect(sortPicked(picked('glass/1.jpg', 'paper/2.jpg'))).toMatchObject({ source: { name: 'glass and 1 more' } });
  });
  it('photos alone wait for a class, a model is a model', () => {
    expect(sortPicked(picked('1.jpg', '2.HEIC'))).toMatchObject({ kind: 'photos', files: { length: 2 }, leftOut: '' });
    expect(sortPicked(picked('m.safetensors')).kind).toBe('model');
  });
  it('files that are no photos are named, system files are not missed', () => {
    const answer = sortPicked(picked('1.jpg', '2.HEIC', 'notes.txt'));
    expect(answer).toMatchObject({ files: { length: 2 }, leftOut: '“notes.txt” was left out: not a photo.' });
    expect(photosAmong(picked('notzip.zip', '1.jpg'))).toMatchObject({
      photos: [{ path: '1.jpg' }],
      leftOut: '“notzip.zip” was left out: not a photo.',
    });
    const many = photosAmong(picked('1.jpg', 'a.txt', 'b.txt', 'c.txt', 'd.txt', 'e\u202e.txt'));
    expect(many.leftOut).toBe('5 files were left out: “a.txt”, “b.txt”, “c.txt”, “d.txt” and 1 more are not photos.');
    expect(photosAmong(picked('1.jpg', '.DS_Store', 'Thumbs.db')).leftOut).toBe('');
  });
});

describe('a collection', () => {
  it('is ready with two classes, keeps every photo, and forgives', () => {
    const collection = new Collection();
    collection.add(picked('1.jpg', '2.jpg'));
    expect(collection.assign('  ')).toMatch(/\.$/);
    expect(collection.assign('a/b')).toMatch(/\.$/);
    expect(collection.assign(' green   glass ')).toBe('');
    expect(collection.ready.value).toBe(false);
    collection.add(picked('1.jpg'));
    expect(collection.assign('GREEN GLASS')).toBe('');
    expect(collection.classes.value).toMatchObject([{ name: 'green glass', files: { length: 3 } }]);
    collection.add(picked('3.jpg'));
    collection.assign('paper');
    expect(collection.ready.value).toBe(true);
    const source = collection.source();
    const paths = source.kind === 'files' ? source.files.map(({ path }) => path) : [];
    expect(new Set(paths).size).toBe(4);
    expect(paths[0]).toBe('green glass/0001-1.jpg');
    const undo = collection.remove('paper');
    expect(collection.ready.value).toBe(false);
    undo();
    expect(collection.ready.value).toBe(true);
    expect(collection.isOwn(source)).toBe(true);
    expect(collection.isOwn({ ...source })).toBe(false);
  });
});

describe('settings', () => {
  it('the defaults have no problem', () => expect(settingProblems(defaultSettings)).toEqual({}));
  it.each([
    ['epochs', 0],
    ['epochs', 1.5],
    ['epochs', NaN],
    ['batchSize', 0],
    ['imageSize', 8],
    ['learningRate', 0],
    ['learningRate', NaN],
    ['seed', -1],
    ['seed', 2 ** 32],
    ['trainPercent', 71],
  ] as const)('%s = %s is said to be wrong', (key, value) => {
    expect(settingProblems({ ...defaultSettings, [key]: value })[key]).toMatch(/^[A-Z].*\.$/);
  });
  it.each([null, 3, 'x', [], { epochs: 'many' }, { epochs: -4 }, { fit: 'stretch' }])(
    '%j gives the defaults',
    (stored) => {
      expect(settingsFrom(stored)).toEqual(defaultSettings);
    },
  );
  it('takes what is sound and nothing else', () => {
    const stored = JSON.parse('{"epochs": 9, "augment": false, "__proto__": {"x": 1}, "extra": 1}') as unknown;
    const settings = settingsFrom(stored);
    expect(settings).toEqual({ ...defaultSettings, epochs: 9, augment: false });
  });
  it('the split preview counts every photo once', () => {
    for (const counts of [[], [1], [2, 3], [403, 501, 410, 594, 482, 137]]) {
      const { train, validation, test } = splitPreview(counts, defaultSettings);
      expect(train + validation + test).toBe(counts.reduce((sum, one) => sum + one, 0));
    }
  });
});

describe('the split preview', () => {
  const split = (count: number) => splitPreview([count], defaultSettings);
  it('divides as the engine does: rounded shares, one at least where enough are there', () => {
    expect(splitPreview([20, 20, 20, 20, 20, 20], defaultSettings)).toEqual({ train: 84, validation: 18, test: 18 });
    expect(split(1)).toEqual({ train: 1, validation: 0, test: 0 });
    expect(split(2)).toEqual({ train: 1, validation: 0, test: 1 });
    expect(split(3)).toEqual({ train: 1, validation: 1, test: 1 });
  });
});

describe('handfuls', () => {
  const labels = [0, 1, 0, 1, 1, 0, 2];
  it('indices of a class', () => expect(indicesOfClass(labels, 1)).toEqual([1, 3, 4]));
  it('shows all before any comes again, the same on every visit', () => {
    const all = Array.from({ length: 24 }, (_, index) => index);
    const rounds = [0, 1, 2].flatMap((round) => handful(all, 8, round));
    expect(new Set(rounds).size).toBe(24);
    expect(handful(all, 8, 1)).toEqual(handful(all, 8, 1));
    expect(handful([5, 6], 8, 3).sort()).toEqual([5, 6]);
    expect(handful([], 8, 0)).toEqual([]);
    expect(new Set(handful(all.slice(0, 9), 8, 1)).size).toBe(8);
  });
});

describe('verdict', () => {
  const epoch = (train: number, validation: number): EpochResult => ({
    trainLoss: 1,
    trainAccuracy: train,
    validationLoss: 1,
    validationAccuracy: validation,
    learningRate: 0.1,
  });
  const run = (pairs: [number, number][]) => pairs.map(([train, validation]) => epoch(train, validation));
  /** The best epoch as the engine chooses it: here the one most often right, unless said otherwise. */
  const judged = (
    pairs: [number, number][],
    given: { bestEpoch?: number; validationCount?: number; chance?: number } = {},
  ) => {
    const checked = pairs.map(([, validation]) => validation);
    const bestEpoch = checked.indexOf(Math.max(...checked));
    return verdictOf({ history: run(pairs), bestEpoch, chance: 1 / 3, validationCount: 100, running: false, ...given });
  };
  it('says nothing too early or without validation', () => {
    expect(judged([])).toBeNull();
    expect(judged([[0.4, 0.4]])).toBeNull();
    const unchecked: [number, number][] = [
      [0.4, NaN],
      [0.5, NaN],
      [0.6, NaN],
    ];
    expect(judged(unchecked)).toBeNull();
  });
  it.each<[string, [number, number][], RegExp]>([
    [
      'no better than chance',
      [
        [0.3, 0.3],
        [0.3, 0.35],
        [0.3, 0.34],
      ],
      /guessing/,
    ],
    [
      'learning by heart',
      [
        [0.6, 0.5],
        [0.8, 0.55],
        [0.95, 0.6],
      ],
      /by heart/,
    ],
    [
      'still rising',
      [
        [0.5, 0.5],
        [0.6, 0.6],
        [0.7, 0.7],
      ],
      /more epochs/,
    ],
    [
      'flat',
      [
        [0.5, 0.5],
        [0.7, 0.7],
        [0.7, 0.69],
        [0.7, 0.68],
        [0.7, 0.69],
        [0.7, 0.68],
        [0.7, 0.69],
      ],
      /stopped getting better/,
    ],
  ])('%s', (_, pairs, text) => expect(judged(pairs)?.text).toMatch(text));
  it('judges the epoch that is kept, not the luckiest', () => {
    const pairs: [number, number][] = [
      [0.2, 0.11],
      [0.2, 0.6],
      [0.2, 0.11],
      [0.2, 0.11],
    ];
    const verdict = judged(pairs, { bestEpoch: 0, validationCount: 18, chance: 1 / 6 });
    expect(verdict?.tone).toBe('note');
    expect(verdict?.text).toMatch(/not better than guessing/);
  });
  it('says when there are too few validation photos to tell', () => {
    const half: [number, number][] = [
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ];
    expect(judged(half, { validationCount: 6 })).toMatchObject({
      tone: 'note',
      text: expect.stringMatching(/too few/),
    });
    expect(judged(half, { validationCount: 200 })?.tone).toBe('good');
  });
  it('is above chance only with its whole 95 % interval', () => {
    // Wilson's interval of 9 of 18 begins at 0.2903.
    expect(aboveChance(0.5, 18, 0.2902)).toBe('yes');
    expect(aboveChance(0.5, 18, 0.2904)).toBe('unsure');
    expect(aboveChance(0.5, 18, 0.5)).toBe('no');
    expect(aboveChance(NaN, 18, 0.1)).toBe('no');
  });
});

it('reads the address', () => {
  expect(stepFromHash('#train')).toBe('train');
  expect(stepFromHash('#nowhere')).toBe('data');
  expect(stepFromHash('')).toBe('data');
  expect(launchOptions('?engine=simd&threads=2')).toEqual({ engine: 'simd', threads: 2 });
  expect(launchOptions('?engine=warp&threads=-3')).toEqual({ engine: undefined, threads: 0 });
  expect(launchOptions('?threads=1e9')).toEqual({ engine: undefined, threads: 0 });
});

describe('model files', () => {
  it('are named by what is inside, safely', () => {
    expect(modelFileName(['Glass', 'Pâté', '../x'], 'compact')).toBe('glass-pa-te-x-compact.safetensors');
    expect(modelFileName(['a', 'b', 'c', 'd'], 'n')).toBe('a-b-c-4-classes-n.safetensors');
    expect(modelFileName(['日本'], '')).toBe('model.safetensors');
  });
  it('are refused in one sentence where reading them would be hopeless', async () => {
    await expect(readModelFile(file('photo.jpg'))).rejects.toThrow(/is no model file; .*\.$/);
    await expect(readModelFile(file('m.safetensors'))).rejects.toThrow(/is empty; .*\.$/);
    const good = new File([new Uint8Array(32)], 'm.safetensors');
    expect(await readModelFile(good)).toMatchObject({ name: 'm.safetensors', bytes: { length: 32 } });
  });
});
