import { beforeEach, describe, expect, it } from 'vitest';
import { startStore, store, zip } from './test-store.ts';

beforeEach(startStore);

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
