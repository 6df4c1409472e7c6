import { describe, expect, it } from 'vitest';
import { help, parseArguments, UsageError } from '../../../web/cli/arguments.ts';

const parse = (line: string) => parseArguments(line === '' ? [] : line.split(' '));

describe('command line arguments', () => {
  it('train with every option', () => {
    const line =
      'train data.zip --test t.zip --preset notebook --size 64 --fit crop --epochs 3 --batch 8 --lr 1e-3 --split 60/20/20 ' +
      '--augment off --seed 7 --threads 2 --engine simd --out m.safetensors --json';
    expect(parse(line)).toEqual({
      command: 'train',
      data: 'data.zip',
      test: 't.zip',
      preset: 'notebook',
      size: 64,
      fit: 'crop',
      epochs: 3,
      batch: 8,
      lr: 0.001,
      split: [60, 20, 20],
      augment: false,
      seed: 7,
      threads: 2,
      engine: 'simd',
      out: 'm.safetensors',
      json: true,
    });
  });

  it('leaves to the preset what is not said', () => {
    expect(parse('train data.zip')).toEqual({
      command: 'train',
      data: 'data.zip',
      fit: 'squeeze',
      augment: true,
      seed: 1,
      threads: 0,
      engine: 'auto',
      json: false,
    });
  });

  it.each([
    ['inspect d.zip --json', { command: 'inspect', data: 'd.zip', json: true }],
    ['evaluate m d.zip --threads=3', { command: 'evaluate', model: 'm', data: 'd.zip', threads: 3 }],
    ['predict m a.jpg b.jpg', { command: 'predict', model: 'm', images: ['a.jpg', 'b.jpg'] }],
    ['predict m -- -a.jpg', { command: 'predict', model: 'm', images: ['-a.jpg'] }],
    ['train --seed 0 d.zip', { command: 'train', data: 'd.zip', seed: 0 }],
    ['train d.zip --split 85/15/0', { command: 'train', split: [85, 15, 0] }],
    ['--help', { command: 'help' }],
    ['train -h', { command: 'help' }],
    ['help', { command: 'help' }],
  ])('%s', (line, expected) => expect(parse(line)).toMatchObject(expected));

  it.each([
    ['', 'Say what to do: inspect, train, evaluate or predict; sortlab --help tells more.'],
    ['tain d.zip', 'There is no command “tain”; it is one of inspect, train, evaluate and predict.'],
    ['train', 'sortlab train needs DATA.'],
    ['train a.zip b.zip', 'sortlab train needs DATA, not also “b.zip”.'],
    ['evaluate m', 'sortlab evaluate needs MODEL and DATA.'],
    ['predict m', 'sortlab predict needs MODEL and IMAGE.'],
    ['train d.zip --epoch 3', 'There is no option --epoch; sortlab --help lists them.'],
    ['train d.zip -e 3', 'There is no option -e; sortlab --help lists them.'],
    ['train d.zip --constructor', 'There is no option --constructor; sortlab --help lists them.'],
    ['inspect d.zip --epochs 3', 'sortlab inspect has no option --epochs.'],
    ['train d.zip --epochs', 'The option --epochs needs a value.'],
    ['train d.zip --epochs 1 --epochs 2', 'The option --epochs is given twice.'],
    ['train d.zip --json=yes', 'The option --json takes no value.'],
    ['train d.zip --epochs 0', '--epochs needs a whole number from 1 to 10000, not “0”.'],
    ['train d.zip --epochs 2.5', '--epochs needs a whole number from 1 to 10000, not “2.5”.'],
    ['train d.zip --epochs 1e3', '--epochs needs a whole number from 1 to 10000, not “1e3”.'],
    ['train d.zip --seed -1', '--seed needs a whole number from 0 to 4294967295, not “-1”.'],
    ['train d.zip --threads 99', '--threads needs a whole number from 1 to 8, not “99”.'],
    ['train d.zip --lr 0', '--lr needs a number above 0, at most 10, such as 0.001, not “0”.'],
    ['train d.zip --lr fast', '--lr needs a number above 0, at most 10, such as 0.001, not “fast”.'],
    ['train d.zip --lr 100', '--lr needs a number above 0, at most 10, such as 0.001, not “100”.'],
    ['train d.zip --split 70/20', '--split needs three percentages that add up to 100, such as 70/15/15, not “70/20”.'],
    [
      'train d.zip --split 70/20/20',
      '--split needs three percentages that add up to 100, such as 70/15/15, not “70/20/20”.',
    ],
    [
      'train d.zip --split 0/50/50',
      '--split needs three percentages that add up to 100, such as 70/15/15, not “0/50/50”.',
    ],
    [
      'train d.zip --split 100/0/0',
      '--split needs photos for the validation, which chooses the best epoch, not “100/0/0”.',
    ],
    ['train d.zip --augment yes', '--augment is one of on, off, not “yes”.'],
    ['train d.zip --engine gpu', '--engine is one of auto, simd, relaxed, not “gpu”.'],
  ])('%j is refused', (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
  });

  it('the help names every option', () => {
    for (const option of [
      'test',
      'preset',
      'size',
      'fit',
      'epochs',
      'batch',
      'lr',
      'split',
      'augment',
      'seed',
      'out',
      'threads',
      'engine',
      'json',
    ]) {
      expect(help).toContain(`--${option}`);
    }
  });
});
