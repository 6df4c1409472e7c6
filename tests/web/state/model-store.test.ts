import { beforeEach, describe, expect, it } from 'vitest';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { startStore, store, studio, zip } from './test-store.ts';

beforeEach(startStore);

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
