// What was typed, as a typed request. Anything unknown or out of range is an error of one sentence.
import type { EngineChoice, Fit } from '../shared/engine-types.ts';
import { maxThreads } from '../workers/engine-instance.ts';

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {}

export interface CommonOptions {
  json: boolean;
  threads: number; // 0: one per core
  engine: EngineChoice;
}
export interface TrainOptions {
  test?: string;
  preset?: string;
  size?: number;
  fit: Fit;
  epochs?: number;
  batch?: number;
  lr?: number;
  split?: [number, number, number];
  augment: boolean;
  seed: number;
  out?: string;
}
export type Request =
  | { command: 'help' }
  | ({ command: 'inspect'; data: string } & CommonOptions)
  | ({ command: 'train'; data: string } & CommonOptions & TrainOptions)
  | ({ command: 'evaluate'; model: string; data: string } & CommonOptions)
  | ({ command: 'predict'; model: string; images: string[] } & CommonOptions);

export const help = `sortlab: train an image classifier on folders of photos, and use it

  sortlab inspect DATA                       classes, sizes and findings
  sortlab train DATA [options]               train and test a model
  sortlab evaluate MODEL DATA [options]      test a saved model on every photo of DATA
  sortlab predict MODEL IMAGE... [options]   what the model says about pictures

DATA is a zip or a folder with one folder of photos per class. MODEL is a .safetensors file made by --out.

Options of train:
  --test DATA           test on these photos; then no photos of the training data are kept for the test, unless
                        --split says so. Its classes must be among those of the training data.
  --preset NAME         network: compact (default) or notebook
  --size PIXELS         side of the square every photo becomes (default: the preset's)
  --fit squeeze|crop    squeeze photos to a square (default), or cut the largest centred square
  --epochs N            passes over the training photos (default: the preset's)
  --batch N             photos in a step (default: the preset's)
  --lr RATE             learning rate (default: the preset's)
  --split A/B/C         percent for training, validation and test (default 70/15/15; with --test 85/15/0). Only the
                        test may have 0: then there is none, and test is null in the JSON
  --augment on|off      vary the training photos (default on)
  --seed N              everything random follows from it (default 1)
  --out FILE            save the model, such as model.safetensors

Options of all commands:
  --threads N           1 to ${maxThreads} (default: one per core); never changes a result
  --engine auto|simd|relaxed
                        simd gives the same numbers on every machine; auto (default) takes relaxed, which is faster,
                        where it runs
  --json                one JSON object on standard output
  --help                this text

Progress goes to standard error. Exit code: 0 done, 1 bad data or a failed run, 2 wrong use.
In the JSON, best_epoch counts from 0, and a number that is not finite is null.
`;

type Values = Map<string, string>;

const flags = new Set(['json', 'help']);
const common = ['threads', 'engine'];
const training = ['test', 'preset', 'size', 'fit', 'epochs', 'batch', 'lr', 'split', 'augment', 'seed', 'out'];
const allowed = new Map([
  ['inspect', common],
  ['train', [...common, ...training]],
  ['evaluate', common],
  ['predict', common],
]);

export function parseArguments(words: readonly string[]): Request {
  const { positional, values } = separate(words);
  if (values.has('help') || positional[0] === 'help') return { command: 'help' };
  const [command = '', ...rest] = positional;
  const known = allowed.get(command);
  if (known === undefined) {
    throw new UsageError(
      command === ''
        ? 'Say what to do: inspect, train, evaluate or predict; sortlab --help tells more.'
        : `There is no command “${command}”; it is one of inspect, train, evaluate and predict.`,
    );
  }
  for (const name of values.keys()) {
    if (!flags.has(name) && !known.includes(name)) throw new UsageError(`sortlab ${command} has no option --${name}.`);
  }
  const options: CommonOptions = {
    json: values.has('json'),
    threads: wholeNumber(values, 'threads', 1, maxThreads) ?? 0,
    engine: oneOf(values, 'engine', ['auto', 'simd', 'relaxed']) ?? 'auto',
  };
  switch (command) {
    case 'inspect': {
      const [data] = exactly(rest, ['DATA'], command);
      return { command, data, ...options };
    }
    case 'train': {
      const [data] = exactly(rest, ['DATA'], command);
      return { command, data, ...options, ...trainOptions(values) };
    }
    case 'evaluate': {
      const [model, data] = exactly(rest, ['MODEL', 'DATA'], command);
      return { command, model, data, ...options };
    }
    default: {
      const [model, ...images] = rest;
      if (model === undefined || images.length === 0) throw new UsageError('sortlab predict needs MODEL and IMAGE.');
      return { command: 'predict', model, images, ...options };
    }
  }
}

function separate(words: readonly string[]): { positional: string[]; values: Values } {
  const positional: string[] = [];
  const values: Values = new Map();
  const all = new Set([...flags, ...common, ...training]);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') {
      positional.push(...words.slice(index + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      positional.push(word);
      continue;
    }
    const [, name = '', inline] = /^--?([^=]*)(?:=(.*))?$/su.exec(word === '-h' ? '--help' : word) ?? [];
    if (!all.has(name) || (!word.startsWith('--') && word !== '-h')) {
      throw new UsageError(`There is no option ${word.split('=')[0] ?? word}; sortlab --help lists them.`);
    }
    if (values.has(name)) throw new UsageError(`The option --${name} is given twice.`);
    if (flags.has(name)) {
      if (inline !== undefined) throw new UsageError(`The option --${name} takes no value.`);
      values.set(name, '');
      continue;
    }
    const value = inline ?? words[++index];
    if (value === undefined || value === '') throw new UsageError(`The option --${name} needs a value.`);
    values.set(name, value);
  }
  return { positional, values };
}

function trainOptions(values: Values): TrainOptions {
  const options: TrainOptions = {
    fit: oneOf(values, 'fit', ['squeeze', 'crop']) ?? 'squeeze',
    augment: (oneOf(values, 'augment', ['on', 'off']) ?? 'on') === 'on',
    seed: wholeNumber(values, 'seed', 0, 2 ** 32 - 1) ?? 1,
  };
  const given = {
    test: values.get('test'),
    preset: values.get('preset'),
    size: wholeNumber(values, 'size', 16, 512),
    epochs: wholeNumber(values, 'epochs', 1, 10_000),
    batch: wholeNumber(values, 'batch', 1, 1024),
    lr: rate(values),
    split: split(values),
    out: values.get('out'),
  };
  return Object.assign(options, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
}

function exactly<Names extends string[]>(words: string[], names: [...Names], command: string): Names {
  if (words.length !== names.length) {
    const extra = words.length > names.length ? `, not also “${words[names.length] ?? ''}”` : '';
    throw new UsageError(`sortlab ${command} needs ${names.join(' and ')}${extra}.`);
  }
  return words as Names;
}

function wholeNumber(values: Values, name: string, least: number, most: number): number | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/u.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(`--${name} needs a whole number from ${least} to ${most}, not “${text}”.`);
  }
  return value;
}

function oneOf<T extends string>(values: Values, name: string, choices: readonly T[]): T | undefined {
  const text = values.get(name);
  if (text === undefined) return undefined;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${name} is one of ${choices.join(', ')}, not “${text}”.`);
  return choice;
}

function rate(values: Values): number | undefined {
  const text = values.get('lr');
  if (text === undefined) return undefined;
  const value = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(text) ? Number(text) : NaN;
  if (!(value > 0 && value <= 10))
    throw new UsageError(`--lr needs a number above 0, at most 10, such as 0.001, not “${text}”.`);
  return value;
}

function split(values: Values): [number, number, number] | undefined {
  const text = values.get('split');
  if (text === undefined) return undefined;
  const [, ...parts] = /^(\d{1,3})\/(\d{1,3})\/(\d{1,3})$/u.exec(text) ?? [];
  const [train = 0, validation = 0, test = 0] = parts.map(Number);
  if (parts.length !== 3 || train + validation + test !== 100 || train === 0) {
    throw new UsageError(`--split needs three percentages that add up to 100, such as 70/15/15, not “${text}”.`);
  }
  if (validation === 0) {
    throw new UsageError(`--split needs photos for the validation, which chooses the best epoch, not “${text}”.`);
  }
  return [train, validation, test];
}
