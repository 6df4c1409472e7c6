// What a page contestant is: `setup(workload, opts)` of its module gives a job.
import { classes } from '../peer/lesson.ts';

export interface Job {
  /** One training step, one inference or one product, ended when its result is known to the page. */
  call(): Promise<unknown>;
  /** Pictures in a call. */
  items: number;
  info: { [field: string]: unknown };
}

export interface Contestant {
  setup(workload: string, opts: { [option: string]: unknown }): Promise<Job>;
}

export const classesOf = (workload: string) => (workload === 'W3' ? 1000 : classes);
export const sizeOf = (workload: string) => (workload === 'W1s' ? 96 : 224);
export const networkOf = (workload: string) => (workload === 'W3' ? 'mobilenet_v2' : 'notebook');

/** The networks' architectures, as the runner has written them down. */
export async function architectureOf(workload: string): Promise<string> {
  const response = await fetch(`/models/${networkOf(workload)}.json`);
  if (!response.ok) throw new Error('the architectures are not there');
  return response.text();
}
