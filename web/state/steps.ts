// The five steps of the road, each a question in a person's words. The address names the step: #train.

export const stepIds = ['data', 'explore', 'train', 'evaluate', 'try'] as const;
export type StepId = (typeof stepIds)[number];

export interface Step {
  id: StepId;
  title: string;
  question: string;
}

export const steps: readonly Step[] = [
  { id: 'data', title: 'Data', question: 'What have I got?' },
  { id: 'explore', title: 'Explore', question: 'What does it look like?' },
  { id: 'train', title: 'Train', question: 'How well is it learning?' },
  { id: 'evaluate', title: 'Evaluate', question: 'What does it get wrong?' },
  { id: 'try', title: 'Try', question: 'Does it work here?' },
];

/** "#train" -> "train"; anything unknown -> "data". */
export function stepFromHash(hash: string): StepId {
  const name = hash.replace(/^#/, '');
  return stepIds.find((id) => id === name) ?? 'data';
}
