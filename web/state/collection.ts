import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { DataSource } from '../shared/data-api.ts';
import type { PickedFile } from './picked-files.ts';

export interface CollectedClass {
  name: string;
  files: PickedFile[];
}

/**
 * Photos that came without folders, sorted into classes by hand: some wait for a name, the rest have one. Once two
 * classes are there it is a data source like any other.
 */
export class Collection {
  private readonly waitingSignal = signal<PickedFile[]>([]);
  private readonly classesSignal = signal<CollectedClass[]>([]);
  private readonly sources = new WeakSet<DataSource>();

  /** There is sorting that leaving the page would throw away. */
  readonly begun: ReadonlySignal<boolean> = computed(
    () => this.waitingSignal.value.length > 0 || this.classesSignal.value.length > 0,
  );
  readonly ready: ReadonlySignal<boolean> = computed(() => this.classesSignal.value.length >= 2);

  get waiting(): ReadonlySignal<PickedFile[]> {
    return this.waitingSignal;
  }
  get classes(): ReadonlySignal<CollectedClass[]> {
    return this.classesSignal;
  }

  add(files: PickedFile[]): void {
    this.waitingSignal.value = [...this.waitingSignal.value, ...files];
  }

  /** Gives the waiting photos a class. Returns one sentence when that is not possible, else ''. */
  assign(given: string): string {
    const name = given.normalize('NFC').trim().replace(/\s+/g, ' ');
    if (name === '') return 'Say what these photos show, for example “glass”.';
    if (name.length > 64) return 'A class name has at most 64 letters.';
    if (/[/\\]/.test(name) || name.startsWith('.')) return 'A class name has no slashes and does not begin with a dot.';
    const waiting = this.waitingSignal.value;
    const same = (one: CollectedClass) => one.name.toLowerCase() === name.toLowerCase();
    this.classesSignal.value = this.classesSignal.value.some(same)
      ? this.classesSignal.value.map((one) => (same(one) ? { ...one, files: [...one.files, ...waiting] } : one))
      : [...this.classesSignal.value, { name, files: waiting }];
    this.waitingSignal.value = [];
    return '';
  }

  /** Returns the way back. */
  remove(name: string): () => void {
    const before = this.classesSignal.value;
    this.classesSignal.value = before.filter((one) => one.name !== name);
    return () => {
      this.classesSignal.value = before;
    };
  }

  /** Returns the way back. */
  clear(): () => void {
    const before = { waiting: this.waitingSignal.value, classes: this.classesSignal.value };
    this.waitingSignal.value = [];
    this.classesSignal.value = [];
    return () => {
      this.waitingSignal.value = before.waiting;
      this.classesSignal.value = before.classes;
    };
  }

  /** Two photos of one name are told apart by a number in front, so that none is lost. */
  source(): DataSource {
    const files = this.classesSignal.value.flatMap(({ name, files: ofClass }) =>
      ofClass.map(({ file }, index) => ({ path: `${name}/${String(index + 1).padStart(4, '0')}-${file.name}`, file })),
    );
    const source: DataSource = { kind: 'files', name: 'Your photos', files };
    this.sources.add(source);
    return source;
  }

  /** Whether the source was sorted here: its classes are in no folder and no zip. */
  isOwn(source: DataSource): boolean {
    return this.sources.has(source);
  }
}
