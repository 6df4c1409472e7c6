// What the data worker does, without a worker: opens sources, plans, imports into the engine, decodes single photos.
import type { DataApi, DataPlan, DataSource, Skipped, Finding, ClassPlan } from '../shared/data-api.ts';
import { dataErrors, skipSentence, workerStopped } from '../shared/messages.ts';
import { classKey, showName, showPath } from '../shared/names.ts';
import type { CallContext, Handlers } from '../shared/protocol.ts';
import { openFiles } from '../data/files.ts';
import { planPhotos, recountFindings, type PhotoPlan } from '../data/plan.ts';
import { SkipError, type ListingHooks, type Source } from '../data/source.ts';
import { DecodePool } from './decode-pool.ts';
import { drawExample } from './draw-example.ts';
import { loadExampleModule } from './load-module.ts';
import type { ExampleModule } from './module-types.ts';
import { CancelRace, OrderedWork } from './ordered-work.ts';
import type { PhotoSink } from './photo-batch.ts';
import { CopyCounts, importPhotos, SizeCounts } from './photo-import.ts';
import type { WorkerLink } from './worker-link.ts';

type OpenSource = (source: DataSource, hooks: ListingHooks) => Promise<Source>;
type LoadExample = (wasmUrl: string) => Promise<ExampleModule>;

interface Opened {
  source: Source;
  plan: PhotoPlan;
}

export interface Inspection {
  plan: DataPlan;
  classes: ClassPlan[];
  totalBytes: number; // of the photos that `classes` counts
  sizes: { width: number; height: number; count: number }[];
  skipped: Skipped[];
  findings: Finding[];
}

export class DataHost {
  readonly #startDecoder: () => WorkerLink;
  readonly #connectEngine: (port: unknown) => PhotoSink;
  readonly #openSource: OpenSource;
  readonly #loadExample: LoadExample;
  #wasmUrl = '';
  #pool: DecodePool | null = null; // for whole data sets; ended after each, which gives its memory back
  #singles: DecodePool | null = null; // for Try: stays warm
  #sink: PhotoSink | null = null;
  #opened: Opened | null = null;
  #example: ExampleModule | null = null; // from its first use
  #importing = false;

  /** `connectEngine`: the engine behind the port given to attachEngine. */
  constructor(
    startDecoder: () => WorkerLink,
    connectEngine: (port: unknown) => PhotoSink,
    openSource: OpenSource,
    loadExample: LoadExample = loadExampleModule,
  ) {
    this.#startDecoder = startDecoder;
    this.#connectEngine = connectEngine;
    this.#openSource = openSource;
    this.#loadExample = loadExample;
  }

  start(wasmUrl: string, workers: number): void {
    this.#wasmUrl = wasmUrl;
    this.#pool?.end();
    this.#singles?.end();
    this.#pool = new DecodePool(this.#startDecoder, wasmUrl, Math.max(1, workers));
    this.#singles = new DecodePool(this.#startDecoder, wasmUrl, Math.min(2, Math.max(1, workers)));
  }

  attachEngine(port: unknown): void {
    this.#sink?.stop(workerStopped.engine);
    this.#sink = this.#connectEngine(port);
  }

  /** `atLeast`: classes needed. */
  async open(
    source: DataSource,
    context: CallContext<{ done: number; total: number }>,
    atLeast = 2,
  ): Promise<PhotoPlan> {
    this.#opened?.source.rest?.();
    this.#opened = null;
    const opening = this.#openSource(source, {
      onProgress: (done, total) => context.progress({ done, total }),
      throwIfCancelled: () => context.throwIfCancelled(),
    });
    const opened = await new CancelRace(context).with(opening).catch((error: unknown) => {
      void opening.then((late) => late.rest?.()).catch(() => undefined);
      throw error;
    });
    try {
      const plan = planPhotos(source.name, opened.files, atLeast);
      context.throwIfCancelled();
      this.#opened = { source: opened, plan };
      return plan;
    } finally {
      if (this.#opened === null) opened.rest?.();
    }
  }

  /** Header of every photo of the opened source: sizes, soundness, copies. */
  async inspect(context: CallContext<{ done: number; total: number }>): Promise<Inspection> {
    const { source, plan } = this.#needOpened();
    const pool = this.#needPool();
    const race = new CancelRace(context);
    const [sizes, copies] = [new SizeCounts(), new CopyCounts()];
    const skipped = [...plan.skipped];
    const counts = plan.classes.map(() => 0);
    let totalBytes = 0;
    const work = new OrderedWork(plan.photos.length, pool.size + 2, async (id) => {
      try {
        return await pool.inspect(await source.read(plan.photos[id]?.file ?? -1));
      } catch (error) {
        if (error instanceof SkipError) return { ok: false as const, reason: error.reason };
        throw error;
      }
    });
    for (const [id, { file, path, label }] of plan.photos.entries()) {
      const seen = await race.with(work.next());
      if (seen.ok) {
        sizes.add(seen.width, seen.height);
        copies.add(seen.hash, path, label);
        totalBytes += source.files[file]?.bytes ?? 0;
        counts[label] = (counts[label] ?? 0) + 1;
      } else skipped.push({ path: showPath(path), reason: seen.reason, detail: skipSentence(seen.reason, path) });
      context.progress({ done: id + 1, total: plan.photos.length });
    }
    pool.end();
    source.rest?.();
    const classes = plan.classes.map(({ name }, label) => ({ name, count: counts[label] ?? 0 }));
    const findings = [...recountFindings(plan, classes), ...copies.findings()];
    return { plan, classes, totalBytes, sizes: sizes.mostFrequent(), skipped, findings };
  }

  handlers(): Handlers<DataApi> {
    return {
      start: ({ wasmUrl, workers }) => this.start(wasmUrl, workers),
      attachEngine: ({ port }) => this.attachEngine(port),
      open: async ({ source, atLeast }, context) => {
        const { name, classes, photoCount, totalBytes, skipped, findings } = await this.open(source, context, atLeast);
        return { name, classes, photoCount, totalBytes, skipped, findings };
      },
      import: (params, context) => this.import(params, context),
      drawExample: (params, context) => this.drawExample(params, context),
      decode: (params, context) => this.decode(params, context),
    };
  }

  readonly import: Handlers<DataApi>['import'] = async ({ size, fit, classes: known }, context) => {
    const { source, plan: opened } = this.#needOpened();
    const plan = known === undefined ? opened : relabel(opened, known);
    const pool = this.#needPool();
    const classes = plan.classes.map(({ name }) => name);
    return this.#fill(
      { size, classes },
      (sink) => importPhotos({ source, plan, size, fit }, pool, sink, context),
      () => {
        pool.end();
        source.rest?.();
      },
    );
  };

  readonly drawExample: Handlers<DataApi>['drawExample'] = async (example, context) => {
    const module = (this.#example ??= await this.#loadExample(this.#wasmUrl));
    context.throwIfCancelled();
    return this.#fill({ size: example.size, classes: module.classes() }, (sink) =>
      drawExample(example, module, sink, context),
    );
  };

  readonly decode: Handlers<DataApi>['decode'] = async ({ files, size, fit }, context) => {
    const pool = this.#needPool(this.#singles);
    const race = new CancelRace(context);
    const work = new OrderedWork(files.length, pool.size + 2, async (index) => {
      const { name, file } = files[index] ?? { name: '', file: null };
      const source = openFiles([{ path: name, file: file as Blob }], name);
      try {
        return await pool.square(await source.read(0), size, fit);
      } catch (error) {
        if (error instanceof SkipError) return { ok: false as const, reason: error.reason };
        throw error;
      }
    });
    const results: Awaited<ReturnType<Handlers<DataApi>['decode']>> = [];
    for (const { name } of files) {
      const decoded = await race.with(work.next());
      if (decoded.ok) {
        results.push({ ok: true, name: showName(name), pixels: decoded.pixels, hash: decoded.hash });
        context.transfer(decoded.pixels.buffer);
      } else {
        const { reason } = decoded;
        results.push({ ok: false, name: showName(name), reason, detail: skipSentence(reason, name) });
      }
    }
    return results;
  };

  /** One at a time. Where `work` fails the data set is emptied: half of one would look like a whole one. */
  async #fill<T>(
    dataset: { size: number; classes: string[] },
    work: (sink: PhotoSink) => Promise<T>,
    end: () => void = () => undefined,
  ): Promise<T> {
    const sink = this.#sink;
    if (sink === null) throw dataErrors.nothingOpen();
    if (this.#importing) throw dataErrors.importRunning();
    this.#importing = true;
    try {
      return await work(sink);
    } catch (error) {
      void sink.beginDataset({ ...dataset, expected: 0 }).catch(() => undefined);
      throw error;
    } finally {
      this.#importing = false;
      end();
    }
  }

  #needOpened(): Opened {
    if (this.#opened === null) throw dataErrors.nothingOpen();
    return this.#opened;
  }
  #needPool(pool = this.#pool): DecodePool {
    if (pool === null) throw dataErrors.nothingOpen();
    return pool;
  }
}

/** The same photos with the labels of a model's classes. Error: a class the model does not know. */
function relabel(plan: PhotoPlan, known: readonly string[]): PhotoPlan {
  const labels = new Map(known.map((name, label) => [classKey(name), label]));
  const extra = plan.classes.map(({ name }) => name).filter((name) => !labels.has(classKey(name)));
  if (extra.length > 0) throw dataErrors.otherClasses(plan.name, extra, known);
  const labelOf = plan.classes.map(({ name }) => labels.get(classKey(name)) ?? 0);
  const counts = known.map((_, label) => plan.classes[labelOf.indexOf(label)]?.count ?? 0);
  return {
    ...plan,
    classes: known.map((name, label) => ({ name, count: counts[label] ?? 0 })),
    photos: plan.photos.map((photo) => ({ ...photo, label: labelOf[photo.label] ?? 0 })),
    forTraining: false,
  };
}
