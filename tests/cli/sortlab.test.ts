// The command line end to end: the built bundle and modules on a small drawn data set.
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipBytes, type ZipEntryBytes } from '../web/data/zip-bytes.ts';
import { pngOf, stripes } from './pictures.ts';
import { sortlab, type Run } from './run-sortlab.ts';

const names = ['across', 'down', 'slanted'];
const perClass = 12;
let folder = '';
const at = (name: string): string => join(folder, name);

/** Photos first .. first+count-1 of each class. */
function drawn(first: number, count: number, classes = names): ZipEntryBytes[] {
  return classes.flatMap((name) =>
    Array.from({ length: count }, (_, index) => ({
      name: `set/${name}/${String(first + index).padStart(3, '0')}.png`,
      data: stripes(names.indexOf(name), first + index),
    })),
  );
}

function writeZip(name: string, entries: readonly ZipEntryBytes[]): string {
  writeFileSync(at(name), zipBytes(entries));
  return at(name);
}

const quick = ['--preset', 'compact', '--size', '32', '--epochs', '2', '--batch', '8', '--engine', 'simd', '--json'];
let data = '';
let trained: Run;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sortlab-cli-'));
  data = writeZip('data.zip', drawn(0, perClass));
  trained = await sortlab('train', data, ...quick, '--threads', '1', '--out', at('model.safetensors'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function expectTest(test: Run['json'], count: number): void {
  expect(test.count).toBe(count);
  for (const name of ['accuracy', 'macro_f1', 'weighted_f1']) expect(test[name], name).toSatisfy(isShare);
  expect(test.per_class.map((score: { class: string }) => score.class)).toEqual(names);
  for (const score of test.per_class) {
    for (const name of ['precision', 'recall', 'f1']) expect(score[name], name).toSatisfy(isShare);
  }
  const rows = test.confusion as number[][];
  expect(rows.map((row) => row.length)).toEqual([3, 3, 3]);
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  expect(rows.map(sum), 'a row is a true class').toEqual(
    test.per_class.map((score: { support: number }) => score.support),
  );
  expect(sum(rows.map(sum))).toBe(count);
  expect(test.accuracy).toBeCloseTo(sum(rows.map((row, label) => row[label] ?? 0)) / count);
}
const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;

describe('train', () => {
  it('gives every field', () => {
    expect(trained.stderr).toContain('epoch 2/2');
    expect(trained.code, trained.stderr).toBe(0);
    expect(trained.stdout.trim().split('\n')).toHaveLength(1);
    const { json } = trained;
    expect(json.classes).toEqual(names);
    expect(json.train_count + json.validation_count + json.test.count).toBe(perClass * 3);
    expect(json.epochs).toHaveLength(2);
    for (const epoch of json.epochs) {
      expect(epoch.train_loss).toBeGreaterThan(0);
      expect(epoch.validation_loss).toBeGreaterThan(0);
      expect(epoch.train_accuracy).toSatisfy(isShare);
      expect(epoch.validation_accuracy).toSatisfy(isShare);
    }
    expect([0, 1]).toContain(json.best_epoch);
    expectTest(json.test, json.test.count);
    for (const name of ['decode', 'train', 'evaluate']) expect(json.seconds[name], name).toBeGreaterThan(0);
    expect(json.images_per_second).toBeGreaterThan(0);
    expect(json).toMatchObject({ engine: 'simd', threads: 1, skipped: [] });
    expect(json.weights_sha256).toMatch(/^[0-9a-f]{64}$/u);
  });

  it('says what memory the training takes, before it begins', () => {
    const plan =
      /^memory for training: ([\d.]+) MB \(photos [\d.]+ MB, activations [\d.]+ MB, workspaces [\d.]+ MB, parameters [\d.]+ MB, finished model [\d.]+ MB\)$/mu;
    const found = plan.exec(trained.stderr);
    expect(found?.index, trained.stderr).toBeLessThan(trained.stderr.indexOf('epoch 1/'));
    expect(Number(found?.[1])).toBeCloseTo(trained.json.memory_bytes.total / 1e6, 1);
  });

  it('gives the same numbers from the same seed on one and two threads, and from the unpacked folder', async () => {
    for (const [name, bytes] of drawn(0, perClass).map((entry) => [entry.name as string, entry.data] as const)) {
      mkdirSync(dirname(at(name)), { recursive: true });
      writeFileSync(at(name), bytes as Uint8Array);
    }
    const again = await sortlab('train', at('set'), ...quick, '--threads', '2');
    expect(again.code, again.stderr).toBe(0);
    expect(again.json.threads).toBe(2);
    for (const field of ['weights_sha256', 'epochs', 'best_epoch', 'test', 'train_count']) {
      expect(again.json[field], field).toEqual(trained.json[field]);
    }
    const other = await sortlab('train', data, ...quick, '--seed', '2');
    expect(other.json.weights_sha256).not.toBe(trained.json.weights_sha256);
  });

  it('tests on other photos with --test, and then keeps none back', async () => {
    const tests = writeZip('test.zip', drawn(100, 4));
    const run = await sortlab('train', data, '--test', tests, ...quick);
    expect(run.code, run.stderr).toBe(0);
    expectTest(run.json.test, 12);
    expect(run.json.train_count + run.json.validation_count).toBe(perClass * 3);
  });

  it('looks first whether the model can be written', async () => {
    for (const [out, why] of [
      [at('nowhere/model.safetensors'), 'its folder does not exist'],
      [at(''), 'it is a folder'],
    ] as const) {
      const run = await sortlab('train', data, ...quick, '--out', out);
      expect([run.code, run.stdout]).toEqual([1, '']);
      expect(run.stderr).toBe(
        `sortlab: The model cannot be written to “${out}” (${why}); choose another place with --out.\n`,
      );
    }
  });

  it('has no test without a test part', async () => {
    const run = await sortlab('train', data, ...quick, '--split', '85/15/0');
    expect([run.code, run.json.test], run.stderr).toEqual([0, null]);
  });

  it('reads well without --json', async () => {
    const run = await sortlab('train', data, ...quick.filter((word) => word !== '--json'));
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^Trained on \d+ photos, validated on \d+; best epoch \d of 2$/mu);
    expect(run.stdout).toContain('Confusion: rows are true classes');
  });
});

describe('evaluate', () => {
  it('takes every photo, and counts those the model was trained on', async () => {
    const run = await sortlab('evaluate', at('model.safetensors'), data, '--engine', 'simd', '--json');
    expect(run.code, run.stderr).toBe(0);
    expectTest(run.json.test, perClass * 3);
    expect(run.json.classes).toEqual(names);
    expect(run.json.seen_in_training).toBe(trained.json.train_count + trained.json.validation_count);
  });

  it('has not seen other photos, nor needs every class', async () => {
    const some = writeZip('some.zip', drawn(200, 3, ['down']));
    const run = await sortlab('evaluate', at('model.safetensors'), some, '--json');
    expect(run.code, run.stderr).toBe(0);
    expect(run.json.seen_in_training).toBe(0);
    expect(run.json.test.per_class.map((score: { support: number }) => score.support)).toEqual([0, 3, 0]);
    expect(run.json.test.per_class[0].recall, '0/0').toBe(0);
    expect(run.json.findings.map(({ kind }: { kind: string }) => kind)).toEqual(['nested-root']);
  });
});

describe('predict', () => {
  it('gives each picture its probabilities, and says which cannot be read', async () => {
    writeFileSync(at('one.png'), stripes(0, 300));
    writeFileSync(at('two.png'), stripes(1, 301));
    writeFileSync(at('cut.png'), stripes(1, 301).slice(0, 500));
    const run = await sortlab(
      'predict',
      at('model.safetensors'),
      at('missing.png'),
      at('one.png'),
      at('cut.png'),
      at('two.png'),
      '--json',
    );
    expect(run.code, run.stderr).toBe(0);
    expect(run.json.images.map((image: { path: string }) => image.path)).toEqual([at('one.png'), at('two.png')]);
    for (const image of run.json.images) {
      const probabilities = Object.entries(image.probabilities as { [name: string]: number });
      expect(probabilities.map(([name]) => name)).toEqual(names);
      expect(probabilities.reduce((sum, [, value]) => sum + value, 0)).toBeCloseTo(1, 4);
      expect(image.probabilities[image.label]).toBe(Math.max(...probabilities.map(([, value]) => value)));
    }
    expect(run.json.skipped).toEqual([
      { path: at('missing.png'), reason: 'unreachable' },
      { path: at('cut.png'), reason: 'truncated' },
    ]);
  });

  it('agrees with evaluate', async () => {
    const evaluated = await sortlab('evaluate', at('model.safetensors'), data, '--engine', 'simd', '--json');
    const images = drawn(0, perClass).map(({ name, data: bytes }) => {
      const path = at((name as string).replaceAll('/', '-'));
      writeFileSync(path, bytes as Uint8Array);
      return path;
    });
    const predicted = await sortlab('predict', at('model.safetensors'), ...images, '--engine', 'simd', '--json');
    const right = predicted.json.images.filter((image: { path: string; label: string }) =>
      image.path.includes(`-${image.label}-`),
    );
    expect(right.length / images.length).toBeCloseTo(evaluated.json.test.accuracy);
  });
});

describe('inspect', () => {
  it('gives classes, sizes and findings', async () => {
    const run = await sortlab('inspect', data, '--json');
    expect(run.json).toMatchObject({
      classes: names.map((name) => ({ class: name, count: perClass })),
      photo_count: perClass * 3,
      sizes: [{ width: 40, height: 32, count: perClass * 3 }],
      skipped: [],
    });
    expect(run.json.findings.map(({ kind }: { kind: string }) => kind)).toEqual(['nested-root']);
    const bytes = drawn(0, perClass).reduce((sum, { data: photo }) => sum + (photo?.length ?? 0), 0);
    expect(run.json.total_bytes).toBe(bytes);
    const cut = { name: 'set/down/cut.png', data: stripes(1, 50).slice(0, 900) };
    const withCut = await sortlab('inspect', writeZip('with-cut.zip', [...drawn(0, perClass), cut]), '--json');
    expect(withCut.json).toMatchObject({ photo_count: perClass * 3, total_bytes: bytes, skipped: { length: 1 } });
  });
});

describe('bad photos are left out and named, the others are used', () => {
  it('cut, oversized, empty, encrypted, wrong kind, junk, no class', async () => {
    const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0]);
    const entries: ZipEntryBytes[] = [
      ...drawn(0, 4),
      { name: 'set/down/cut.png', data: stripes(1, 50).slice(0, 900) },
      { name: 'set/down/cut.jpg', data: jpeg },
      { name: 'set/down/huge.png', data: pngOf(20_000, 20_000, new Uint8Array(8)) },
      { name: 'set/down/empty.jpg' },
      { name: 'set/down/wrong-crc.png', data: stripes(1, 51), crc: 1 },
      { name: 'set/down/bomb.png', data: new Uint8Array(3 * 2 ** 20), deflate: true },
      { name: 'set/down/phone.heic', data: new Uint8Array([0, 0, 0, 24, ...Buffer.from('ftypheic')]) },
      { name: 'set/down/notes.txt', data: new Uint8Array(3) },
      { name: '__MACOSX/set/down/._000.png', data: new Uint8Array(3) },
      { name: 'set/stray.png', data: stripes(1, 52) },
      { name: '../climbs.png', data: stripes(1, 53) },
    ];
    const run = await sortlab('inspect', writeZip('bad.zip', entries), '--json');
    expect(run.code, run.stderr).toBe(0);
    const reasons = Object.fromEntries(
      run.json.skipped.map(({ path, reason }: { path: string; reason: string }) => [path, reason]),
    );
    expect(reasons).toMatchObject({
      'set/down/cut.png': 'truncated',
      'set/down/cut.jpg': 'truncated',
      'set/down/huge.png': 'too-large',
      'set/down/empty.jpg': 'empty',
      'set/down/wrong-crc.png': 'bad-entry',
      'set/down/bomb.png': 'over-limit',
      'set/down/phone.heic': 'unsupported',
      'set/down/notes.txt': 'not-a-photo',
      '__MACOSX/set/down/._000.png': 'junk',
      'set/stray.png': 'no-class',
      '../climbs.png': 'bad-name',
    });
    const trainedOnGood = await sortlab('train', at('bad.zip'), ...quick, '--epochs', '1');
    expect(trainedOnGood.code, 'an option given twice').toBe(2);
    const once = quick.map((word) => (word === '2' ? '1' : word));
    const good = await sortlab('train', at('bad.zip'), ...once);
    expect(good.code, good.stderr).toBe(0);
    expect(good.json.train_count + good.json.validation_count + good.json.test.count).toBe(12);
    expect(good.json.skipped).toHaveLength(11);
    expect(good.json.skipped).toContainEqual({ path: 'set/down/huge.png', reason: 'too-large' });
  });
});

describe('data that cannot be used ends with one sentence and exit code 1', () => {
  const train = (path: string): Promise<Run> => sortlab('train', path, ...quick);
  const cases: [string, () => string, RegExp][] = [
    ['no such file', () => at('nowhere.zip'), /“.*nowhere\.zip” does not exist; check the path\./u],
    ['no zip', () => at('model.safetensors'), /“model\.safetensors” is not a zip file/u],
    ['an empty zip', () => writeZip('empty.zip', []), /“empty\.zip” is empty/u],
    [
      'no photos',
      () => writeZip('text.zip', [{ name: 'a/b.txt', data: new Uint8Array(1) }]),
      /“text\.zip” holds no photos/u,
    ],
    ['one class', () => writeZip('one.zip', drawn(0, 5, ['down'])), /“one\.zip” holds only one class, “down”/u],
    [
      'a class with one photo',
      () => writeZip('single.zip', [...drawn(0, 5, ['down', 'across']), ...drawn(0, 1, ['slanted'])]),
      /slanted/u,
    ],
  ];
  it.each(cases)('%s', async (_, path, message) => {
    const run = await train(path());
    expect(run.code, run.stderr).toBe(1);
    expect(run.stdout).toBe('');
    const last = run.stderr.trim().split('\n').at(-1) ?? '';
    expect(last).toMatch(/^sortlab: [^\n]+[.;:]$/u);
    expect(last).toMatch(message);
  });

  it('test data with other classes is refused before the training', async () => {
    const other = writeZip('other.zip', [...drawn(0, 2, ['down']), { name: 'set/round/1.png', data: stripes(0, 1) }]);
    const run = await sortlab('train', data, '--test', other, ...quick);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('“other.zip” has the class “round”, which the model does not know');
    expect(run.stderr).not.toContain('epoch 1');
    const evaluated = await sortlab('evaluate', at('model.safetensors'), other, '--json');
    expect(evaluated.code).toBe(1);
    expect(evaluated.stderr).toContain('“round”');
  });

  it('inspect where no photo can be read', async () => {
    const allBad = writeZip('allbad.zip', [
      { name: 'down/cut.png', data: stripes(1, 50).slice(0, 900) },
      { name: 'across/empty.png' },
    ]);
    const run = await sortlab('inspect', allBad, '--json');
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toContain('note: The class “across” has no photo that can be read');
    expect(run.stderr).toContain('  down/cut.png: cut off\n');
    expect(run.stderr.trim().split('\n').at(-3)).toMatch(/^sortlab: None of the photos in “allbad\.zip” can be read;/u);
  });

  it('a folder where a file is needed', async () => {
    mkdirSync(at('photos'), { recursive: true });
    const photos = await sortlab('predict', at('model.safetensors'), at('photos'));
    expect([photos.code, photos.stderr]).toEqual([
      1,
      `sortlab: “${at('photos')}” is a folder; name the photos in it, such as ${at('photos')}/*.jpg.\n`,
    ]);
    const model = await sortlab('predict', at('photos'), at('one.png'));
    expect([model.code, model.stdout]).toEqual([1, '']);
    expect(model.stderr).toContain('photos” is a folder; give the .safetensors file that');
  });

  it('files that are no models or no pictures', async () => {
    const noModel = await sortlab('predict', data, at('one.png'));
    expect([noModel.code, noModel.stdout]).toEqual([1, '']);
    expect(noModel.stderr).toMatch(
      /data\.zip” cannot be opened as a model: [^\n]+; give the \.safetensors file that “Save the model” or train --out wrote\.\n$/u,
    );
    writeFileSync(at('no.png'), 'no picture');
    const noPicture = await sortlab('predict', at('model.safetensors'), at('no.png'));
    expect(noPicture.code).toBe(1);
    expect(noPicture.stderr).toContain('no.png');
    const missing = await sortlab('predict', at('model.safetensors'), at('missing.png'));
    expect(missing.stderr).toContain('missing.png” does not exist');
    expect(missing.code).toBe(1);
    const cut = at('cut.safetensors');
    writeFileSync(cut, readFileSync(at('model.safetensors')).subarray(0, 5000));
    const cutModel = await sortlab('predict', cut, at('one.png'));
    expect([cutModel.code, cutModel.stdout]).toEqual([1, '']);
    expect(cutModel.stderr).toContain('cut.safetensors');
  });
});

describe('wrong use ends with exit code 2', () => {
  it.each([[['train']], [['train', 'x.zip', '--epoch', '3']], [['fly']], [['train', 'x.zip', '--split', '1/2/3']]])(
    '%j',
    async (words) => {
      const run = await sortlab(...words);
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toMatch(/^sortlab: [^\n]+\n$/u);
    },
  );

  it('--help is no mistake', async () => {
    const run = await sortlab('--help');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('--split A/B/C');
  });
});
