// Results of the built modules: values, or Errors with a code; see module-types.ts.
import { SortlabError } from '../shared/protocol.ts';
import { toWireError } from '../shared/call.ts';
import type { Fallible } from './module-types.ts';

/** The value, or throws the error as a SortlabError. */
export function unwrap<T>(value: Fallible<T>): T {
  if (!(value instanceof Error)) return value;
  const { code, message, subject } = toWireError(value);
  throw new SortlabError(code, message, subject);
}
