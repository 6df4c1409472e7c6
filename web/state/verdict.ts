import type { EpochResult } from '../shared/engine-types.ts';

export interface Verdict {
  tone: 'good' | 'note';
  text: string;
}

export interface VerdictRequest {
  history: EpochResult[];
  /** The epoch that is kept: the one with the lowest validation loss. */
  bestEpoch: number;
  /** Share of the most frequent class: what always naming it would reach. */
  chance: number;
  validationCount: number;
  running: boolean;
}

const EARLY = 3;

/**
 * What the curves say, in a sentence, as a teacher looking over a shoulder would. Looks at the epoch that is kept and at
 * validation photos only; null while there is too little to say.
 */
export function verdictOf({ history, bestEpoch, chance, validationCount, running }: VerdictRequest): Verdict | null {
  const last = history.at(-1);
  const kept = history[bestEpoch];
  if (history.length < EARLY || !last || !kept || !(chance > 0 && chance < 1) || validationCount < 1) return null;
  if (history.some(({ validationAccuracy }) => Number.isNaN(validationAccuracy))) return null;
  const better = aboveChance(kept.validationAccuracy, validationCount, chance);
  if (better === 'no') {
    return {
      tone: 'note',
      text: 'It is not better than guessing yet. Give it more epochs; if that does not help, more photos or a larger image size may.',
    };
  }
  if (better === 'unsure') {
    return {
      tone: 'note',
      text: 'There are too few validation photos to tell whether it is better than guessing. More photos would tell, and help.',
    };
  }
  const gap = Math.max(...[kept, last].map((one) => one.trainAccuracy - one.validationAccuracy));
  if (gap > 0.2) {
    return {
      tone: 'note',
      text: 'It knows its own photos much better than new ones: it is learning them by heart. More photos or augmentation help.',
    };
  }
  if (bestEpoch >= history.length - 2) {
    const text = running
      ? 'It is getting better on photos it does not learn from.'
      : 'It was still getting better at the end: more epochs would probably help.';
    return { tone: 'good', text };
  }
  if (history.length - 1 - bestEpoch >= 5) {
    if (running)
      return { tone: 'note', text: 'It has not got better for a while; you may stop, the best epoch is kept.' };
    return {
      tone: 'good',
      text: 'It has stopped getting better, so this is about what it can learn from these photos.',
    };
  }
  return { tone: 'good', text: 'It is learning, and does about as well on photos it does not learn from.' };
}

/** "yes": the whole 95 % interval lies above chance. "unsure": only the accuracy itself does. */
export function aboveChance(accuracy: number, count: number, chance: number): 'yes' | 'unsure' | 'no' {
  if (!(accuracy > chance)) return 'no';
  return wilsonLow(accuracy, count) > chance ? 'yes' : 'unsure';
}

/** Lower end of Wilson's 95 % interval (Wilson, JASA 1927) of a share of `count`; the engine gives it for tests only. */
function wilsonLow(share: number, count: number): number {
  if (count < 1) return 0;
  const z = 1.959963984540054; // 97.5 % point of the normal distribution
  const centre = share + (z * z) / (2 * count);
  const margin = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return Math.max(0, (centre - margin) / (1 + (z * z) / count));
}
