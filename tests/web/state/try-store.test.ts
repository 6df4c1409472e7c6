import { beforeEach, describe, expect, it } from 'vitest';
import { SortlabError } from '../../../web/shared/protocol.ts';
import { startStore, store, studio } from './test-store.ts';

beforeEach(startStore);

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
