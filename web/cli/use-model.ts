// sortlab evaluate, predict and inspect
import { dataErrors, skipSentence } from '../shared/messages.ts';
import { showPath } from '../shared/names.ts';
import { SortlabError } from '../shared/protocol.ts';
import type { Request } from './arguments.ts';
import { openImage, openInput, readModel } from './inputs.ts';
import type { ProgressLine } from './progress.ts';
import { percent, skippedResult, skippedText, table, testResult, testText, type LeftOut } from './results.ts';
import { localContext, type Session } from './session.ts';
import type { Output } from './train.ts';

export async function evaluate(
  request: Extract<Request, { command: 'evaluate' }>,
  session: Session,
  line: ProgressLine,
): Promise<Output> {
  const bytes = await readModel(request.model);
  const info = await session.load(request);
  const model = await session.openModel(bytes, request.model);
  await session.open(await openInput(request.data), 1);
  const imported = await session.importPhotos(
    { size: model.imageSize, fit: model.fit, classes: model.classes },
    { onProgress: ({ done, total }) => line.show(`reading photos: ${done} of ${total}`) },
  );
  const begun = performance.now();
  const result = await session.engine.evaluate(
    { part: 'all' },
    localContext({ onProgress: ({ done, total }) => line.show(`testing: ${done} of ${total}`) }),
  );
  const test = testResult(result);
  return {
    json: {
      classes: result.classes,
      test,
      seen_in_training: result.seenInTraining,
      seconds: { decode: imported.seconds, evaluate: (performance.now() - begun) / 1000 },
      engine: info.engine,
      threads: info.threads,
      findings: imported.findings,
      skipped: skippedResult(imported.skipped),
    },
    text:
      testText(test) +
      (result.seenInTraining === 0
        ? ''
        : `\n${result.seenInTraining} of these photos were used in training: the numbers flatter the model.\n`) +
      skippedText(imported.skipped),
  };
}

export async function predict(request: Extract<Request, { command: 'predict' }>, session: Session): Promise<Output> {
  const bytes = await readModel(request.model);
  const opened = await Promise.all(request.images.map(openImage));
  const files = opened.flatMap((file, index) =>
    typeof file === 'string' ? [] : [{ name: request.images[index] ?? '', file }],
  );
  const info = await session.load(request);
  const model = await session.openModel(bytes, request.model);
  const decoded = await session.decode(files, { size: model.imageSize, fit: model.fit });
  const skipped: LeftOut[] = [];
  const images: { path: string; label: string; probabilities: { [name: string]: number } }[] = [];
  for (const [index, path] of request.images.entries()) {
    const file = opened[index];
    if (typeof file === 'string') {
      skipped.push({ path: showPath(path), reason: 'unreachable', detail: file });
      continue;
    }
    const photo = decoded.shift();
    if (photo === undefined) continue;
    if (!photo.ok) {
      skipped.push({ path: showPath(path), reason: photo.reason, detail: skipSentence(photo.reason, path) });
      continue;
    }
    const [prediction] = await session.engine.predict(
      { pictures: [{ kind: 'square', data: photo.pixels }] },
      localContext({}),
    );
    if (prediction === undefined) continue;
    const probabilities = Object.fromEntries(model.classes.map((name, label) => [name, prediction.probs[label] ?? 0]));
    images.push({ path, label: model.classes[prediction.label] ?? '', probabilities });
  }
  if (images.length === 0) throw new SortlabError('invalid-data', skipped[0]?.detail ?? 'There is nothing to predict.');
  return {
    json: { images, engine: info.engine, threads: info.threads, skipped: skippedResult(skipped) },
    text: table(images.map((image) => [showPath(image.path), ...likely(image.probabilities)])) + skippedText(skipped),
  };
}

function likely(probabilities: { [name: string]: number }): string[] {
  const sorted = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
  return sorted.slice(0, 3).map(([name, probability]) => `${name} ${percent(probability)}`);
}

export async function inspect(
  request: Extract<Request, { command: 'inspect' }>,
  session: Session,
  line: ProgressLine,
): Promise<Output> {
  await session.open(await openInput(request.data), 2);
  const { plan, classes, totalBytes, sizes, skipped, findings } = await session.inspect({
    onProgress: ({ done, total }) => line.show(`looking at photos: ${done} of ${total}`),
  });
  const photoCount = classes.reduce((sum, { count }) => sum + count, 0);
  if (photoCount === 0) {
    for (const { message } of findings) line.milestone(`note: ${message}`);
    throw dataErrors.noneDecoded(plan.name, skipped);
  }
  return {
    json: {
      classes: classes.map(({ name, count }) => ({ class: name, count })),
      photo_count: photoCount,
      total_bytes: totalBytes,
      sizes,
      findings,
      skipped: skippedResult(skipped),
    },
    text:
      `${photoCount} photos in ${classes.length} classes, ${(totalBytes / 1e6).toFixed(1)} MB\n\n` +
      table([['class', 'photos'], ...classes.map(({ name, count }) => [name, String(count)])]) +
      '\nMost frequent sizes\n' +
      table(sizes.map(({ width, height, count }) => [`${width} x ${height}`, String(count)])) +
      (findings.length === 0 ? '' : `\n${findings.map(({ message }) => `${message}\n`).join('')}`) +
      skippedText(skipped),
  };
}
