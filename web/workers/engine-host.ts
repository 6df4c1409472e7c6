// What the engine worker does, without a worker: one engine instance, its data set, at most one training run, one model.
// Long work runs in slices with a pause between them, so that cancel, predictions and questions are answered meanwhile.
import type { EngineApi } from '../shared/engine-api.ts';
import type { EvaluationResult, MemoryPlan, TrainResult, TrainSettings } from '../shared/engine-types.ts';
import { engineErrors } from '../shared/messages.ts';
import { serve } from '../shared/call.ts';
import { SortlabError, type CallContext, type Handlers, type Port } from '../shared/protocol.ts';
import type { EngineEnvironment } from './engine-environment.ts';
import { EngineMaker, memoryBytes, type EngineInstance } from './engine-instance.ts';
import { unwrap } from './fallible.ts';
import { ownBytes } from './own-bytes.ts';
import { defaultPlan, needModel, predict } from './engine-questions.ts';
import type { Engine } from './module-types.ts';
import { StoredDataset } from './stored-dataset.ts';
import { sliceMilliseconds, trainInSlices, type TrainSteps } from './train-in-slices.ts';

export class EngineHost {
  readonly #environment: EngineEnvironment;
  readonly #connect: (port: unknown) => Port;
  #maker: EngineMaker | null = null;
  #instance: EngineInstance | null = null;
  #dataset: StoredDataset | null = null;
  #split = new Uint8Array(0); // of the present data set; empty before its first training
  #training = false;
  #trapped = false;
  #queue: Promise<unknown> = Promise.resolve();

  /** `connect`: a Port from what receivePhotos is given. */
  constructor(environment: EngineEnvironment, connect: (port: unknown) => Port) {
    this.#environment = environment;
    this.#connect = connect;
  }

  handlers(): Handlers<EngineApi> {
    return {
      load: (params) => this.#exclusive(() => this.#load(params)),
      presets: () => this.#ask((engine) => engine.presets()),
      ...this.#photoHandlers(),
      receivePhotos: ({ port }) => serve<PhotoCalls>(this.#connect(port), this.#photoHandlers()),
      photoPixels: ({ index }) => this.#ask((engine) => unwrap(engine.photoPixels(index))),
      plan: ({ settings }) => this.#ask((engine) => unwrap(this.#plan(engine, settings))),
      train: ({ settings }, context) => this.#exclusive(() => this.#train(settings, context)),
      evaluate: ({ part }, context) => this.#exclusive(() => this.#evaluate(part, context)),
      predict: ({ pictures }) => this.#ask((engine) => predict(engine, pictures)),
      model: () => this.#ask((engine) => engine.modelInfo()),
      saveModel: async (_, context) => {
        const bytes = await this.#ask((engine) => ownBytes(unwrap(needModel(engine).saveModel())));
        context.transfer(bytes.buffer);
        return bytes;
      },
      openModel: ({ bytes }) => this.#exclusive(() => this.#ask((engine) => unwrap(engine.openModel(bytes)), true)),
    };
  }

  #photoHandlers(): Handlers<PhotoCalls> {
    return {
      beginDataset: (params) => this.#exclusive(() => this.#beginDataset(params)),
      addPhotos: ({ pixels, labels, hashes }, context) =>
        this.#exclusive(() =>
          this.#ask((engine) => {
            if (this.#dataset === null) throw engineErrors.noPhotos();
            this.#dataset.add(engine, pixels, labels, hashes);
            context.transfer(pixels.buffer);
            return { count: this.#dataset.count, pixels };
          }, true),
        ),
    };
  }

  /** One at a time, in the order they came; refused while training, which may take long. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#training) return Promise.reject(engineErrors.busy());
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** A short question, between slices; `inside`: from within #exclusive. A trap ends the host. */
  async #ask<T>(question: (engine: Engine) => T, inside = false): Promise<T> {
    if (!inside && !this.#training) await this.#queue;
    const { engine } = this.#need();
    return this.#guard(() => question(engine));
  }

  #need(): EngineInstance {
    if (this.#trapped) throw engineErrors.trapped();
    if (this.#instance === null) throw engineErrors.notLoaded();
    return this.#instance;
  }

  /** What the module throws itself (it returns its errors) is a trap or its memory's end: nothing inside can be trusted. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof SortlabError) throw error;
      this.#trapped = true;
      const stopped = engineErrors.trapped();
      stopped.cause = error;
      throw stopped;
    }
  }

  async #load({ choice, threads, wasmUrl }: Parameters<Handlers<EngineApi>['load']>[0]) {
    this.#maker = await EngineMaker.load(this.#environment, choice, threads, wasmUrl);
    this.#instance?.drop();
    try {
      this.#instance = await this.#maker.make(0);
    } catch (error) {
      if (this.#maker.info.threads === 1) throw error;
      this.#maker = await this.#maker.onOneThread(this.#environment);
      this.#instance = await this.#maker.make(0);
    }
    this.#dataset = null;
    this.#split = new Uint8Array(0);
    this.#trapped = false;
    return this.#maker.info;
  }

  /** In an instance with memory for the data set and a run with the default settings. */
  async #beginDataset({ size, classes, expected }: { size: number; classes: string[]; expected: number }) {
    const { engine } = this.#need();
    const planned = this.#guard(() => defaultPlan(engine, size, expected, classes.length));
    this.#dataset = null; // none moves along
    this.#split = new Uint8Array(0);
    await this.#makeRoom(planned);
    const dataset = new StoredDataset(size, classes, expected);
    await this.#ask((present) => dataset.begin(present), true);
    this.#dataset = dataset;
  }

  /**
   * Keeps the instance where it is large enough, whatever it has held: the page gets a dropped memory back late, so that
   * new ones for every import and every run would pile up. Else a fresh one takes over, model and all.
   */
  async #makeRoom(planBytes: number): Promise<void> {
    const bytes = memoryBytes(planBytes, this.#maker?.info.threads ?? 1);
    if (this.#need().bytes < bytes) await this.#replaceInstance(planBytes);
  }

  /**
   * The old one is dropped as soon as all it held has moved. The plan counts the model that is to be trained; one that is
   * there may be larger, and its file comes with it.
   */
  async #replaceInstance(planBytes: number): Promise<void> {
    const old = this.#need();
    if (this.#maker === null) throw engineErrors.notLoaded();
    const model = this.#guard(() => (old.engine.modelInfo() === null ? null : unwrap(old.engine.saveModel())));
    const modelBytes = model === null ? 0 : model.length + this.#guard(() => old.engine.modelBytes());
    const fresh = await this.#maker.make(memoryBytes(planBytes + modelBytes, this.#maker.info.threads));
    try {
      this.#guard(() => {
        this.#dataset?.move(old.engine, fresh.engine); // first: the model may move later, photos never do
        if (model !== null) unwrap(fresh.engine.openModel(model));
      });
    } catch (error) {
      fresh.drop();
      throw error;
    }
    this.#instance = fresh;
    old.drop();
  }

  #plan(engine: Engine, settings: TrainSettings) {
    if (this.#dataset === null) throw engineErrors.noPhotos();
    return engine.plan(settings, this.#dataset.count, this.#dataset.classes.length);
  }

  async #train(settings: TrainSettings, context: Parameters<Handlers<EngineApi>['train']>[1]): Promise<TrainResult> {
    const plan = await this.#beginTraining(settings);
    this.#training = true;
    try {
      return await this.#run(settings, plan, context);
    } finally {
      this.#training = false;
    }
  }

  /**
   * A memory that turns out too small is made larger once: what was there before may have left the free part in pieces, or
   * a model from a file is larger than the one that is to be trained.
   */
  async #beginTraining(settings: TrainSettings): Promise<MemoryPlan> {
    const { total } = await this.#ask((engine) => unwrap(this.#plan(engine, settings)), true);
    const begin = (): MemoryPlan => {
      const { engine } = this.#need();
      return this.#guard(() => unwrap(engine.beginTraining(settings)));
    };
    await this.#makeRoom(total);
    try {
      return begin();
    } catch (error) {
      if (!(error instanceof SortlabError && error.code === 'out-of-memory')) throw error;
      await this.#replaceInstance(total * 1.5);
      return begin();
    }
  }

  async #run(
    settings: TrainSettings,
    plan: MemoryPlan,
    context: Parameters<Handlers<EngineApi>['train']>[1],
  ): Promise<TrainResult> {
    const { engine } = this.#need();
    const split = this.#guard(() => engine.splitOf().slice());
    this.#split = split;
    const steps: TrainSteps = {
      trainFor: (milliseconds) => this.#guard(() => unwrap(engine.trainFor(milliseconds))),
      history: () => this.#guard(() => engine.history()),
    };
    const { raw, history, imagesPerSecond, seconds } = await trainInSlices(
      steps,
      settings.epochs,
      this.#environment,
      context,
    );
    const info = this.#maker?.info ?? { engine: 'simd', threads: 1, threadsNote: '' };
    const record = { settings, engine: info.engine, epochs: history.length, bestEpoch: raw.bestEpoch };
    this.#guard(() => unwrap(engine.finishTraining(JSON.stringify(record))));
    const countOf = (part: number): number => split.reduce((count, each) => count + Number(each === part), 0);
    return {
      stopped: raw.phase !== 'done',
      diverged: raw.diverged,
      bestEpoch: raw.bestEpoch,
      history,
      trainCount: countOf(0),
      validationCount: countOf(1),
      testCount: countOf(2),
      imagesPerSecond,
      seconds,
      weightsSha256: await this.#environment.sha256(this.#guard(() => engine.weightBytes())),
      engine: info,
      plan,
    };
  }

  async #evaluate(
    part: 'test' | 'all',
    context: CallContext<{ done: number; total: number }>,
  ): Promise<EvaluationResult> {
    const { engine } = this.#need();
    const count = this.#dataset?.count ?? 0;
    if (count === 0) throw engineErrors.noPhotos();
    this.#guard(() => needModel(engine));
    const all = Uint32Array.from({ length: count }, (_, index) => index);
    const indices = part === 'all' ? all : all.filter((index) => this.#split[index] === 2);
    if (indices.length === 0) throw engineErrors.noTestPart();
    this.#guard(() => unwrap(engine.beginEvaluation(indices)));
    for (let share = 0; share < 1;) {
      share = this.#guard(() => unwrap(engine.evaluateFor(sliceMilliseconds)));
      context.progress({ done: Math.round(share * indices.length), total: indices.length });
      await this.#environment.pause();
      context.throwIfCancelled();
    }
    return this.#guard(() => {
      const raw = engine.evaluation();
      const classes = engine.modelInfo()?.classes ?? [];
      return { ...raw, classes, count: indices.length, indices: [...raw.indices] };
    });
  }
}

type PhotoCalls = Pick<EngineApi, 'beginDataset' | 'addPhotos'>;
