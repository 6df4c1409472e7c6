// The words after scripts/bench.
import { parseArgs } from 'node:util';
import { workloadNames } from './workloads.ts';

export interface Options {
  rounds: number;
  seconds: number;
  quietSeconds: number;
  retries: number;
  /** Of W1 ... W4, 'return', 'sizes', 'kernels'. */
  only: Set<string>;
  quick: boolean;
  writeDocs: boolean;
  /** Folder of the external judge. */
  judge?: string;
}

const parts = [...workloadNames, 'return', 'sizes', 'kernels'];

/** DIR of --judge may be left out. */
function withJudgeFolder(words: readonly string[], defaultJudge: string): string[] {
  return words.flatMap((word, index) => {
    const next = words[index + 1];
    return word === '--judge' && (next === undefined || next.startsWith('--')) ? [word, defaultJudge] : [word];
  });
}

export function readOptions(words: readonly string[], defaultJudge: string): Options {
  const { values } = parseArgs({
    args: withJudgeFolder(words, defaultJudge),
    options: {
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      judge: { type: 'string' },
    },
  });
  const { quick } = values;
  const only = new Set(values.only?.split(',') ?? parts);
  for (const part of only)
    if (!parts.includes(part)) throw new Error(`--only does not know ${part}: it takes ${parts.join(', ')}`);
  const positive = (name: string, text: string | undefined, otherwise: number) => {
    const value = text === undefined ? otherwise : Number(text);
    if (!(value > 0)) throw new Error(`--${name} ${text} is not a positive number`);
    return value;
  };
  const rounds = positive('rounds', values.rounds, quick ? 1 : 3);
  if (!Number.isInteger(rounds)) throw new Error(`--rounds ${rounds} is not a whole number`);
  return {
    rounds,
    seconds: positive('seconds', values.seconds, quick ? 0.5 : 5),
    quietSeconds: quick ? 0 : 60,
    retries: quick ? 0 : 2,
    only,
    quick,
    writeDocs: values['write-docs'],
    ...(values.judge === undefined ? {} : { judge: values.judge }),
  };
}
