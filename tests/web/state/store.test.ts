import { beforeEach, describe, expect, it } from 'vitest';
import { Store } from '../../../web/state/store.ts';
import { FakeStudio } from './fake-studio.ts';
import { memory, startStore, store, studio, studios, zip } from './test-store.ts';

beforeEach(startStore);

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
