// sortlab train
import { access, constants, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataSource, Skipped } from '../shared/data-api.ts';
import type { MemoryPlan, Preset, TrainProgress, TrainResult, TrainSettings } from '../shared/engine-types.ts';
import { dataErrors, divergedSentence } from '../shared/messages.ts';
import { classKey, showPath } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';
import { UsageError, type Request } from './arguments.ts';
import { openInput } from './inputs.ts';
import { duration, type ProgressLine } from './progress.ts';
import { percent, skippedResult, skippedText, testResult, testText, type TestResult } from './results.ts';
import { localContext, type Session } from './session.ts';

export type TrainRequest = Extract<Request, { command: 'train' }>;
export interface Output {
  json: unknown;
  text: string;
}

export async function train(
  request: TrainRequest,
  session: Session,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<Output> {
  if (request.out !== undefined) await checkPlace(request.out);
  const info = await session.load(request);
  const settings = trainSettings(request, await session.engine.presets({}, localContext({})));
  const square = { size: settings.imageSize, fit: settings.fit };
  const source = await openInput(request.data);
  const testSource = request.test === undefined ? null : await openTest(request.test, source, session);
  if (testSource === null) await session.open(source, 2);

  const imported = await session.importPhotos(square, {
    signal,
    onProgress: ({ done, total }) => line.show(`reading photos: ${done} of ${total}`),
  });
  let decodeSeconds = imported.seconds;
  const skipped: Skipped[] = [...imported.skipped];
  line.milestone(`read ${imported.photoIds.length} photos in ${duration(imported.seconds)}`);
  for (const { message } of imported.findings) line.milestone(`note: ${message}`);

  line.milestone(planText(await session.engine.plan({ settings }, localContext({}))));
  const result = await session.engine.train(
    { settings },
    localContext({ signal, onProgress: (progress) => reportTraining(progress, line) }),
  );
  line.milestone(
    `trained ${result.history.length} epochs in ${duration(result.seconds)}, ${result.imagesPerSecond.toFixed(1)} photos/s` +
      (result.stopped ? ' (stopped)' : ''),
  );
  if (request.out !== undefined) await saveModel(request.out, session);

  let part: 'test' | 'all' = 'test';
  if (testSource !== null) {
    await session.open(testSource, 1);
    const tests = await session.importPhotos({ ...square, classes: imported.classes.map(({ name }) => name) }, {});
    decodeSeconds += tests.seconds;
    skipped.push(...tests.skipped);
    part = 'all';
  }
  const begun = performance.now();
  const hasTest = part === 'all' || result.testCount > 0;
  const test = hasTest ? testResult(await session.engine.evaluate({ part }, localContext({}))) : null;
  const seconds = { decode: decodeSeconds, train: result.seconds, evaluate: (performance.now() - begun) / 1000 };

  return {
    json: {
      classes: imported.classes.map(({ name }) => name),
      train_count: result.trainCount,
      validation_count: result.validationCount,
      epochs: result.history.map(epochJson),
      best_epoch: result.bestEpoch,
      test,
      seconds,
      images_per_second: result.imagesPerSecond,
      engine: info.engine,
      threads: info.threads,
      memory_bytes: result.plan, // what the training was planned to take
      weights_sha256: result.weightsSha256,
      stopped: result.stopped,
      diverged: result.diverged,
      settings: settingsJson(settings),
      findings: imported.findings,
      skipped: skippedResult(skipped),
    },
    text: trainText(request, result, test) + skippedText(skipped),
  };
}

/** Opens the test photos first, so that wrong classes are told before the training, then the training data. */
async function openTest(path: string, source: DataSource, session: Session): Promise<DataSource> {
  const testSource = await openInput(path);
  const tests = await session.open(testSource, 1);
  const known = (await session.open(source, 2)).classes.map(({ name }) => name);
  const keys = new Set(known.map(classKey));
  const extra = tests.classes.map(({ name }) => name).filter((name) => !keys.has(classKey(name)));
  if (extra.length > 0) throw dataErrors.otherClasses(testSource.name, extra, known);
  return testSource;
}

function trainSettings(request: TrainRequest, presets: Preset[]): TrainSettings {
  const name = request.preset ?? 'compact';
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset === undefined) {
    throw new UsageError(`There is no preset “${name}”; it is one of ${presets.map((each) => each.name).join(', ')}.`);
  }
  const [trainPercent, validationPercent, testPercent] =
    request.split ?? (request.test === undefined ? [70, 15, 15] : [85, 15, 0]);
  return {
    preset: name,
    imageSize: request.size ?? preset.imageSize,
    fit: request.fit,
    epochs: request.epochs ?? preset.epochs,
    batchSize: request.batch ?? preset.batchSize,
    learningRate: request.lr ?? preset.learningRate,
    trainPercent,
    validationPercent,
    testPercent,
    augment: request.augment,
    seed: request.seed,
  };
}

function planText({ total, dataset, activations, workspaces, parameters, model }: MemoryPlan): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return (
    `memory for training: ${megabytes(total)} (photos ${megabytes(dataset)}, activations ${megabytes(activations)}, ` +
    `workspaces ${megabytes(workspaces)}, parameters ${megabytes(parameters)}, finished model ${megabytes(model)})`
  );
}

let reportedEpochs = 0;
function reportTraining(progress: TrainProgress, line: ProgressLine): void {
  const { epoch, epochs, step, stepsPerEpoch, trainLoss, trainAccuracy, history } = progress;
  for (; reportedEpochs < history.length; reportedEpochs++) {
    const done = history[reportedEpochs];
    if (done === undefined) continue;
    const validation = Number.isNaN(done.validationLoss)
      ? ''
      : `, validation loss ${done.validationLoss.toFixed(3)} accuracy ${percent(done.validationAccuracy)}`;
    line.milestone(
      `epoch ${reportedEpochs + 1}/${epochs}: loss ${done.trainLoss.toFixed(3)} accuracy ${percent(done.trainAccuracy)}${validation}`,
    );
  }
  if (progress.phase === 'done') return;
  line.show(
    `epoch ${epoch + 1}/${epochs}, step ${step}/${stepsPerEpoch}: loss ${trainLoss.toFixed(3)} accuracy ${percent(trainAccuracy)}, ` +
      `${progress.imagesPerSecond.toFixed(1)} photos/s, ${duration(progress.secondsLeft)} left`,
  );
}

/** Whole or not at all: under another name first. */
async function saveModel(path: string, session: Session): Promise<void> {
  const bytes = await session.engine.saveModel({}, localContext({}));
  const partial = `${path}.partial`;
  try {
    await writeFile(partial, bytes);
    await rename(partial, path);
  } catch {
    await unlink(partial).catch(() => undefined); // there may be none
    throw cannotWrite(path, 'is the disk full?');
  }
}

/** Before the training: hours of it must not end where nothing can be written. */
async function checkPlace(path: string): Promise<void> {
  const folder = await stat(dirname(path)).catch(() => null);
  if (folder?.isDirectory() !== true) throw cannotWrite(path, 'its folder does not exist');
  const present = await stat(path).catch(() => null);
  if (present?.isDirectory() === true) throw cannotWrite(path, 'it is a folder');
  await access(dirname(path), constants.W_OK | constants.X_OK).catch(() => {
    throw cannotWrite(path, 'its folder may not be written to');
  });
}

function cannotWrite(path: string, why: string): SortlabError {
  const message = `The model cannot be written to “${showPath(path)}” (${why}); choose another place with --out.`;
  return new SortlabError('invalid-argument', message, path);
}

const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function epochJson(epoch: TrainResult['history'][number]): object {
  return {
    train_loss: numberOrNull(epoch.trainLoss),
    train_accuracy: numberOrNull(epoch.trainAccuracy),
    validation_loss: numberOrNull(epoch.validationLoss),
    validation_accuracy: numberOrNull(epoch.validationAccuracy),
  };
}

function settingsJson(settings: TrainSettings): object {
  return {
    preset: settings.preset,
    size: settings.imageSize,
    fit: settings.fit,
    epochs: settings.epochs,
    batch: settings.batchSize,
    lr: settings.learningRate,
    split: [settings.trainPercent, settings.validationPercent, settings.testPercent],
    augment: settings.augment,
    seed: settings.seed,
  };
}

function trainText(request: TrainRequest, result: TrainResult, test: TestResult | null): string {
  const { engine, threads } = result.engine;
  return (
    `Trained on ${result.trainCount} photos, validated on ${result.validationCount}; best epoch ${result.bestEpoch + 1} of ${result.history.length}\n` +
    `Engine ${engine}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${result.imagesPerSecond.toFixed(1)} photos/s; weights ${result.weightsSha256}\n` +
    (result.diverged ? `${divergedSentence}\n` : '') +
    (request.out === undefined ? '' : `Model saved to ${request.out}\n`) +
    '\n' +
    (test === null ? 'No photos were kept for a test.\n' : testText(test))
  );
}
