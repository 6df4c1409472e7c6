import type { EpochResult } from '../shared/engine-types.ts';

export interface Verdict {
  tone: 'good' | 'note';
  text: string;
}

const EARLY = 3;

/**
 * What the curves say, in a sentence, as a teacher looking over a shoulder would. Looks at accuracy on validation photos
 * only; null while there is too little to say.
 */
export function verdictOf(history: EpochResult[], classCount: number, running: boolean): Verdict | null {
  const checked = history.map((one) => one.validationAccuracy);
  const last = history.at(-1);
  if (history.length < EARLY || !last || classCount < 2 || checked.some((value) => Number.isNaN(value))) return null;
  const best = Math.max(...checked);
  const bestAt = checked.indexOf(best);
  const chance = 1 / classCount;
  if (best < chance * 1.3) {
    return {
      tone: 'note',
      text: 'So far it does little better than guessing. Give it more epochs; if that does not help, more photos or a larger image size may.',
    };
  }
  const gap = last.trainAccuracy - last.validationAccuracy;
  if (gap > 0.2) {
    return {
      tone: 'note',
      text: 'It knows its own photos much better than new ones: it is learning them by heart. More photos or augmentation help.',
    };
  }
  if (bestAt >= history.length - 2) {
    const text = running
      ? 'It is getting better on photos it does not learn from.'
      : 'It was still getting better at the end: more epochs would probably help.';
    return { tone: 'good', text };
  }
  if (history.length - 1 - bestAt >= 5) {
    if (running)
      return { tone: 'note', text: 'It has not got better for a while; you may stop, the best epoch is kept.' };
    return {
      tone: 'good',
      text: 'It has stopped getting better, so this is about what it can learn from these photos.',
    };
  }
  return { tone: 'good', text: 'It is learning, and does about as well on photos it does not learn from.' };
}
