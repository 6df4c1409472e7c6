// A store over a fake studio, new for every test.
import type { DataSource } from '../../../web/shared/data-api.ts';
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

export const zip = (name: string): DataSource => ({ kind: 'zip', name, file: null });
export let studios: FakeStudio[];
export let memory: Memory;
export let store: Store;
/** The one that was made last. */
export const studio = () => studios.at(-1) as FakeStudio;

/** For beforeEach. */
export async function startStore(): Promise<void> {
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
}
