import { beforeEach, describe, expect, it } from 'vitest';
import type { DataSource } from '../../../web/shared/data-api.ts';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { Store } from '../../../web/state/store.ts';
import type { KeyValues } from '../../../web/storage/small-store.ts';
import { FakeStudio } from './fake-studio.ts';

class Memory implements KeyValues {
  readonly values = new Map<string, unknown>();
  async get(key: string) {
    return this.values.get(key);
  }
  async set(key: string, value: unknown) {
    this.values.set(key, value);
  }
}

const zip = (name: string): DataSource => ({ kind: 'zip', name, file: null });
let studios: FakeStudio[];
let memory: Memory;
let store: Store;
const studio = () => studios.at(-1) as FakeStudio;

beforeEach(async () => {
  studios = [];
  memory = new Memory();
  store = new Store({
    launch: { engine: undefined, threads: 0 },
    keyValues: memory,
    createStudio: (choice) => {
      const made = new FakeStudio(choice);
      studios.push(made);
      return made;
    },
  });
  await store.start();
});

describe('data', () => {
  it('opens a zip and knows its classes', async () => {
    expect(await store.data.openSource(zip('photos.zip'))).toBe(true);
    const dataset = store.data.dataset.value;
    expect(dataset?.classes.map(({ name }) => name)).toContain('glass');
    expect(dataset?.count).toBe(studio().count);
    expect(dataset?.labels).toHaveLength(studio().count);
    expect(dataset?.size).toBe(96);
    expect(store.data.importing.value).toBe(false);
    expect(store.data.problem.value).toBe('');
  });

  it('keeps what is there when the next file cannot be read', async () => {
    await store.data.openSource(zip('good.zip'));
    studio().failing.set('openData', new SortlabError('invalid-data', '“bad.zip” is not a zip.'));
    expect(await store.data.openSource(zip('bad.zip'))).toBe(false);
    expect(store.data.dataset.value?.name).toBe('good.zip');
    expect(store.data.problem.value).toBe('“bad.zip” is not a zip. good.zip is still here.');
  });

  it('reads the earlier photos again when an import breaks off half-way', async () => {
    await store.data.openSource(zip('good.zip'));
    studio().delay = 2;
    const opening = store.data.openSource(zip('next.zip'));
    await new Promise((resolve) => setTimeout(resolve, 15));
    expect(store.working.value).toBe(true);
    store.data.cancel();
    expect(store.data.cancelling.value).toBe(true);
    expect(await opening).toBe(false);
    expect(store.data.problem.value).toBe('');
    expect(store.data.dataset.value?.name).toBe('good.zip');
    const imports = studio().calls.filter((call) => call.startsWith('importPhotos'));
    expect(imports).toHaveLength(3);
  });

  it('offers the way back after replacing', async () => {
    await store.data.openSource(zip('first.zip'));
    await store.data.openSource(zip('second.zip'));
    const [notice] = store.notices.shown.value;
    expect(notice?.action?.name).toBe('Undo');
    store.notices.act(notice?.id ?? 0);
    await expect.poll(() => store.data.dataset.value?.name).toBe('first.zip');
  });

  it('keeps one way back at a time, to the photos before', async () => {
    for (const name of ['first.zip', 'second.zip', 'third.zip']) {
      store.notices.show(`A word before ${name}.`);
      await store.data.openSource(zip(name));
    }
    const undoable = store.notices.shown.value.filter(({ action }) => action?.name === 'Undo');
    expect(undoable.map(({ text }) => text.replace(/^.*classes\. /, ''))).toEqual(['It took the place of second.zip.']);
    store.notices.act(undoable[0]?.id ?? 0);
    await expect.poll(() => store.data.dataset.value?.name).toBe('second.zip');
    expect(store.notices.shown.value.filter(({ action }) => action).length).toBe(1);
  });

  it('draws the example', async () => {
    expect(await store.data.openExample()).toBe(true);
    expect(store.data.dataset.value?.classes).toHaveLength(6);
    expect(await store.data.pixels(3)).toHaveLength(64 * 64 * 3);
  });

  it('reads photos again for another size only', async () => {
    await store.data.openSource(zip('photos.zip'));
    await store.data.ensure({ size: 96, fit: 'squeeze' });
    expect(studio().calls.filter((call) => call.startsWith('importPhotos'))).toEqual(['importPhotos 96 squeeze']);
    await store.data.ensure({ size: 64, fit: 'squeeze' });
    expect(store.data.dataset.value).toMatchObject({ size: 64, fit: 'squeeze' });
  });
});

describe('training', () => {
  it('needs photos', async () => {
    await store.train.train();
    expect(store.train.result.value).toBeNull();
  });

  it('trains with the settings and leaves a model', async () => {
    await store.data.openSource(zip('photos.zip'));
    store.train.change({ epochs: 3 });
    await store.train.train();
    expect(store.train.result.value?.history).toHaveLength(3);
    expect(store.train.ranWith.value?.epochs).toBe(3);
    expect(store.train.phase.value).toBe('idle');
    expect(store.model.model.value?.from).toEqual({ kind: 'training' });
  });

  it('reads the photos again when the image size has changed', async () => {
    await store.data.openSource(zip('photos.zip'));
    store.train.change({ imageSize: 64, epochs: 1 });
    await store.train.train();
    expect(studio().calls).toContain('importPhotos 64 squeeze');
    expect(store.data.dataset.value?.size).toBe(64);
  });

  it('keeps the best epoch when it is stopped', async () => {
    await store.data.openSource(zip('photos.zip'));
    studio().delay = 1;
    store.train.change({ epochs: 50 });
    const training = store.train.train();
    await expect.poll(() => store.train.progress.value?.history.length ?? 0).toBeGreaterThan(1);
    expect(store.working.value).toBe(true);
    store.train.stop();
    await training;
    expect(store.train.result.value?.stopped).toBe(true);
    expect(store.train.result.value?.bestEpoch).toBeGreaterThanOrEqual(0);
    expect(store.model.model.value).not.toBeNull();
  });

  it('says in one sentence what went wrong, and can be tried again', async () => {
    await store.data.openSource(zip('photos.zip'));
    studio().failing.set('train', new SortlabError('diverged', 'Training went astray; lower the learning rate.'));
    await store.train.train();
    expect(store.train.problem.value).toBe('Training went astray; lower the learning rate.');
    expect(store.train.phase.value).toBe('idle');
    studio().failing.clear();
    await store.train.train();
    expect(store.train.problem.value).toBe('');
    expect(store.train.result.value).not.toBeNull();
  });

  it('plans memory for the photos at hand', async () => {
    await store.data.openSource(zip('photos.zip'));
    await expect.poll(() => store.train.plan.value?.total).toBe(76e6);
  });

  it('takes the values of a preset, and gives them back on undo', () => {
    store.train.choosePreset('notebook');
    expect(store.train.settings.value).toMatchObject({ preset: 'notebook', imageSize: 224, learningRate: 0.001 });
    store.train.change({ epochs: 99 });
    const undo = store.train.reset();
    expect(store.train.settings.value.epochs).toBe(10);
    undo();
    expect(store.train.settings.value.epochs).toBe(99);
  });
});

describe('evaluation', () => {
  beforeEach(async () => {
    await store.data.openSource(zip('photos.zip'));
    store.train.change({ epochs: 1 });
    await store.train.train();
  });

  it('opens the test photos, counts that, and remembers the count', async () => {
    expect(store.evaluate.openings.value).toBe(0);
    await store.evaluate.evaluate('test');
    expect(store.evaluate.evaluation.value?.part).toBe('test');
    expect(store.evaluate.openings.value).toBe(1);
    await store.evaluate.evaluate('test');
    expect(store.evaluate.openings.value).toBe(2);
    await store.evaluate.evaluate('all');
    await store.evaluate.refreshOpenings();
    expect(store.evaluate.openings.value).toBe(2);
  });

  it('finds exactly the photos behind each cell', async () => {
    await store.evaluate.evaluate('test');
    const evaluation = store.evaluate.evaluation.value;
    evaluation?.confusion.forEach((row, truth) =>
      row.forEach((count, predicted) => {
        store.evaluate.select({ truth, predicted });
        const photos = store.evaluate.cellPhotos.value;
        expect(photos).toHaveLength(count);
        for (const { index } of photos) expect(store.data.dataset.value?.labels[index]).toBe(truth);
      }),
    );
  });

  it('forgets the answer when there is another model or other photos', async () => {
    await store.evaluate.evaluate('test');
    await store.train.train();
    expect(store.evaluate.evaluation.value).toBeNull();
    await store.evaluate.evaluate('test');
    await store.data.openExample();
    expect(store.evaluate.evaluation.value).toBeNull();
    expect(store.train.result.value).toBeNull();
  });

  it('joins classes by name when the model counts them in another order', async () => {
    await store.evaluate.evaluate('test');
    const before = store.evaluate.evaluation.value;
    const glass = before?.classes.indexOf('glass') ?? -1;
    expect(before?.truths.filter((truth) => truth === glass).length).toBe(before?.perClass[glass]?.support);
  });
});

describe('photos sorted by hand', () => {
  const photo = (path: string) => [{ path, file: new File(['x'], path) }];
  it('are at risk from the first photo until other photos take their place', async () => {
    const { collection, data } = store;
    expect(store.atRisk.value).toBe(false);
    collection.add(photo('1.jpg'));
    expect(store.atRisk.value).toBe(true);
    collection.assign('glass');
    expect(store.atRisk.value).toBe(true);
    collection.add(photo('2.jpg'));
    collection.assign('paper');
    await data.openSource(collection.source());
    collection.clear();
    expect(store.sortedHere.value).toBe(true);
    expect([store.working.value, store.atRisk.value]).toEqual([false, true]);
    await data.openSource(zip('photos.zip'));
    expect(store.atRisk.value).toBe(false);
  });
});

describe('an import that fails', () => {
  it('keeps its own list of skipped files, beside the photos that stay', async () => {
    const { data } = store;
    await data.openSource(zip('good.zip'));
    const skipped = [{ path: 'a/1.jpg', reason: 'damaged', detail: '“a/1.jpg” is damaged.' }] as const;
    studio().failing.set('openData', new SortlabError('invalid-data', 'None can be read.', 'bad.zip', skipped));
    await data.openSource(zip('bad.zip'));
    expect(data.failed.value).toEqual({ name: 'bad.zip', skipped });
    expect(data.dataset.value).toMatchObject({ name: 'good.zip', skipped: [] });
    data.refuse('This is no photo.');
    expect(data.failed.value).toBeNull();
    await data.openSource(zip('bad.zip'));
    expect(data.failed.value).not.toBeNull();
    studio().failing.clear();
    await data.openSource(zip('good.zip'));
    expect(data.failed.value).toBeNull();
  });
});

describe('models', () => {
  it('are at risk once trained, until they are saved', async () => {
    await store.data.openSource(zip('photos.zip'));
    expect(store.atRisk.value).toBe(false);
    store.train.change({ epochs: 1 });
    await store.train.train();
    expect([store.working.value, store.atRisk.value]).toEqual([false, true]);
    const fail = () => Promise.reject(new SortlabError('internal', 'The disk is full.'));
    expect(await store.model.save(fail)).toBe(false);
    expect(store.atRisk.value).toBe(true);
    expect(await store.model.save(() => {})).toBe(true);
    expect(store.atRisk.value).toBe(false);
    await store.train.train();
    expect(store.atRisk.value).toBe(true);
    await store.model.open(async () => ({ bytes: new Uint8Array(32), name: 'a.safetensors' }));
    expect(store.atRisk.value).toBe(false);
  });

  const file = (name: string) => async () => ({ bytes: new Uint8Array(32), name });

  it('opens a file', async () => {
    expect(await store.model.open(file('a.safetensors'))).toBe(true);
    expect(store.model.model.value?.from).toEqual({ kind: 'file', name: 'a.safetensors' });
  });

  it('keeps the model at hand when a file is broken', async () => {
    await store.model.open(file('a.safetensors'));
    studio().failing.set('openModel', new SortlabError('invalid-data', '“b” is cut off.'));
    expect(await store.model.open(file('b'))).toBe(false);
    expect(store.model.problem.value).toBe('“b” is cut off.');
    expect(store.model.model.value?.from).toEqual({ kind: 'file', name: 'a.safetensors' });
  });

  it('names the file that is broken and says what to do', async () => {
    const says = async (message: string): Promise<string> => {
      studio().failing.set('openModel', new SortlabError('invalid-data', message));
      expect(await store.model.open(file('half.safetensors'))).toBe(false);
      return store.model.problem.value;
    };
    expect(await says('The model file ends too early; copy it again.')).toBe(
      '“half.safetensors” cannot be opened as a model: the model file ends too early; copy it again.',
    );
    expect(await says('This is not a model file (.safetensors).')).toBe(
      '“half.safetensors” cannot be opened as a model: this is not a model file (.safetensors); ' +
        'give the .safetensors file that “Save the model” or train --out wrote.',
    );
    studio().failing.set('openModel', new SortlabError('worker-stopped', 'The engine stopped.'));
    await store.model.open(file('half.safetensors'));
    expect(store.model.problem.value, 'not about the file').toBe('The engine stopped.');
  });

  it('hands over the bytes to save', async () => {
    const written: number[] = [];
    expect(await store.model.save((bytes) => void written.push(bytes.length))).toBe(false);
    await store.model.open(file('a.safetensors'));
    expect(await store.model.save((bytes) => void written.push(bytes.length))).toBe(true);
    expect(written).toEqual([64]);
  });
});

describe('trying', () => {
  const photo = (name: string) => new File(['x'], name);

  it('answers each photo in order, and says which cannot be read', async () => {
    await store.model.open(async () => ({ bytes: new Uint8Array(32), name: 'a' }));
    await store.trial.tryFiles(['a.jpg', 'b.heic', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg'].map(photo));
    const trials = store.trial.trials.value;
    expect(trials.map(({ name }) => name)).toEqual(['a.jpg', 'b.heic', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg']);
    expect(trials.map(({ answer }) => answer.state)).toEqual([
      'answered',
      'unreadable',
      'answered',
      'answered',
      'answered',
      'answered',
    ]);
    const undo = store.trial.clear();
    expect(store.trial.trials.value).toHaveLength(0);
    undo();
    expect(store.trial.trials.value).toHaveLength(6);
  });

  it('says what was left out, until the next photos', async () => {
    const leftOut = '“notzip.zip” was left out: not a photo.';
    await store.trial.tryFiles([photo('a.jpg')], leftOut);
    expect(store.trial.problem.value).toBe(leftOut);
    const many = Array.from({ length: 61 }, (_, index) => photo(`${index}.jpg`));
    await store.trial.tryFiles(many, leftOut);
    expect(store.trial.problem.value).toBe(`${leftOut} Only the first 60 of 61 photos are tried at once.`);
    await store.trial.tryFiles([photo('a.jpg')]);
    expect(store.trial.problem.value).toBe('');
  });

  it('leaves nothing waiting after a failure', async () => {
    studio().failing.set('predictFiles', new SortlabError('internal', 'It broke.'));
    await store.trial.tryFiles([photo('a.jpg')]);
    expect(store.trial.trials.value).toHaveLength(0);
    expect(store.trial.problem.value).toBe('It broke.');
  });
});

describe('engine', () => {
  it('moves the model over to another engine and reads the photos again there', async () => {
    await store.data.openSource(zip('photos.zip'));
    store.train.change({ epochs: 1 });
    await store.train.train();
    await store.chooseEngine('simd');
    expect(studios).toHaveLength(2);
    expect(studios[0]?.closed).toBe(true);
    expect(studio().choice).toBe('simd');
    await expect.poll(() => store.studios.info.value?.engine).toBe('simd');
    expect(studio().calls).toContain('openModel compact 64');
    await store.evaluate.evaluate('all');
    expect(studio().calls).toContain('importPhotos 96 squeeze');
  });

  it('tells of a silent engine with a way to start it again, until it answers', () => {
    let restarted = 0;
    const event = { message: 'The engine has not answered.', restart: () => (restarted += 1) };
    studio().fallSilent({ silent: true, ...event });
    studio().fallSilent({ silent: true, ...event });
    expect(store.notices.shown.value.map(({ text }) => text)).toEqual(['The engine has not answered.']);
    studio().fallSilent({ silent: false, ...event, message: '' });
    expect(store.notices.shown.value).toEqual([]);
    studio().fallSilent({ silent: true, ...event });
    store.notices.act(store.notices.shown.value[0]!.id);
    expect(restarted).toBe(1);
  });

  it('reads photos again after the engine was lost', async () => {
    await store.data.openSource(zip('photos.zip'));
    studio().restart({ worker: 'engine', message: 'The engine stopped.', datasetLost: true, modelKept: false });
    expect(store.notices.shown.value[0]?.text).toBe('The engine stopped.');
    store.train.change({ epochs: 1 });
    await store.train.train();
    expect(studio().calls.filter((call) => call.startsWith('importPhotos'))).toHaveLength(2);
  });
});

it('remembers settings, and takes nothing from storage that makes no sense', async () => {
  store.train.change({ epochs: 7 });
  await expect.poll(() => memory.values.get('settings')).toMatchObject({ epochs: 7 });
  const create = () => new FakeStudio();
  const again = new Store({ launch: { engine: undefined, threads: 0 }, keyValues: memory, createStudio: create });
  await again.start();
  expect(again.train.settings.value.epochs).toBe(7);
  memory.values.set('settings', { epochs: -1, preset: 5 });
  const third = new Store({ launch: { engine: undefined, threads: 0 }, keyValues: memory, createStudio: create });
  await third.start();
  expect(third.train.settings.value.epochs).toBe(20);
});
