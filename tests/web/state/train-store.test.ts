import { beforeEach, describe, expect, it } from 'vitest';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { startStore, store, studio, zip } from './test-store.ts';

beforeEach(startStore);

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

  it('keeps the best epoch of a run that the engine gave up', async () => {
    await store.data.openSource(zip('photos.zip'));
    studio().divergesAfter = 3;
    await store.train.train();
    expect(store.train.result.value).toMatchObject({ diverged: true, stopped: false });
    expect(store.train.result.value?.history).toHaveLength(3);
    expect(store.train.problem.value).toBe('');
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
    await expect.poll(() => store.train.plan.value?.total).toBe(78e6);
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
