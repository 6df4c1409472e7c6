// The photos of a plan, decoded by several workers at once and delivered in the plan's order: which worker was faster
// never changes the data set, and so never a result.
import type { Finding, ImportProgress, ImportResult, Skipped } from '../shared/data-api.ts';
import type { Fit } from '../shared/engine-types.ts';
import { dataErrors, findings as sentences, skipSentence } from '../shared/messages.ts';
import { showPath } from '../shared/names.ts';
import type { CallContext } from '../shared/protocol.ts';
import { recountFindings, type PhotoPlan } from '../data/plan.ts';
import { SkipError, type Source } from '../data/source.ts';
import type { DecodedSquare, NotDecoded } from './decode-api.ts';
import { BufferPool } from './buffer-pool.ts';
import { CancelRace, OrderedWork } from './ordered-work.ts';
import { PhotoBatch, type PhotoSink } from './photo-batch.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface PhotoDecoding {
  readonly size: number;
  /** `into`: handed over; the pixels, where there are any, come back in it. */
  square(bytes: Bytes, size: number, fit: Fit, into: Bytes): Promise<DecodedSquare | NotDecoded>;
}

export interface ImportRequest {
  source: Source;
  plan: PhotoPlan;
  size: number;
  fit: Fit;
}

const progressMilliseconds = 200;

/** Errors: cancelled; what the sink refuses; no photo at all could be decoded. */
export async function importPhotos(
  request: ImportRequest,
  decoding: PhotoDecoding,
  sink: PhotoSink,
  context: CallContext<ImportProgress>,
  now: () => number = () => performance.now(),
): Promise<ImportResult> {
  const { source, plan, size, fit } = request;
  const begun = now();
  const race = new CancelRace(context);
  const tally = new ImportTally(plan);
  let lastReport = begun;
  const report = (): void => {
    lastReport = now();
    context.progress(tally.progress((lastReport - begun) / 1000));
  };

  await race.with(
    sink.beginDataset({ size, classes: plan.classes.map(({ name }) => name), expected: plan.photos.length }),
  );
  const squares = new BufferPool(size * size * 3);
  const batch = new PhotoBatch(size, sink);
  const decodeOne = async (id: number): Promise<DecodedSquare | NotDecoded> => {
    try {
      const bytes = await source.read(plan.photos[id]?.file ?? -1);
      context.throwIfCancelled(); // a photo read too late would start the decoders again
      return await decoding.square(bytes, size, fit, squares.take());
    } catch (error) {
      if (error instanceof SkipError) return { ok: false, reason: error.reason };
      throw error;
    }
  };
  const work = new OrderedWork(plan.photos.length, decoding.size + 2, decodeOne);
  for (let id = 0; id < plan.photos.length; id++) {
    const decoded = await race.with(work.next());
    tally.add(id, decoded);
    if (decoded.ok) {
      await race.with(batch.add(decoded, plan.photos[id]?.label ?? 0));
      squares.give(decoded.pixels);
    }
    if (now() - lastReport >= progressMilliseconds) report();
  }
  await race.with(batch.flush());
  report();
  if (tally.photoIds.length === 0) throw dataErrors.noneDecoded(source.name, tally.skipped);
  return tally.result((now() - begun) / 1000);
}

/** What an import has found so far. */
class ImportTally {
  readonly photoIds: number[] = [];
  readonly skipped: Skipped[];
  readonly #labels: number[] = [];
  readonly #plan: PhotoPlan;
  readonly #perClass: number[];
  readonly #sizes = new SizeCounts();
  readonly #copies = new CopyCounts();
  #done = 0;
  #byBrowser = 0;

  constructor(plan: PhotoPlan) {
    this.#plan = plan;
    this.skipped = [...plan.skipped];
    this.#perClass = plan.classes.map(() => 0);
  }

  add(id: number, decoded: DecodedSquare | NotDecoded): void {
    const { path, label } = this.#plan.photos[id] ?? { path: '', label: 0 };
    this.#done++;
    if (!decoded.ok) {
      const { reason } = decoded;
      this.skipped.push({ path: showPath(path), reason, detail: skipSentence(reason, path) });
      return;
    }
    this.photoIds.push(id);
    this.#labels.push(label);
    this.#perClass[label] = (this.#perClass[label] ?? 0) + 1;
    this.#byBrowser += decoded.byBrowser ? 1 : 0;
    this.#sizes.add(decoded.width, decoded.height);
    this.#copies.add(decoded.hash, path, label);
  }

  progress(seconds: number): ImportProgress {
    const total = this.#plan.photos.length;
    const left = this.#done === 0 ? Infinity : (seconds / this.#done) * (total - this.#done);
    const skipped = this.skipped.length;
    return { done: this.#done, total, perClass: [...this.#perClass], skipped, secondsLeft: left };
  }

  result(seconds: number): ImportResult {
    const classes = this.#plan.classes.map(({ name }, label) => ({ name, count: this.#perClass[label] ?? 0 }));
    return {
      classes,
      photoIds: this.photoIds,
      labels: this.#labels,
      skipped: this.skipped,
      findings: [...recountFindings(this.#plan, classes), ...this.#copies.findings()],
      decodedByBrowser: this.#byBrowser,
      sizes: this.#sizes.mostFrequent(),
      seconds,
    };
  }
}

/** How often each photo size occurs. */
export class SizeCounts {
  readonly #counts = new Map<string, { width: number; height: number; count: number }>();
  add(width: number, height: number): void {
    const key = `${width}x${height}`;
    const entry = this.#counts.get(key) ?? { width, height, count: 0 };
    entry.count++;
    this.#counts.set(key, entry);
  }
  /** At most 8. */
  mostFrequent(): { width: number; height: number; count: number }[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count).slice(0, 8);
  }
}

/** Photos with the same bytes; the same photo in two classes confuses the training. */
export class CopyCounts {
  readonly #first = new Map<string, { path: string; label: number }>(); // by hash
  #same: Copies = { count: 0, example: ['', ''] };
  #otherClass: Copies = { count: 0, example: ['', ''] };

  add(hash: string, path: string, label: number): void {
    if (hash === '') return;
    const first = this.#first.get(hash);
    if (first === undefined) {
      this.#first.set(hash, { path, label });
      return;
    }
    const copies = first.label === label ? this.#same : this.#otherClass;
    if (copies.count++ === 0) copies.example = [path, first.path];
  }

  findings(): Finding[] {
    const found: Finding[] = [];
    const { duplicates, contradictions } = sentences;
    const [same, other] = [this.#same, this.#otherClass];
    if (same.count > 0) found.push({ kind: 'duplicate-photos', message: duplicates(same.count, ...same.example) });
    if (other.count > 0)
      found.push({ kind: 'duplicate-photos', message: contradictions(other.count, ...other.example) });
    return found;
  }
}

interface Copies {
  count: number;
  example: [string, string];
}
