import { SortlabError } from '../shared/protocol.ts';

/** Whether the user ended it: then there is nothing to complain about. */
export function isCancelled(error: unknown): boolean {
  return error instanceof SortlabError && error.code === 'cancelled';
}

/** Every failure ends in one sentence for people. */
export function sentenceOf(error: unknown): string {
  if (error instanceof SortlabError) return error.message;
  if (error instanceof Error && error.message !== '') return `Something went wrong: ${error.message}`;
  return 'Something went wrong; reload the page and try again.';
}
