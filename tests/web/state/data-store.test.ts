import { beforeEach, describe, expect, it } from 'vitest';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { startStore, store, studio, zip } from './test-store.ts';

beforeEach(startStore);

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
